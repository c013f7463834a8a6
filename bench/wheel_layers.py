#!/usr/bin/env python3
"""Measures the layers that cogbuild makes from wheels: size, time to unpack, CPU to make.

    bench/wheel_layers.py [--large WHEEL] [--scratch build/bench] [--cogbuild build/release/cogbuild] [--runs 3]

Two wheels: one of large libraries (WHEEL, or one made of the machine's own shared libraries) and one of 30,000
small files. For each the layer is taken out of a built image and compared with the wheel itself, with `gzip -6` of
the same tar and with what must be done at the least:
  floor CPU = one inflate of the wheel's own streams (libdeflate) + SHA-256 of the tar and of the layer (openssl)
              + compressing what is not already compressed in the wheel (libdeflate-gzip -6; gzip -6 without it)
Needs: gzip pigz isal openssl, better with libdeflate-tools.
"""
import argparse
import ctypes
import gzip
import hashlib
import io
import os
import random
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tarfile
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests/cli"))
sys.dont_write_bytecode = True
import base  # noqa: E402
import make_wheels  # noqa: E402
import oci  # noqa: E402
from index_server import IndexServer  # noqa: E402

SMALL_FILE = 16 * 1024  # compressed bytes; members above keep the wheel's own stream


def large_wheel(directory):
    """150 MB of this machine's shared libraries, largest first."""
    found = []
    for folder, _, names in os.walk("/usr/lib/x86_64-linux-gnu"):
        for name in names:
            path = os.path.join(folder, name)
            if ".so" in name and os.path.isfile(path) and not os.path.islink(path):
                found.append((-os.path.getsize(path), path))
    files, total = {}, 0
    for size, path in sorted(found):
        if total - size > 150_000_000:
            continue
        with open(path, "rb") as file:
            files[f"large_libs/{len(files)}_{os.path.basename(path)}"] = file.read()
        total -= size
    return make_wheels.make_wheel(directory, "large-libs", "1.0", files, tag="cp311-cp311-linux_x86_64")


def small_files_wheel(directory):
    """30,000 text files of 200 to 6,000 bytes, as in a large pure-Python distribution."""
    generator = random.Random(11)
    words = [f"{''.join(generator.choices('abcdefghijklmnopqrstuvwxyz', k=generator.randint(3, 9)))}" for _ in range(3000)]
    files = {}
    for number in range(30_000):
        lines = []
        for _ in range(generator.randint(4, 60)):
            a, b, c = generator.choices(words, k=3)
            lines.append(f"    {a}_{b} = self.{c}({generator.randint(0, 10**6)}, {b}={a!r})")
        files[f"small_files/part_{number % 250:03}/module_{number:05}.py"] = \
            f"def function_{number}(self):\n" + "\n".join(lines) + "\n"
    return make_wheels.make_wheel(directory, "small-files", "1.0", files)


def cpu_of(command, stdin=None):
    """CPU and wall seconds of a command, output thrown away."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def median_of(runs, command):
    measured = [cpu_of(command) for _ in range(runs)]
    return [statistics.median(values) for values in zip(*measured)]


def solid_part(wheel, tar, path):
    """Writes what the layer must compress itself: headers, padding and small files."""
    with zipfile.ZipFile(wheel) as archive:
        kept = {info.filename for info in archive.infolist()
                if info.compress_size >= SMALL_FILE and info.compress_type == zipfile.ZIP_DEFLATED}
    with open(path, "wb") as out, tarfile.open(fileobj=io.BytesIO(tar)) as layer:
        position = 0
        for member in layer:
            name = member.name.split("dist-packages/")[-1]
            if name in kept:
                out.write(tar[position:member.offset_data])
                position = member.offset_data + member.size
        out.write(tar[position:])


def inflate_once(wheel, runs):
    """CPU seconds to inflate every member of a wheel, by libdeflate; the calls' own cost is taken off."""
    library = ctypes.CDLL("libdeflate.so.0")
    library.libdeflate_alloc_decompressor.restype = ctypes.c_void_p
    inflate, nothing = library.libdeflate_deflate_decompress, library.libdeflate_adler32
    inflate.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
    nothing.argtypes = [ctypes.c_uint32, ctypes.c_void_p, ctypes.c_size_t]
    with open(wheel, "rb") as file:
        data = file.read()
    members = []
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            if info.compress_type == zipfile.ZIP_DEFLATED:
                names = struct.unpack_from("<HH", data, info.header_offset + 26)
                members.append((info.header_offset + 30 + sum(names), info.compress_size, info.file_size))
    packed = ctypes.create_string_buffer(data, len(data))
    start, out = ctypes.addressof(packed), ctypes.create_string_buffer(max(size for _, _, size in members) + 1)
    handle, times = library.libdeflate_alloc_decompressor(), []
    for _ in range(runs):
        begun = time.process_time()
        for offset, packed_size, size in members:
            if inflate(handle, start + offset, packed_size, out, size, None):
                sys.exit(f"{wheel} is damaged")
        middle = time.process_time()
        for offset, _, _ in members:
            if nothing(1, start + offset, 0) != 1:
                sys.exit("adler32 of nothing is not 1")
        times.append(middle - begun - (time.process_time() - middle))
    return statistics.median(times)


