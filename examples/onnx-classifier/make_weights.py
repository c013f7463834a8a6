#!/usr/bin/env python3
"""Writes weights/model.onnx: a two-layer classifier with random weights, one label a line of labels.txt.

The protobuf is encoded by hand, so that nothing but Python is needed. The same bytes come out on
every machine. About 12.6 MB, enough to count as weights.
"""
import os
import random
import struct

PIXELS, HIDDEN, LABELS = 64 * 64 * 3, 256, 16
FLOAT, TENSOR_FLOAT = 1, 1  # TensorProto.FLOAT, as element type and as data type


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def message(field, *parts):
    body = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return varint(field << 3 | 2) + varint(len(body)) + body


def random_tensor(name, shape, scale, generator):
    """TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9."""
    count = 1
    for side in shape:
        count *= side
    # randbytes, not gauss: the same on every platform, and fast. Two bytes make a uniform float.
    raw = struct.unpack(f"<{count}H", generator.randbytes(2 * count))
    data = struct.pack(f"<{count}f", *((value / 32767.5 - 1) * scale for value in raw))
    return b"".join(number(1, side) for side in shape) + number(2, TENSOR_FLOAT) + message(8, name) + \
        message(9, data)


def node(operator, inputs, outputs, *attributes):
    """NodeProto: input = 1, output = 2, name = 3, op_type = 4, attribute = 5."""
    return b"".join(message(1, name) for name in inputs) + b"".join(message(2, name) for name in outputs) + \
        message(3, outputs[0]) + message(4, operator) + b"".join(message(5, a) for a in attributes)


def integer_attribute(name, value):
    """AttributeProto: name = 1, i = 3, type = 20 (INT = 2)."""
    return message(1, name) + number(3, value) + number(20, 2)


def value_info(name, shape):
    """ValueInfoProto: name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 } } }."""
    dims = b"".join(message(1, number(1, side)) for side in shape)
    return message(1, name) + message(2, message(1, number(1, FLOAT), message(2, dims)))


def model():
    generator = random.Random(20240501)
    graph = [
        message(1, node("MatMul", ["pixels", "weight_1"], ["hidden_sum"])),
        message(1, node("Add", ["hidden_sum", "bias_1"], ["hidden_biased"])),
        message(1, node("Relu", ["hidden_biased"], ["hidden"])),
        message(1, node("MatMul", ["hidden", "weight_2"], ["logits_sum"])),
        message(1, node("Add", ["logits_sum", "bias_2"], ["logits"])),
        message(1, node("Softmax", ["logits"], ["probabilities"], integer_attribute("axis", 1))),
        message(2, "classifier"),
        message(5, random_tensor("weight_1", (PIXELS, HIDDEN), 0.02, generator)),
        message(5, random_tensor("bias_1", (HIDDEN,), 0.02, generator)),
        message(5, random_tensor("weight_2", (HIDDEN, LABELS), 0.1, generator)),
        message(5, random_tensor("bias_2", (LABELS,), 0.1, generator)),
        message(11, value_info("pixels", (1, PIXELS))),
        message(12, value_info("probabilities", (1, LABELS))),
    ]
    # ModelProto: ir_version = 1, producer_name = 2, graph = 7, opset_import = 8 { domain = 1, version = 2 }.
    return number(1, 8) + message(2, "make_weights") + message(7, *graph) + \
        message(8, message(1, "") + number(2, 13))


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "weights")
    os.makedirs(folder, exist_ok=True)
    content = model()
    partial = os.path.join(folder, ".model.onnx")
    with open(partial, "wb") as file:
        file.write(content)
    os.replace(partial, os.path.join(folder, "model.onnx"))
    print(f"weights/model.onnx: {len(content)} bytes")


if __name__ == "__main__":
    main()
