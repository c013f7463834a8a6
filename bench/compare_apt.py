#!/usr/bin/env python3
"""Compares what cogbuild would install with what apt would, on system_packages of real projects.

    bench/compare_apt.py CORPUS [--suites bookworm trixie] [--roots empty base aged] [--cogbuild build/release/cogbuild]
                         [--lists DIR] [--only NAME ...] [--jobs 2] [--report FILE]

CORPUS has a folder per project with its cog.yaml. Asked are: each project's list, each name in them alone, and lists
that everybody knows. Both sides read the same Packages files, which apt downloads from the mirrors of the host's own
configuration into DIR (default: a temporary one), for each suite with its updates and security. apt says what it would
do (`-s install --no-install-recommends`) without the host's configuration and state, in three roots: nothing
installed; a small base; the same base with the oldest versions there are, which some lists must upgrade.

Names that no package of a suite has are replaced where cogbuild has a certain successor, and else left out; the report
says which. Equal is the same set of name and version, or a refusal of both. Exit status: 0 when every list is equal.
"""
import argparse
import concurrent.futures
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARCHITECTURE = "amd64"
BASE = """base-files base-passwd libc-bin dash bash coreutils grep sed findutils tar gzip debianutils mawk ncurses-base
          ca-certificates tini libstdc++6 libgomp1 tzdata netbase""".split()
PYTHON = {"bookworm": "python3.11", "trixie": "python3.13"}
CERTAIN = {"libgl1-mesa-glx": "libgl1", "libegl1-mesa": "libegl1"}
KNOWN = """ffmpeg
git
curl
wget
unzip
build-essential
cmake
pkg-config
libgl1
libgl1 libglib2.0-0
ffmpeg libsm6 libxext6
ffmpeg libsndfile1
libsndfile1
libsndfile1-dev
espeak-ng
sox libsox-fmt-all
imagemagick
tesseract-ocr
poppler-utils
default-jre-headless
python3-dev
xvfb
libmagic1
git-lfs
ninja-build
libopenblas-dev
libjpeg-dev libpng-dev
libcairo2-dev
graphviz
rsync
jq
openssh-client
vim
nano
htop
libsqlite3-dev
libpq-dev
libxml2-dev libxslt1-dev
libboost-all-dev
libeigen3-dev
libopencv-dev
portaudio19-dev
libhdf5-dev
libgtk-3-0
libnss3
chromium
fonts-dejavu
locales
sudo
gnupg
software-properties-common
clang
llvm
gfortran
golang
nodejs npm
ruby
libglu1-mesa
libegl1
mesa-utils
libvulkan1
libosmesa6-dev
libasound2-dev
libavcodec-dev libavformat-dev libswscale-dev
zlib1g-dev libbz2-dev libssl-dev libffi-dev liblzma-dev
systemd
dbus
apt
netcat
postgresql
nginx
texlive-latex-base
pandoc
mpv
vlc
gstreamer1.0-plugins-good
python3-opencv
python3-pip
libreoffice-core
swig
bazel-bootstrap
default-mta
mail-transport-agent""".splitlines()


def listed_packages(text):
    """The items of `system_packages` in a cog.yaml; enough of YAML for the files there are."""
    found, inside, depth = [], False, 0
    for line in text.splitlines():
        stripped = re.sub(r"\s+#.*", "", line).strip()
        flow = re.match(r"system_packages\s*:\s*\[(.*)\]", stripped)
        if flow:
            return [item.strip().strip("\"'") for item in flow.group(1).split(",") if item.strip()]
        if re.match(r"system_packages\s*:", stripped):
            inside, depth = True, len(line) - len(line.lstrip())
        elif inside and stripped.startswith("- "):
            found += stripped[2:].strip().strip("\"'").split()
        elif inside and stripped and not stripped.startswith("#") and len(line) - len(line.lstrip()) <= depth:
            inside = False
    return found


def corpus_lists(corpus):
    lists = []
    for project in sorted(os.listdir(corpus)):
        path = os.path.join(corpus, project, "cog.yaml")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                lists.append(listed_packages(file.read()))
    lists = [names for names in lists if names]
    return lists + [[name] for name in sorted({name for names in lists for name in names})]


def stanzas(text):
    for stanza in text.split("\n\n"):
        if stanza.strip():
            yield stanza.strip("\n")


def field(stanza, name):
    found = re.search(rf"(?im)^{name}:\s*(.*(?:\n[ \t].*)*)", stanza)
    return found.group(1).strip() if found else ""


