#!/usr/bin/env python3
"""Installs system_packages of real projects with cogbuild alone, and tries what came of it.

    bench/judge_packages.py CORPUS [--suite bookworm] [--count 60] [--cogbuild build/release/cogbuild]
                            [--work DIR] [--only NAME ...] [--report FILE]

CORPUS has a folder per project with its cog.yaml. Asked are its distinct lists, then its single names by use, then
lists that everybody knows; the first `--count` of them. Names that exist in no archive are left out, and reported.
For each list: `cogbuild lock`, `cogbuild build --locked` into a root, and

- the packages in cogbuild.lock are those that `apt-get -s install --no-install-recommends` names for the status file of
  the very base (apt with a state of its own and the host's mirrors);
- `dpkg --audit` and `dpkg -V` are silent and dpkg lists exactly the locked packages, in a chroot of the root;
- the linker's cache has what ldconfig would write into it, no link of a library is missing, and each soname that the
  new packages ship in the default directories is found;
- every alternative leads to a file;
- no program or library of the new packages misses a library that the list installs;
- the programs run (package_programs.py).

Needs root, for chroot. Roots are removed one after another; --work keeps the cache and apt's indexes between runs.
Exit status: 0 when nothing differs.
"""
import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "bench"), os.path.join(ROOT, "tests/cli")]
import compare_apt  # noqa: E402
import make_wheels  # noqa: E402
from package_programs import programs_of  # noqa: E402

PYTHON = {"bookworm": "3.11", "trixie": "3.13"}
TRIPLET = "x86_64-linux-gnu"
LIBRARY_FOLDERS = {f"{lib}{below}" for lib in ("/lib", "/usr/lib") for below in ("", "/" + TRIPLET)}
# Found by their programs, beside them or by their own search path; the real root misses them as well.
FOUND_OTHERWISE = re.compile(r"lib(jvm|jli|java|awt|verify|net|nio|zip|jawt)\.so")


# --- the lists ----------------------------------------------------------------------------------

def wanted_lists(corpus, count, only):
    everything = compare_apt.corpus_lists(corpus)
    projects = [names for names in everything if len(names) > 1]
    used = collections.Counter(name for names in everything for name in names)
    lists = projects + [[name] for name, _ in sorted(used.items(), key=lambda item: (-item[1], item[0]))]
    lists += [line.split() for line in compare_apt.KNOWN]
    distinct = []
    for names in lists:
        names = list(dict.fromkeys(names))
        if sorted(names) not in map(sorted, distinct) and (not only or set(only) & set(names)):
            distinct.append(names)
    return distinct[:count]


def known_names(names, archive, provided):
    """(names for cogbuild, the same for apt, names that do not exist)"""
    ours, apts, none = [], [], []
    for name in names:
        if name in archive or name in provided:
            ours.append(name)
            apts.append(name)
        elif compare_apt.CERTAIN.get(name) in archive:
            ours.append(name)
            apts.append(compare_apt.CERTAIN[name])
        else:
            none.append(name)
    return ours, list(dict.fromkeys(apts)), none


# --- the project --------------------------------------------------------------------------------

class Builder:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.wheels = os.path.join(work, "wheels")
        self.environment = {**os.environ, "COGBUILD_CACHE_DIR": os.path.join(work, "cache")}
        if not os.path.exists(self.wheels):
            make_wheels.make_runtime(self.wheels)

    def build(self, names):
        """(root, lock, seconds) of a project that needs the packages `names`; fails with the program's message."""
        project, root = (os.path.join(self.work, f"{self.options.suite}-{name}") for name in ("project", "root"))
        for path in (project, root):
            shutil.rmtree(path, ignore_errors=True)
        os.makedirs(project)
        with open(os.path.join(project, "run.py"), "w", encoding="utf-8") as file:
            file.write("class Runner:\n    def run(self) -> str:\n        return \"\"\n")
        with open(os.path.join(project, "cog.yaml"), "w", encoding="utf-8") as file:
            file.write(f'build:\n  python_version: "{PYTHON[self.options.suite]}"\n  sdk_version: "0.23.1"\n'
                       f"  system_packages: {json.dumps(names)}\nrun: \"run.py:Runner\"\n")
        common = ["-C", project, "--base", "debian:" + self.options.suite, "--no-index", "--find-links", self.wheels]
        begun = time.monotonic()
        self.run("lock", *common)
        self.run("build", *common, "-t", "judged", "--locked", "--output", "rootfs:" + root)
        with open(os.path.join(project, "cogbuild.lock"), "rb") as file:
            return root, tomllib.load(file), time.monotonic() - begun

    def run(self, *arguments):
        done = subprocess.run([self.options.cogbuild, *arguments, "-q"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env=self.environment, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"cogbuild {arguments[0]}: exit {done.returncode}: " + " / ".join(done.stdout.split("\n")))


def packages_of(lock, *layers):
    found = {}
    for value in lock.values():
        if isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict) and entry.get("layer") in layers:
                    found[entry["name"]] = entry["version"]
    return found


# --- the root -----------------------------------------------------------------------------------

