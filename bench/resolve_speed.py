#!/usr/bin/env python3
"""Measures how long resolving takes beside uv, from the default index.

    bench/resolve_speed.py [FILE ...] [--mode warm cold unchanged] [--runs 5] [--python 3.11] [--scratch DIR]
                           [--uv uv] [--cogbuild build/release/cogbuild] [--exclude-newer TIME]

FILE: requirements files (default: bench/data/ml_requirements.txt and bench/data/large_closure.txt).
  cold       caches are empty before each run
  warm       caches are full and index pages are fresh; there is no earlier lock
  unchanged  cogbuild alone: the lock is there and fits (bound: 20 ms)
Runs alternate between the two programs; printed are wall seconds (minimum, median, maximum), the median CPU seconds
and the ratio of the medians. Both take wheels only, for CPython on linux x86_64, glibc 2.36, torch as the default
index has it. uv is told which Python to look at, so that it need not search for one.
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Program:
    def __init__(self, name, command, cache, lock, variable):
        self.name, self.command, self.cache, self.lock = name, command, cache, lock
        self.environment = {**os.environ, variable: cache}

    def run(self):
        """(wall seconds, CPU seconds)"""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        done = subprocess.run(self.command, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit(f"{self.name} failed:\n{done.stderr.decode(errors='replace')}")
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def forget(self, cold):
        if os.path.exists(self.lock):
            os.remove(self.lock)
        if cold:
            shutil.rmtree(self.cache, ignore_errors=True)


def programs(arguments, path, scratch):
    cutoff = ["--exclude-newer", arguments.exclude_newer] if arguments.exclude_newer else []
    lock = os.path.join(scratch, "pylock.toml")
    yield Program("cogbuild", [arguments.cogbuild, "lock", "-q", "-r", path, "-o", lock, "--python", arguments.python,
                               "--libc", "glibc:2.36", "--arch", "x86_64", "--no-build", "--torch-backend", "none",
                               "--no-opencv-headless", *cutoff],
                  os.path.join(scratch, "cogbuild-cache"), lock, "COGBUILD_CACHE_DIR")
    lock = os.path.join(scratch, "requirements.lock")
    yield Program("uv", [arguments.uv, "pip", "compile", path, "-q", "-o", lock, "--no-build", "--python",
                         sys.executable, "--python-version", arguments.python, "--python-platform",
                         "x86_64-manylinux_2_36", "--no-header", "--no-annotate", *cutoff],
                  os.path.join(scratch, "uv-cache"), lock, "UV_CACHE_DIR")


def measure(arguments, path, mode, scratch):
    both = list(programs(arguments, path, scratch))
    if mode == "unchanged":
        both = both[:1]
    if mode != "cold":
        for program in both:
            program.run()
    taken = {program.name: [] for program in both}
    for _ in range(arguments.runs if mode != "unchanged" else 4 * arguments.runs):
        for program in both:
            if mode != "unchanged":
                program.forget(mode == "cold")
            taken[program.name].append(program.run())
    name = os.path.splitext(os.path.basename(path))[0]
    medians = {}
    for program in both:
        wall = [one for one, _ in taken[program.name]]
        medians[program.name] = statistics.median(wall)
        print(f"{name:18} {mode:10} {program.name:9} {min(wall):7.3f} {medians[program.name]:7.3f} {max(wall):7.3f} "
              f"{statistics.median(cpu for _, cpu in taken[program.name]):7.3f}", flush=True)
    if len(both) == 2:
        print(f"{name:18} {mode:10} cogbuild / uv: {medians['cogbuild'] / medians['uv']:.2f}", flush=True)


def main():
    data = os.path.join(ROOT, "bench/data")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="*", default=[os.path.join(data, "ml_requirements.txt"),
                                                    os.path.join(data, "large_closure.txt")])
    parser.add_argument("--mode", nargs="+", choices=["warm", "cold", "unchanged"],
                        default=["cold", "warm", "unchanged"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--exclude-newer")
    parser.add_argument("--scratch", help="where caches are made (default: a temporary directory)")
    parser.add_argument("--uv", default="uv")
    parser.add_argument("--cogbuild", default=os.path.join(ROOT, "build/release/cogbuild"))
    arguments = parser.parse_args()
    arguments.cogbuild = os.path.abspath(arguments.cogbuild)
    version = subprocess.run([arguments.uv, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"{version}; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {arguments.runs} runs in turn")
    print(f"{'file':18} {'mode':10} {'program':9} {'min':>7} {'median':>7} {'max':>7} {'cpu':>7}")
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        for path in arguments.file:
            for mode in arguments.mode:
                directory = os.path.join(scratch, os.path.basename(path))
                os.makedirs(directory, exist_ok=True)
                measure(arguments, os.path.abspath(path), mode, directory)


if __name__ == "__main__":
    main()