def host_sources(suite):
    """The host's sources of its own release, for another one, in the deb822 form."""
    with open("/etc/os-release", encoding="utf-8") as file:
        host = re.search(r"(?m)^VERSION_CODENAME=\"?([a-z]+)", file.read()).group(1)
    ours = {host, host + "-updates", host + "-security"}
    found = []
    directory = "/etc/apt/sources.list.d"
    for name in sorted(os.listdir(directory)) if os.path.isdir(directory) else []:
        if name.endswith(".sources"):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                text = re.sub(r"(?m)^#.*\n", "", file.read())
            found += [(field(one, "URIs"), field(one, "Suites").split(), field(one, "Components").split(),
                       field(one, "Signed-By")) for one in stanzas(text) if field(one, "Types").split()[:1] == ["deb"]]
    if os.path.exists("/etc/apt/sources.list"):
        with open("/etc/apt/sources.list", encoding="utf-8") as file:
            for line in re.findall(r"(?m)^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)", file.read()):
                found.append((line[0], [line[1]], line[2].split(), ""))
    text = ""
    for uris, suites, components, signed_by in found:
        if not ours.issuperset(suites) or "main" not in components:
            continue
        suites = " ".join(suite + one[len(host):] for one in suites)
        text += f"Types: deb\nURIs: {uris}\nSuites: {suites}\nComponents: main\n"
        text += f"Signed-By: {signed_by}\n\n" if signed_by else "\n"
    return text


