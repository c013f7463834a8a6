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
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests/cli"))
import make_wheels  # noqa: E402


def timed(command, **arguments):
    begun = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **arguments)
    seconds = time.monotonic() - begun
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return seconds, done


def host_sources(folder, suite):
    """The host's apt sources for `suite`, as files that mmdebstrap takes."""
    with open("/etc/os-release", encoding="utf-8") as file:
        codename = dict(line.rstrip().split("=", 1) for line in file if "=" in line)["VERSION_CODENAME"]
    taken = []
    for path in ["/etc/apt/sources.list", *sorted(glob.glob("/etc/apt/sources.list.d/*.list")),
                 *sorted(glob.glob("/etc/apt/sources.list.d/*.sources"))]:
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if codename not in text:
            continue
        taken.append(os.path.join(folder, os.path.basename(path)))
        with open(taken[-1], "w", encoding="utf-8") as file:
            file.write(text.replace(codename, suite))
    return taken


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
        file.write("class Runner:\n    pass\n")
    build = [options.cogbuild, "build", "-C", project, "-t", "speed", "--base", "debian:" + options.suite,
             "--no-index", "--find-links", wheels, "-q"]
    environment = {**os.environ, "COGBUILD_CACHE_DIR": cache}
    timed([options.cogbuild, "lock", "-C", project, "--base", "debian:" + options.suite, "--no-index",
           "--find-links", wheels, "-q"], env=environment)
    with open(os.path.join(project, "cogbuild.lock"), encoding="utf-8") as file:
        names = [line.split('"')[1] for line in file if line.startswith("name = ")]
    print(f"{options.suite}: {len(names)} packages")

    times = {"cogbuild, cold": [], "cogbuild, warm": [], "mmdebstrap": []}
    sources = host_sources(work, options.suite)
    target = os.path.join(work, "root.tar")
    for _ in range(options.runs):
        shutil.rmtree(cache)
        for name in ("cogbuild.lock", "pylock.toml"):
            if os.path.exists(os.path.join(project, name)):
                os.remove(os.path.join(project, name))
        times["cogbuild, cold"].append(timed(build, env=environment)[0])
        times["cogbuild, warm"].append(min(timed(build, env=environment)[0] for _ in range(3)))
        times["mmdebstrap"].append(timed(
            ["mmdebstrap", "--quiet", "--variant=apt", "--include=" + ",".join(names),
             "--aptopt=APT::Install-Recommends \"false\"", "--dpkgopt=force-unsafe-io", options.suite, target,
             *sources])[0])
        os.remove(target)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:16} {'  '.join(f'{value:7.2f}' for value in values)}   median {medians[name]:.2f} s")
    ratio = medians["mmdebstrap"] / medians["cogbuild, cold"]
    print(json.dumps({"ratio": round(ratio, 2), "warm": round(medians["cogbuild, warm"], 3)}))
    if ratio < 5 or medians["cogbuild, warm"] >= 0.3:
        sys.exit("the claims do not hold: cold at least 5 times faster, warm below 0.3 s")


if __name__ == "__main__":
    main()
