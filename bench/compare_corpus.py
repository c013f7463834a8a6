#!/usr/bin/env python3
"""Compares cogbuild's pins with uv's on requirements of real projects.

    bench/compare_corpus.py CORPUS [--python 3.11 3.13] [--exclude-newer 2026-06-01T00:00:00Z] [--results DIR]
                            [--uv uv] [--cogbuild build/release/cogbuild] [--only NAME ...] [--peer-only]

CORPUS has a folder per project with its cog.yaml and perhaps a requirements.txt; bench/data/corpus_sets.txt says
which count. Both sides resolve for CPython on linux x86_64, glibc 2.36, from the default index, wheels only
(`--no-build`; with --sources, source archives too: uv builds those whose metadata is not static, cogbuild names
them), torch as that index has it, OpenCV under the names asked for. Lines that name another host (git, a
URL) and index options are dropped on both sides. uv's answers are kept in DIR (default: a folder of the user's
cache), so that another run asks the index little.

A set whose pins differ is put to uv once more with our pins as constraints: `valid` when uv accepts exactly them.
Exit status: 0 when every set is the same, fails on both sides or waits for a build; 1 otherwise.
"""
import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def listed_packages(text):
    """The items of `python_packages` in a cog.yaml; enough of YAML for the files there are."""
    found, inside, depth = [], False, 0
    for line in text.splitlines():
        stripped = line.strip()
        if re.match(r"python_packages\s*:", stripped):
            inside, depth = True, len(line) - len(line.lstrip())
        elif inside and stripped.startswith("- "):
            item = stripped[2:].strip()
            quoted = re.match(r"([\"'])(.*?)\1", item)
            found.append(quoted.group(2) if quoted else re.sub(r"\s+#.*", "", item))
        elif inside and stripped and not stripped.startswith("#") and len(line) - len(line.lstrip()) <= depth:
            inside = False
    return found


def read_set(directory):
    """(lines that count, lines dropped)"""
    with open(os.path.join(directory, "cog.yaml"), encoding="utf-8") as file:
        lines = listed_packages(file.read())
    path = os.path.join(directory, "requirements.txt")
    if os.path.exists(path):
        with open(path, encoding="utf-8-sig") as file:
            lines += file.read().splitlines()
    kept, dropped = [], []
    for line in lines:
        line = re.sub(r"(^|\s+)#.*", "", line).strip()
        bare = re.sub(r"\s+--?[a-z].*", "", line)  # options behind a requirement
        if not bare or bare.startswith("-"):
            dropped += [line] if line else []
        elif "://" in bare or bare.startswith((".", "/")):
            dropped.append(line)
        else:
            kept.append(bare)
            dropped += [line] if bare != line else []
    return kept, dropped