class Apt:
    """apt with a state of its own."""

    def __init__(self, directory, suite):
        self.directory, self.suite = os.path.join(directory, suite), suite
        for name in ("lists/partial", "cache/archives/partial", "etc", "none"):
            os.makedirs(os.path.join(self.directory, name), exist_ok=True)
        with open(self.path("etc/suite.sources"), "w", encoding="utf-8") as file:
            file.write(host_sources(suite))
        with open(self.path("empty"), "w", encoding="utf-8"):
            pass
        # Read before everything else: the host's own configuration has no say in what is chosen.
        with open(self.path("apt.conf"), "w", encoding="utf-8") as file:
            file.write(f'Dir::Etc::main "{self.path("none")}/main";\nDir::Etc::parts "{self.path("none")}";\n')

    def path(self, name):
        return os.path.join(self.directory, name)

    def options(self, root):
        status = self.path(root)
        settings = {"Dir::State": self.directory, "Dir::State::lists": self.path("lists"), "Dir::State::status": status,
                    "Dir::State::extended_states": self.path("none/extended"), "Dir::Cache": self.path("cache"),
                    "Dir::Cache::pkgcache": self.path(f"cache/{root}.bin"),
                    "Dir::Cache::srcpkgcache": self.path(f"cache/{root}-source.bin"),
                    "Dir::Etc::sourcelist": self.path("etc/suite.sources"), "Dir::Etc::sourceparts": "-",
                    "Dir::Etc::preferences": "-", "Dir::Etc::preferencesparts": "-",
                    "APT::Architecture": ARCHITECTURE, "APT::Architectures": ARCHITECTURE,
                    "Acquire::Languages": "none", "Acquire::GzipIndexes": "false", "APT::Sandbox::User": "root",
                    "APT::Get::List-Cleanup": "false"}
        return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]

    def update(self):
        if not self.packages_files():
            subprocess.run(["apt-get", "-q", "update", *self.options("empty"), "-o",
                            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false"], check=True,
                           stdout=subprocess.DEVNULL)

    def packages_files(self):
        names = [name for name in os.listdir(self.path("lists")) if name.endswith("_Packages")]
        # As the sources have them: the suite, its updates, security.
        order = {f"_{self.suite}_": 0, f"_{self.suite}-updates_": 1, f"_{self.suite}-security_": 2}
        rank = lambda name: next((value for part, value in order.items() if "_dists" + part in name), 9)
        return [self.path("lists/" + name) for name in sorted(names, key=rank)]

    def install(self, names, root):
        """({name: version}, milliseconds) or (why not, milliseconds)"""
        begin = time.monotonic()
        done = subprocess.run(["apt-get", "-s", "-q", "-y", "install", "--no-install-recommends", *self.options(root),
                               *names], capture_output=True, text=True, check=False,
                              env={**os.environ, "APT_CONFIG": self.path("apt.conf"), "LC_ALL": "C"})
        spent = (time.monotonic() - begin) * 1000
        if done.returncode != 0:
            return " ".join(re.findall(r"(?m)^E: (.*)", done.stderr)), spent
        removed = re.findall(r"(?m)^Remv (\S+)", done.stdout)
        if removed:
            return "removes " + " ".join(removed), spent
        return dict(re.findall(r"(?m)^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) ", done.stdout)), spent


def make_roots(apt, archive):
    chosen, _ = apt.install(BASE + [PYTHON[apt.suite]], "empty")
    if isinstance(chosen, str):
        sys.exit(f"apt cannot install the base: {chosen}")

    def write(name, versions):
        with open(apt.path(name), "w", encoding="utf-8") as file:
            for package, version in sorted(versions.items()):
                file.write(archive[package][version].replace("\n", "\nStatus: install ok installed\n", 1) + "\n\n")

    write("base", chosen)
    # The first suite is read first, and has the oldest.
    write("aged", {name: next(iter(archive[name])) for name in chosen})
    return len(chosen)


def read_archive(files):
    archive, provided = {}, {}
    for path in files:
        with open(path, encoding="utf-8") as file:
            for stanza in stanzas(file.read()):
                name = re.search(r"(?m)^Package: (\S+)", stanza).group(1)
                archive.setdefault(name, {})[re.search(r"(?m)^Version: (\S+)", stanza).group(1)] = stanza
                for item in field(stanza, "Provides").split(","):
                    provided.setdefault(item.split("(")[0].strip(), set()).add(name)
    return archive, provided


def ask_cogbuild(arguments, files, status, names):
    command = [*arguments, "--times"]
    for path in files:
        command += ["--packages", path]
    done = subprocess.run([*command, "--status", status, *names], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stderr.strip(), {}, []
    times = {name: float(value) for name, value in re.findall(r"(?m)^# (read|index|choose) ([\d.]+)", done.stdout)}
    dropped = re.findall(r"(?m)^# dropped (.*)", done.stdout)
    return dict(line.split(" ") for line in done.stdout.splitlines() if not line.startswith("#")), times, dropped


def difference(apt, ours):
    if isinstance(apt, str) or isinstance(ours, str):
        return {"apt": apt if isinstance(apt, str) else f"{len(apt)} packages",
                "cogbuild": ours if isinstance(ours, str) else f"{len(ours)} packages"}
    return {"apt alone": sorted(f"{n} {v}" for n, v in apt.items() if ours.get(n) != v),
            "cogbuild alone": sorted(f"{n} {v}" for n, v in ours.items() if apt.get(n) != v)}


def compare_suite(options, suite, directory):
    apt = Apt(directory, suite)
    apt.update()
    files = apt.packages_files()
    archive, provided = read_archive(files)
    base_size = make_roots(apt, archive)
    replaced, left_out, lists = set(), set(), []
    for names in corpus_lists(options.corpus) + [line.split() for line in KNOWN]:
        kept = []
        for name in names:
            if name in archive or name in provided:
                kept.append(name)
            elif CERTAIN.get(name) in archive:
                kept.append(CERTAIN[name])
                replaced.add(name)
            else:
                left_out.add(name)
        kept = list(dict.fromkeys(kept))
        if kept and kept not in lists and (not options.only or set(options.only) & set(kept)):
            lists.append(kept)
    print(f"{suite}: {len(files)} indexes, {len(archive)} names, {len(lists)} lists, base of {base_size}; "
          f"replaced: {' '.join(sorted(replaced)) or '-'}; left out: {' '.join(sorted(left_out)) or '-'}", flush=True)
    results = []
    for root in options.roots:
        apt.install(["base-files"], root)  # makes apt's caches

        def one(names, root=root):
            expected, spent = apt.install(names, root)
            ours, times, dropped = ask_cogbuild(options.command, files, apt.path(root), names)
            both_refuse = isinstance(expected, str) and isinstance(ours, str)
            if expected != ours and not both_refuse:
                print(f"  DIFFERENT {suite} {root}: {' '.join(names)}\n    {json.dumps(difference(expected, ours))}",
                      flush=True)
            return {"suite": suite, "root": root, "names": names, "equal": expected == ours or both_refuse,
                    "refused": both_refuse, "dropped": dropped, "apt_ms": spent, "times": times,
                    "packages": len(expected) if isinstance(expected, dict) else 0,
                    "difference": None if expected == ours else difference(expected, ours)}

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            outcome = list(pool.map(one, lists))
        results += outcome
        chosen = [result for result in outcome if result["times"]]
        numbers = lambda key: [result["times"][key] for result in chosen]
        print(f"{suite} {root}: {sum(r['equal'] for r in outcome)} of {len(outcome)} equal "
              f"({sum(r['refused'] for r in outcome)} refused by both, {sum(1 for r in outcome if r['dropped'])} with "
              f"something dropped); choose {statistics.median(numbers('choose')):.1f} ms median, "
              f"{max(numbers('choose')):.1f} max; index {statistics.median(numbers('index')):.0f}, "
              f"read {statistics.median(numbers('read')):.0f}; apt "
              f"{statistics.median(r['apt_ms'] for r in outcome):.0f}", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--suites", nargs="+", default=["bookworm", "trixie"], choices=sorted(PYTHON))
    parser.add_argument("--roots", nargs="+", default=["empty", "base", "aged"], choices=["empty", "base", "aged"])
    parser.add_argument("--cogbuild", default=os.path.join(ROOT, "build/release/cogbuild"))
    parser.add_argument("--lists", help="where apt's indexes are kept between runs")
    parser.add_argument("--only", nargs="+", help="lists with one of these names")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--report", help="a JSON file with every list")
    options = parser.parse_args()
    options.command = [options.cogbuild, "debug", "debian-choose"]
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        for suite in options.suites:
            results += compare_suite(options, suite, options.lists or temporary)
    if options.report:
        with open(options.report, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    return 0 if all(result["equal"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
