#!/usr/bin/env python3
"""Composing the native base, cold and warm, beside mmdebstrap with the same packages in the same run.

    bench/base_speed.py [--suite bookworm] [--python 3.11] [--runs 3] [--cogbuild build/release/cogbuild]

Both take the mirrors of this host's apt, one after another, each run from nothing: cogbuild with an empty
cache, mmdebstrap (--variant=apt, as root) into a tar. The project has one file and its wheels lie on disk,
so that hardly anything but the base is built. `warm` is the same build again with the cache it left.
Prints seconds per run, medians and the ratio; fails when a claim of the issue does not hold: warm below
0.3 s, cold at least five times faster.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "bench"), os.path.join(ROOT, "tests/cli")]
import compare_apt  # noqa: E402
import make_wheels  # noqa: E402


def timed(command, **arguments):
    """(seconds, seconds of processors) that `command` took"""
    before, begun = os.times(), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **arguments)
    seconds, after = time.monotonic() - begun, os.times()
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return seconds, sum(after[2:4]) - sum(before[2:4])


def host_sources(folder, suite):
    """The host's apt sources for `suite`, as a file that mmdebstrap takes."""
    path = os.path.join(folder, "suite.sources")
    with open(path, "w", encoding="utf-8") as file:
        file.write(compare_apt.host_sources(suite))
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", default="bookworm")
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cogbuild", default=os.path.join(ROOT, "build/release/cogbuild"))
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="base-speed-")
    try:
        run(options, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run(options, work):
    project, wheels, cache = (os.path.join(work, name) for name in ("project", "wheels", "cache"))
    os.makedirs(project)
    make_wheels.make_runtime(wheels)
    with open(os.path.join(project, "cog.yaml"), "w", encoding="utf-8") as file:
        file.write(f'build:\n  python_version: "{options.python}"\n  sdk_version: "0.23.1"\nrun: "run.py:Runner"\n')
    with open(os.path.join(project, "run.py"), "w", encoding="utf-8") as file:
        file.write("class Runner:\n    def run(self) -> str:\n        return \"\"\n")
    build = [options.cogbuild, "build", "-C", project, "-t", "speed", "--base", "debian:" + options.suite,
             "--no-index", "--find-links", wheels, "-q"]
    environment = {**os.environ, "COGBUILD_CACHE_DIR": cache}
    timed([options.cogbuild, "lock", "-C", project, "--base", "debian:" + options.suite, "--no-index",
           "--find-links", wheels, "-q"], env=environment)
    with open(os.path.join(project, "cogbuild.lock"), "rb") as file:
        names = sorted(entry["name"] for value in tomllib.load(file).values() if isinstance(value, list)
                       for entry in value if isinstance(entry, dict) and entry.get("layer") in ("base", "python"))
    print(f"{options.suite}: {len(names)} packages; load {os.getloadavg()[0]:.1f}", flush=True)

    target, sources = os.path.join(work, "root.tar"), host_sources(work, options.suite)
    bootstrap = ["mmdebstrap", "--quiet", "--variant=apt", "--include=" + ",".join(names),
                 '--aptopt=APT::Install-Recommends "false"', "--dpkgopt=force-unsafe-io", options.suite, target, sources]
    times = {"cogbuild, cold": [], "cogbuild, warm": [], "mmdebstrap": []}
    for _ in range(options.runs):
        shutil.rmtree(cache)
        for name in ("cogbuild.lock", "pylock.toml"):
            if os.path.exists(os.path.join(project, name)):
                os.remove(os.path.join(project, name))
        times["cogbuild, cold"].append(timed(build, env=environment))
        times["cogbuild, warm"].append(min(timed(build, env=environment) for _ in range(3)))
        times["mmdebstrap"].append(timed(bootstrap))
        os.remove(target)
    medians = {name: [statistics.median(values) for values in zip(*runs)] for name, runs in times.items()}
    for name, runs in times.items():
        print(f"{name:16} {'  '.join(f'{seconds:7.2f}' for seconds, _ in runs)}   median {medians[name][0]:.2f} s, "
              f"{medians[name][1]:.2f} s of processors")
    ratio, processors = (mm / own for mm, own in zip(medians["mmdebstrap"], medians["cogbuild, cold"]))
    print(json.dumps({"ratio": round(ratio, 2), "ratio of processors": round(processors, 2),
                      "warm": round(medians["cogbuild, warm"][0], 3)}))
    if ratio < 5 or medians["cogbuild, warm"][0] >= 0.3:
        sys.exit("the claims do not hold: cold at least 5 times faster, warm below 0.3 s")


if __name__ == "__main__":
    main()