class Chroot:
    def __init__(self, root):
        self.root = root
        for name, major, minor in (("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9)):
            path = os.path.join(root, "dev", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if not os.path.exists(path):
                os.mknod(path, 0o20666, os.makedev(major, minor))
                os.chmod(path, 0o666)
        os.makedirs(os.path.join(root, "proc"), exist_ok=True)

    def run(self, command, timeout=120):
        """(exit status, what it printed) of a command for the shell."""
        isolated = ["unshare", "-m", "-p", "-n", "-f", "--kill-child", "--mount-proc=" + os.path.join(self.root, "proc"),
                    "chroot", self.root, "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                    "HOME=/root", "LC_ALL=C.UTF-8", "/bin/sh", "-c",
                    f"rm -rf /tmp/try && mkdir -p /tmp/try && cd /tmp/try && {command}"]
        try:
            done = subprocess.run(isolated, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            return 124, f"no end after {timeout} s"
        return done.returncode, done.stdout.decode(errors="replace").strip()

    def dpkg(self, arguments):
        """The root's own dpkg; this machine's, where the root is too small for one."""
        program = arguments.split(" ")[0]
        if os.path.exists(os.path.join(self.root, "usr/bin", program)):
            return self.run(arguments, timeout=600)
        elsewhere = f"--root={self.root}" if program == "dpkg" else f"--admindir={self.root}/var/lib/dpkg"
        done = subprocess.run(arguments.replace(program, f"{program} {elsewhere}", 1), shell=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.strip()

    def inside(self, function):
        """What `function` returns (as JSON would have it) when `/` is the root."""
        receiving, sending = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(receiving)
                os.chroot(self.root)
                os.chdir("/")
                with os.fdopen(sending, "w", encoding="utf-8") as file:
                    json.dump(function(), file)
                status = 0
            finally:
                os._exit(status)
        os.close(sending)
        with os.fdopen(receiving, encoding="utf-8") as file:
            text = file.read()
        os.waitpid(child, 0)
        return json.loads(text)


def files_of_packages(names):
    """Regular files that dpkg lists for the packages, `/` being their root."""
    found = []
    for list_name in os.listdir("/var/lib/dpkg/info"):
        if list_name.endswith(".list") and re.sub(r"(:[a-z0-9]+)?\.list$", "", list_name) in names:
            with open("/var/lib/dpkg/info/" + list_name, encoding="utf-8") as file:
                found += [path for path in file.read().split("\n")
                          if path and os.path.isfile(path) and not os.path.islink(path)]
    return sorted(found)


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(6) == b"\x7fELF\x02\x01"


def dangling_alternatives():
    found = []
    for name in sorted(os.listdir("/etc/alternatives")) if os.path.isdir("/etc/alternatives") else []:
        path = "/etc/alternatives/" + name
        if os.path.islink(path) and not os.path.exists(path):
            found.append(f"{path} -> {os.readlink(path)}")
    for folder, _, files in os.walk("/usr"):
        for name in files:
            path = os.path.join(folder, name)
            if os.path.islink(path) and os.readlink(path).startswith("/etc/alternatives/") and not os.path.exists(path):
                found.append(f"{path} -> {os.readlink(path)}")
    return found


def judge_dpkg(chroot, expected):
    problems = []
    for command in ("dpkg --audit", "dpkg -V"):
        status, text = chroot.dpkg(command)
        if status != 0 or text:
            problems.append(f"`{command}`: exit {status}: {text[:600]}")
    _, text = chroot.dpkg("dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\\n'")
    listed = {tuple(line.split()) for line in text.split("\n")}
    wrong = listed ^ {(name, version, "ii") for name, version in expected.items()}
    if wrong:
        problems.append(f"dpkg lists otherwise: {sorted(wrong)[:8]}")
    _, text = chroot.dpkg("dpkg -l | grep -c ^ii")
    if text != str(len(expected)):
        problems.append(f"`dpkg -l` counts {text} of {len(expected)}")
    return problems


def judge_libraries(chroot, new):
    problems = []
    _, ours = chroot.run("ldconfig -p")
    status, changes = chroot.run("ldconfig -v -C /tmp/cache 2>&1")
    _, fresh = chroot.run("ldconfig -p -C /tmp/cache")
    lines = lambda text: {line.strip() for line in text.split("\n") if "=>" in line}
    if status != 0 or not lines(fresh):
        problems.append(f"ldconfig: exit {status}: {changes[-300:]}")
    wrong = sorted(lines(ours) ^ lines(fresh))
    if wrong:
        problems.append(f"ldconfig would list otherwise: {len(wrong)}: {wrong[:6]}")
    if changed := re.findall(r"(?m)^.*\(changed\).*$", changes):
        problems.append(f"ldconfig would link otherwise: {changed[:6]}")

    files = chroot.inside(lambda: [path for path in files_of_packages(new) if is_elf(path)])
    shipped = [chroot.root + path for path in files if os.path.dirname(path) in LIBRARY_FOLDERS and ".so" in path]
    names = set()
    if shipped:
        text = subprocess.run(["readelf", "-dW", *shipped], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              check=False).stdout
        names = set(re.findall(r"\(SONAME\)\s+Library soname: \[(.*)\]", text))
    found = {line.split(" ")[0] for line in lines(ours)}
    # ldconfig takes what is named as a library is: libNAME.so, ld-NAME.so.
    if missing := sorted(name for name in names - found if re.match(r"(lib|ld-).*\.so", name)):
        problems.append(f"`ldconfig -p` lacks {missing[:8]}")

    programs = [path for path in files if os.path.dirname(path) in LIBRARY_FOLDERS | {"/usr/bin", "/bin", "/usr/sbin"}]
    with open(chroot.root + "/tmp/programs", "w", encoding="utf-8") as file:
        file.write("".join(path + "\n" for path in programs))
    _, text = chroot.run("while read -r f; do /lib64/ld-linux-x86-64.so.2 --list \"$f\" 2>&1 | "
                         "sed -n \"s|^[ \\t]*\\(.*\\) => not found.*|\\1 for $f|p\"; done < /tmp/programs", timeout=900)
    if missing := [line for line in text.split("\n") if line and not FOUND_OTHERWISE.match(line)]:
        problems.append(f"libraries not found: {missing[:6]}")
    return problems, len(names), len(programs)


def judge_root(root, lock, base):
    chroot = Chroot(root)
    new = packages_of(lock, "system")
    expected = {**packages_of(lock, "base", "python"), **new}
    problems = judge_dpkg(chroot, expected)
    found, sonames, checked = judge_libraries(chroot, set(new))
    problems += found
    if dangling := chroot.inside(dangling_alternatives):
        problems.append(f"alternatives lead nowhere: {dangling[:6]}")
    programs = programs_of(expected)
    for _, command in programs:
        status, text = chroot.run(command)
        if status != 0:
            problems.append(f"`{command}`: exit {status}: {text[-400:]}")
    return problems, {"sonames": sonames, "elf": checked, "programs": len(programs)}


# --- all of it ----------------------------------------------------------------------------------

def difference(apt, ours):
    if isinstance(apt, str):
        return [f"apt refuses: {apt}"]
    alone = sorted(f"-{name}={version}" for name, version in apt.items() if ours.get(name) != version)
    return alone + sorted(f"+{name}={version}" for name, version in ours.items() if apt.get(name) != version)


def judge(options, work):
    apt = compare_apt.Apt(os.path.join(work, "apt"), options.suite)
    apt.update()
    archive, provided = compare_apt.read_archive(apt.packages_files())
    builder = Builder(options, work)
    root, base, seconds = builder.build([])
    shutil.copy(os.path.join(root, "var/lib/dpkg/status"), apt.path("composed"))
    problems, _ = judge_root(root, base, None)
    print(f"{options.suite}: base of {len(packages_of(base, 'base', 'python'))} packages in {seconds:.1f} s; "
          f"{'; '.join(problems) or 'nothing wrong'}", flush=True)
    print("list | packages | sonames | ELF files | programs | s | verdict", flush=True)
    results = [{"names": [], "packages": 0, "seconds": seconds, "problems": problems}]
    for names in wanted_lists(options.corpus, options.count, options.only):
        ours, apts, none = known_names(names, archive, provided)
        result = {"names": names, "left_out": none, "packages": 0, "seconds": 0.0, "problems": [], "counts": {}}
        results.append(result)
        if ours:
            try:
                root, lock, result["seconds"] = builder.build(ours)
                new = packages_of(lock, "system")
                result["packages"] = len(new)
                expected, _ = apt.install(apts, "composed")
                if wrong := difference(expected, new):
                    result["problems"].append(f"apt: {' '.join(wrong[:12])}")
                found, result["counts"] = judge_root(root, lock, base)
                result["problems"] += found
            except RuntimeError as error:
                result["problems"].append(str(error))
        counts = result["counts"]
        print(f"{' '.join(names)[:70]} | {result['packages']} | {counts.get('sonames', 0)} | {counts.get('elf', 0)} | "
              f"{counts.get('programs', 0)} | {result['seconds']:.1f} | "
              f"{'no such package' if not ours else 'equal' if not result['problems'] else 'DIFFERENT'}"
              f"{' (left out: ' + ' '.join(none) + ')' if none else ''}", flush=True)
        for problem in result["problems"]:
            print(f"    {problem}", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--suite", default="bookworm", choices=sorted(PYTHON))
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--cogbuild", default=os.path.join(ROOT, "build/release/cogbuild"))
    parser.add_argument("--work", help="where cache and indexes are kept between runs")
    parser.add_argument("--only", nargs="+", help="lists with one of these names")
    parser.add_argument("--report", help="a JSON file with every list")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("chroot needs root")
    with tempfile.TemporaryDirectory(prefix="judge-packages-") as temporary:
        work = os.path.abspath(options.work or temporary)
        os.makedirs(work, exist_ok=True)
        results = judge(options, work)
    if options.report:
        with open(options.report, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    wrong = [result for result in results if result["problems"]]
    print(f"{options.suite}: {len(results) - 1 - sum(1 for one in wrong if one['names'])} of {len(results) - 1} lists are right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
