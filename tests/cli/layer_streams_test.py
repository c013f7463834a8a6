"""Layers made from wheels are read the same by every tool that unpacks images."""
import gzip
import hashlib
import os
import random
import subprocess
import unittest

import make_wheels
import oci
from cli_test_case import CliTestCase

READERS = {"gzip": ["gzip", "-dc"], "pigz": ["pigz", "-dc"], "igzip": ["igzip", "-dc"]}


def wheel_of_large_and_small_files():
    """Files around every threshold that splitting a layer into gzip members could have."""
    generator = random.Random(7)
    files = {"big_lib/__init__.py": ""}
    for size in (0, 1, 511, 512, 513, 16383, 16384, 16385, 70000, 3_000_000):
        files[f"big_lib/random_{size}.bin"] = generator.randbytes(size)
        files[f"big_lib/zeros_{size}.bin"] = bytes(size)
        files[f"big_lib/text_{size}.txt"] = (b"the quick brown fox %d\n" % size * (size // 20 + 1))[:size]
    for number in range(600):
        files[f"big_lib/many/module_{number:03}.py"] = f"VALUE = {generator.random()}\n" * (number % 40)
    return files


class LayerStreamsTest(CliTestCase):
    def setUp(self):
        super().setUp()
        make_wheels.make_wheel(self.wheels, "big-lib", "1.0", wheel_of_large_and_small_files())
        stored = make_wheels.make_wheel(self.wheels, "stored-lib", "1.0")
        make_wheels.write_zip(stored, make_wheels.wheel_entries(
            "stored-lib", "1.0", {"stored_lib/__init__.py": "", "stored_lib/a.bin": bytes(range(256)) * 500}), 0)
        self.write_project({"requirements.txt": "big-lib==1.0\nstored-lib==1.0\n",
                            "weights/model.safetensors": random.Random(3).randbytes(12_000_000)})

    def checked(self, layer, command):
        done = subprocess.run(command + [layer.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""), command)
        self.assertEqual("sha256:" + hashlib.sha256(done.stdout).hexdigest(), layer.diff_id, command)

    def test_gzip_layers(self):
        image = self.build_layout("--compression", "gzip")
        gzipped = [layer for layer in image.layers if layer.media_type == oci.GZIP]
        self.assertGreaterEqual(len(gzipped), 3)
        for layer in gzipped:
            name = subprocess.run(["sha256sum", layer.path], stdout=subprocess.PIPE, text=True, check=True).stdout
            self.assertEqual("sha256:" + name.split()[0], layer.digest)
            self.assertEqual(os.path.getsize(layer.path), layer.size)
            with gzip.open(layer.path) as file:
                self.assertEqual("sha256:" + hashlib.sha256(file.read()).hexdigest(), layer.diff_id)
            for command in READERS.values():
                self.checked(layer, command)

    def test_zstd_layers(self):
        image = self.build_layout("--compression", "zstd")
        layers = [layer for layer in image.layers if layer.media_type == oci.ZSTD]
        self.assertGreaterEqual(len(layers), 2)
        for layer in layers:
            self.checked(layer, ["zstd", "-dcq"])

    def test_uncompressed_layers(self):
        image = self.build_layout("--compression", "none")
        layers = [layer for layer in image.layers[1:] if layer.media_type == oci.PLAIN]
        self.assertGreaterEqual(len(layers), 2)
        for layer in layers:
            self.assertEqual(layer.digest, layer.diff_id)

    def test_the_tar_is_the_same_under_every_compression(self):
        diff_ids = [self.build_layout("--compression", kind).config["rootfs"]["diff_ids"]
                    for kind in ("auto", "gzip", "zstd", "none")]
        self.assertEqual(diff_ids, diff_ids[:1] * 4)

    def test_files_come_out_as_they_went_in(self):
        image = self.build_layout()
        for name, content in wheel_of_large_and_small_files().items():
            path = "usr/local/lib/python3.11/dist-packages/" + name
            layer = image.layer_of(path)
            self.assertIsNotNone(layer, path)
            if isinstance(content, bytes):
                self.assertEqual(layer.read(path), content, name)

    def test_a_wheel_layer_is_not_larger_than_gzip_would_make_it(self):
        image = self.build_layout("--compression", "gzip")
        layer = image.layer_of("usr/local/lib/python3.11/dist-packages/big_lib/__init__.py")
        again = subprocess.run(["gzip", "-6n"], input=layer.tar_bytes(), stdout=subprocess.PIPE, check=True).stdout
        self.assertLess(layer.size, len(again) * 1.02 + 4096)

    def test_weights_lie_uncompressed_when_compressing_does_not_pay(self):
        layer = self.build_layout().layer_of("src/weights/model.safetensors")
        self.assertLess(abs(layer.size - 12_000_000), 20_000)


if __name__ == "__main__":
    unittest.main()