def normalize(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def uv_pins(text):
    return {normalize(name): version
            for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", text)}


class Peer:
    def __init__(self, binary, directory, cutoff, sources):
        self.binary, self.directory, self.cutoff, self.sources = binary, directory, cutoff, sources
        os.makedirs(directory, exist_ok=True)
        self.version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def resolve(self, lines, python, constraints=()):
        """{"pins": …} or {"error": …}, with "seconds"; from what is kept where possible."""
        question = json.dumps([self.version, self.cutoff, python, sorted(lines), sorted(constraints)] + self.sources * ["sources"])
        path = os.path.join(self.directory, hashlib.sha256(question.encode()).hexdigest()[:24] + ".json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return json.load(file)
        answer = self._ask(lines, python, constraints)
        network = ("Failed to fetch", "error sending request", "timed out")
        if not any(text in answer.get("error", "") for text in network):
            with open(path, "w", encoding="utf-8") as file:
                json.dump(answer, file)
        return answer

    def _ask(self, lines, python, constraints):
        with tempfile.TemporaryDirectory() as scratch:
            write_lines(os.path.join(scratch, "requirements.txt"), lines)
            command = [self.binary, "pip", "compile", "requirements.txt", "--quiet", "--no-header", "--no-annotate",
                       "--python", sys.executable, "--python-version", python,
                       "--python-platform", "x86_64-manylinux_2_36", "--exclude-newer", self.cutoff]
            command += [] if self.sources else ["--no-build"]
            if constraints:
                write_lines(os.path.join(scratch, "constraints.txt"), constraints)
                command += ["-c", "constraints.txt"]
            start = time.monotonic()
            done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
        seconds = time.monotonic() - start
        if done.returncode:
            return {"error": done.stderr.strip(), "seconds": seconds}
        return {"pins": uv_pins(done.stdout), "seconds": seconds}


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)


def ask_cogbuild(binary, lines, python, cutoff, sources):
    with tempfile.TemporaryDirectory() as scratch:
        write_lines(os.path.join(scratch, "requirements.txt"), lines)
        command = [binary, "lock", "-r", "requirements.txt", "-o", "pylock.toml", "--python", python, "--libc",
                   "glibc:2.36", "--arch", "x86_64", "--exclude-newer", cutoff, "--torch-backend", "none",
                   "--no-opencv-headless"]
        command += [] if sources else ["--no-build"]
        start = time.monotonic()
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
        seconds = time.monotonic() - start
        path = os.path.join(scratch, "pylock.toml")
        if done.returncode or not os.path.exists(path):
            return {"error": done.stderr.strip() or f"exit {done.returncode}", "seconds": seconds}
        with open(path, "rb") as file:
            packages = tomllib.load(file)["packages"]
    return {"pins": {normalize(one["name"]): one["version"] for one in packages}, "seconds": seconds}


def difference(ours, theirs):
    lines = []
    for name in sorted(set(ours) | set(theirs)):
        if ours.get(name) != theirs.get(name):
            lines.append(f"{name}: cogbuild {ours.get(name, 'none')}, uv {theirs.get(name, 'none')}")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--python", nargs="+", default=["3.11", "3.13"])
    parser.add_argument("--exclude-newer", default="2026-06-01T00:00:00Z")
    parser.add_argument("--results", default=os.path.expanduser("~/.cache/cogbuild-corpus"))
    parser.add_argument("--uv", default="uv")
    parser.add_argument("--cogbuild", default=os.path.join(ROOT, "build/release/cogbuild"))
    parser.add_argument("--only", nargs="+", help="these folders alone")
    parser.add_argument("--sources", action="store_true", help="source archives count, too")
    parser.add_argument("--peer-only", action="store_true", help="only ask uv, and say what it found")
    arguments = parser.parse_args()
    with open(os.path.join(ROOT, "bench/data/corpus_sets.txt"), encoding="utf-8") as file:
        names = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    peer = Peer(arguments.uv, arguments.results, arguments.exclude_newer, arguments.sources)
    print(f"{peer.version}, nothing newer than {arguments.exclude_newer}, "
          f"{'wheels and sources' if arguments.sources else 'wheels only'}\n")
    print(f"{'set':52} {'python':6} {'result':10} {'pins':>4}  seconds: cogbuild, uv")
    counts, notes = {}, []
    for name in arguments.only or names:
        lines, dropped = read_set(os.path.join(arguments.corpus, name))
        for line in dropped:
            notes.append(f"{name}: left out or cut: {re.sub(r'//[^/@ ]*@', '//', line)}")
        for python in arguments.python:
            theirs = peer.resolve(lines, python)
            if arguments.peer_only:
                print(f"{name:52} {python:6} {'fails' if 'error' in theirs else 'ok':10} "
                      f"{len(theirs.get('pins', ())):4}  {theirs['seconds']:.1f}", flush=True)
                continue
            ours = ask_cogbuild(arguments.cogbuild, lines, python, arguments.exclude_newer, arguments.sources)
            details = []
            if "error" in ours and "error" in theirs:
                result = "both fail"
            elif "error" in ours and "must be built" in ours["error"]:
                result, details = "to build", [f"cogbuild: {line}" for line in ours["error"].splitlines()
                                               if "must be built" in line][:4]
            elif "error" in ours:
                result, details = "MISSED", [f"cogbuild: {line}" for line in ours["error"].splitlines()[:12]]
            elif "error" in theirs:
                result, details = "ONLY OURS", [f"uv: {line}" for line in theirs["error"].splitlines()[:8]]
            elif ours["pins"] == theirs["pins"]:
                result = "same"
            else:
                pins = [f"{one}=={version}" for one, version in ours["pins"].items()]
                check = peer.resolve(lines, python, pins)
                result = "DIFFERS, valid" if check.get("pins") == ours["pins"] else "DIFFERS, INVALID"
                details = difference(ours["pins"], theirs["pins"])
                if "error" in check:
                    details += [f"uv on our pins: {line}" for line in check["error"].splitlines()[:8]]
            counts[result] = counts.get(result, 0) + 1
            print(f"{name:52} {python:6} {result:10} {len(ours.get('pins', ())):4}  "
                  f"{ours['seconds']:.2f}, {theirs['seconds']:.2f}", flush=True)
            for line in details:
                print(f"      {line}")
    print()
    for note in notes:
        print(note)
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))
    return 0 if set(counts) <= {"same", "both fail", "to build"} else 1


if __name__ == "__main__":
    sys.exit(main())
