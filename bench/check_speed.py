#!/usr/bin/env python3
"""Measures how long `cogbuild check` takes on a project with 200 Python files (bound: 100 ms).

    bench/check_speed.py [--runs 20] [--files 200] [--cogbuild build/release/cogbuild] [--keep DIR]

The files are modules of Python's standard library of 2 to 20 KB, some 8 KB on average, beside a predictor, weights that
are downloaded at run time, and requirements. Each run is a process of its own, with every file in the page cache;
printed are minimum, median and maximum in milliseconds, and the bytes of Python.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BOUND_MS = 100
SMALLEST, LARGEST = 2_000, 20_000

COG_YAML = """\
build:
  gpu: true
  python_version: "3.11"
  python_requirements: requirements.txt
  system_packages: [ffmpeg, libgl1]
run: "predict.py:Predictor"
"""
REQUIREMENTS = "torch==2.4.1\ndiffusers==0.30.0\ntransformers==4.44.0\npillow\nopencv-python==4.10.0.84\nrequests\n"
PREDICT = '''\
import subprocess

import cv2
import torch
from cog import BasePredictor, Input, Path
from diffusers import StableDiffusionPipeline
from PIL import Image


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.pipe = StableDiffusionPipeline.from_pretrained("stabilityai/stable-diffusion-2-1").to("cuda")
        subprocess.check_call(["pget", "-x", "https://weights.example/more.tar", "weights"])

    def predict(
        self,
        prompt: str = Input(description="What to see", default="a cat"),
        image: Path = Input(description="A picture to begin with"),
        steps: int = Input(default=50),
        cfg: float = Input(description="CFG", default=7.5),
    ) -> Path:
        picture = Image.open(image).resize((512, 512))
        other = cv2.imread(str(image))
        return Path(self.pipe(prompt, picture, other, steps, cfg))
'''


def modules(count):
    """Paths and contents of modules of the standard library, the same ones each time."""
    library = sysconfig.get_paths()["stdlib"]
    found = []
    for folder, folders, names in os.walk(library):
        folders[:] = sorted(set(folders) - {"test", "tests", "site-packages", "dist-packages", "__pycache__", "idlelib"})
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(".py") and SMALLEST <= os.path.getsize(path) <= LARGEST:
                found.append(path)
    if len(found) < count:
        sys.exit(f"{library} has only {len(found)} modules of that size")
    step = len(found) / count
    for path in (found[int(index * step)] for index in range(count)):
        with open(path, "rb") as file:
            yield os.path.relpath(path, library), file.read()


def make_project(directory, count):
    files = {"cog.yaml": COG_YAML.encode(), "requirements.txt": REQUIREMENTS.encode(), "predict.py": PREDICT.encode()}
    for name, content in modules(count - 1):
        files[os.path.join("package", name)] = content
    for name, content in files.items():
        path = os.path.join(directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    return sum(len(content) for name, content in files.items() if name.endswith(".py"))


def run(cogbuild, directory):
    start = time.monotonic()
    done = subprocess.run([cogbuild, "check", "-C", directory], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    took = time.monotonic() - start
    if done.returncode not in (0, 5):
        sys.exit(f"cogbuild failed:\n{done.stderr.decode(errors='replace')}")
    return took * 1000, done.stdout.decode(errors="replace").splitlines()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--cogbuild", default=os.path.join(ROOT, "build/release/cogbuild"))
    parser.add_argument("--keep", help="make the project here, and leave it")
    arguments = parser.parse_args()
    directory = arguments.keep or tempfile.mkdtemp(prefix="check-speed-")
    try:
        size = make_project(directory, arguments.files)
        run(arguments.cogbuild, directory)
        times, summaries = zip(*(run(arguments.cogbuild, directory) for _ in range(arguments.runs)))
    finally:
        if not arguments.keep:
            shutil.rmtree(directory, ignore_errors=True)
    median = statistics.median(times)
    print(f"{arguments.files} Python files, {size / 1e6:.2f} MB: {summaries[0]}")
    print(f"minimum {min(times):.1f} ms, median {median:.1f} ms, maximum {max(times):.1f} ms; bound {BOUND_MS} ms")
    return 0 if median < BOUND_MS else 1


if __name__ == "__main__":
    sys.exit(main())