def measure(wheel, options, floor_tool):
    name, version = os.path.basename(wheel).split("-")[:2]
    scratch = os.path.join(options.scratch, "wheels")
    shutil.rmtree(scratch, ignore_errors=True)
    index, project, image = (os.path.join(scratch, part) for part in ("index", "project", "image"))
    os.makedirs(project)
    make_wheels.make_runtime(index)
    shutil.copy(wheel, index)
    base.make_base(os.path.join(scratch, "base"))
    for file_name, text in {"cog.yaml": 'build:\n  python_version: "3.11"\n  python_requirements: requirements.txt\n'
                                        '  sdk_version: "0.23.1"\nrun: "run.py:Runner"\n',
                            "run.py": "class Runner:\n    def run(self) -> str:\n        return \"\"\n", "requirements.txt": f"{name}=={version}\n",
                            "empty.txt": ""}.items():
        with open(os.path.join(project, file_name), "w", encoding="utf-8") as file:
            file.write(text)
    env = {"PATH": os.environ["PATH"], "HOME": scratch, "PIP_CONFIG_FILE": os.devnull, "LANG": "C.UTF-8"}

    with IndexServer(index) as server:
        def build(*extra, cache):
            command = [options.cogbuild, "build", "-C", project, "-t", "model", "--base", "oci:" + os.path.join(scratch, "base"),
                       "--index-url", server.url, "--compression", "gzip", "--openapi-schema",
                       os.path.join(ROOT, "examples/hello-world/openapi_schema.json"), *extra]
            os.environ.update(env, COGBUILD_CACHE_DIR=os.path.join(scratch, cache))
            return cpu_of(command)

        makes, nothing = [], []
        for _ in range(options.runs):
            shutil.rmtree(os.path.join(scratch, "cache"), ignore_errors=True)
            build("--plan", cache="cache")  # resolves, and may fetch
            with_wheel = build(cache="cache")[0]
            nothing.append(build(cache="cache")[0])
            makes.append(with_wheel)
        build("--output", "oci:" + image, cache="cache")

    layer = oci.Layout(image).layer_of(f"usr/local/lib/python3.11/dist-packages/{name}-{version}.dist-info/WHEEL")
    tar = layer.tar_bytes()
    assert "sha256:" + hashlib.sha256(tar).hexdigest() == layer.diff_id
    tar_path, solid, again = (os.path.join(scratch, part) for part in ("layer.tar", "solid", "again.gz"))
    with open(tar_path, "wb") as file:
        file.write(tar)
    solid_part(wheel, tar, solid)
    with open(again, "wb") as file:
        subprocess.run(["gzip", "-6nc", tar_path], stdout=file, check=True)
    blob = os.path.join(scratch, "layer.gz")
    shutil.copy(layer.path, blob)
    with gzip.open(blob) as file:
        assert hashlib.sha256(file.read()).hexdigest() == layer.diff_id[7:]

    inflate = inflate_once(wheel, options.runs)
    hashing = sum(median_of(options.runs, ["openssl", "dgst", "-sha256", path])[0] for path in (tar_path, blob))
    compressing = median_of(options.runs, [*floor_tool, solid])[0]
    floor = inflate + hashing + compressing
    make = statistics.median(makes) - statistics.median(nothing)
    pigz, pigz_again = (median_of(options.runs, ["pigz", "-dc", path])[1] for path in (blob, again))
    wheel_bytes, gzip_bytes = os.path.getsize(wheel), os.path.getsize(again)
    print(f"\n### {name}: {len(tar) / 1e6:.1f} MB unpacked, wheel {wheel_bytes / 1e6:.1f} MB\n")
    print("| what | layer | compared with | ratio |\n| --- | ---: | ---: | ---: |")
    rows = [
        ("size against the wheel, MB", layer.size / 1e6, wheel_bytes / 1e6),
        ("size against gzip -6 of the same tar, MB", layer.size / 1e6, gzip_bytes / 1e6),
        ("pigz -d, wall s, against the gzip -6 one", pigz, pigz_again),
        ("gzip -d, wall s, against the gzip -6 one", *(median_of(options.runs, ["gzip", "-dc", path])[1] for path in (blob, again))),
        ("igzip -d, wall s, against the gzip -6 one", *(median_of(options.runs, ["igzip", "-dc", path])[1] for path in (blob, again))),
        (f"CPU to make, s, against the floor ({inflate:.2f} inflate + {hashing:.2f} SHA-256 + {compressing:.2f} deflate)", make, floor),
    ]
    for title, value, reference in rows:
        print(f"| {title} | {value:.3f} | {reference:.3f} | {value / reference:.3f} |")
    return {"wheel": layer.size / wheel_bytes, "gzip": layer.size / gzip_bytes, "pigz": pigz / pigz_again, "cpu": make / floor}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", type=os.path.abspath)
    parser.add_argument("--scratch", type=os.path.abspath, default=os.path.join(ROOT, "build/bench"))
    parser.add_argument("--cogbuild", type=os.path.abspath, default=os.path.join(ROOT, "build/release/cogbuild"))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    floor_tool = ["libdeflate-gzip", "-6", "-c"] if shutil.which("libdeflate-gzip") else ["gzip", "-6c"]
    wheels = os.path.join(options.scratch, "made-wheels")
    large = measure(options.large or large_wheel(wheels), options, floor_tool)
    small = measure(small_files_wheel(wheels), options, floor_tool)
    limits = [
        ("large libraries: size against the wheel", abs(large["wheel"] - 1) + 1, 1.01),
        ("30,000 small files: size against gzip -6", small["gzip"], 1.02),
        ("30,000 small files: pigz -d against that of gzip -6", small["pigz"], 2),
        ("large libraries: CPU against the floor", large["cpu"], 1.3),
        ("30,000 small files: CPU against the floor", small["cpu"], 1.3),
    ]
    print("\n| limit | measured | bound | |\n| --- | ---: | ---: | --- |")
    for name, value, limit in limits:
        print(f"| {name} | {value:.3f} | <= {limit} | {'kept' if value <= limit else '**exceeded**'} |")
    return 0 if all(value <= limit for _, value, limit in limits) else 1


if __name__ == "__main__":
    sys.exit(main())
