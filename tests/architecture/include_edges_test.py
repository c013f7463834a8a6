"""The house keeps its shape: who may include whom, where third-party headers live, sizes and names.

Reads the edges that CMake wrote (COGBUILD_EDGES, else the newest build/*/edges.txt) and every tracked or
new source file of the tree.
"""
import glob
import os
import re
import shutil
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAX_LINES = 450
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')

# Third-party headers and the rooms whose src/ may include them. Never in include/.
THIRD_PARTY = {
    "curl/": {"http"},
    "archive.h": {"archive"}, "archive_entry.h": {"archive"},
    "zstd": {"compress"}, "libdeflate.h": {"compress"}, "isa-l/": {"compress"}, "isa-l.h": {"compress"},
    "zlib.h": {"compress"},
    "sqlite3.h": {"store"},
    "solv/": {"debian"},
    "yaml-cpp/": {"config"},
    "tree_sitter/": {"syntax"},
    "re2/": {"schema"},
    "openssl/": {"digest", "configure"},
    "CLI/": {"cmd"},
}
# The two that may be seen everywhere, headers included.
EVERYWHERE = ("fmt/", "tl/")
# JSON is read and written by many rooms, in src/ alone.
SOURCES_ONLY = ("nlohmann/",)


def tracked(*patterns):
    out = subprocess.run(["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    return [name for name in out.splitlines() if os.path.isfile(os.path.join(ROOT, name))]


def read_edges():
    path = os.environ.get("COGBUILD_EDGES")
    if not path:
        found = glob.glob(os.path.join(ROOT, "build/*/edges.txt"))
        path = max(found, key=os.path.getmtime) if found else None
    if not path:
        raise AssertionError("no edges.txt: configure the build first (cmake --preset dev)")
    edges = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            room, _, depends = line.partition(":")
            edges[room.strip()] = set(depends.replace(";", " ").split())
    return edges


def reachable(edges, room):
    """Every room whose headers `room` sees: its own edges, and theirs, since edges are PUBLIC."""
    seen, waiting = set(), [room]
    while waiting:
        for other in edges.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def room_of(path):
    """`src/plan/x.cpp` and `include/cogbuild/plan/x.hpp` -> `plan`; `cmd/...` -> `cmd`."""
    parts = path.split("/")
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "cogbuild"] and len(parts) > 3:
        return parts[2]
    return "cmd" if parts[0] == "cmd" else None


def includes(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1), match.group(2)


def registry_hosts():
    """Hosts of package registries, as this machine's own clients have them configured."""
    text = []
    for pattern in ("/etc/apt/sources.list", "/etc/apt/sources.list.d/*"):
        for path in glob.glob(pattern):
            with open(path, encoding="utf-8", errors="replace") as file:
                text.append(file.read())
    pip = ("from pip._internal.models.index import PyPI as p; print('https://' + p.netloc); "
           "print('https://' + p.file_storage_domain)")
    for command in (["python3", "-c", pip], ["npm", "config", "get", "registry"], ["go", "env", "GOPROXY"],
                    ["pip", "config", "list"]):
        if shutil.which(command[0]):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  stdin=subprocess.DEVNULL, timeout=60)
            text.append(done.stdout)
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "GOPROXY"):
        text.append(os.environ.get(name, ""))
    hosts = set(re.findall(r"https?://(?:[^/\s@'\"]*@)?([A-Za-z0-9.-]+)", "\n".join(text)))
    return {host for host in hosts if "." in host and not host.startswith(("127.", "packages.cloud.", "deb.nodesource"))}


class ArchitectureTest(unittest.TestCase):
    maxDiff = None

    def assert_none(self, findings, what):
        self.assertEqual(findings, [], "\n" + what + ":\n" + "\n".join(findings))

    def test_a_room_includes_only_what_it_declares(self):
        edges = read_edges()
        findings = []
        for path in tracked("src/*.cpp", "src/*.hpp", "include/*.hpp"):
            room = room_of(path)
            if room is None:
                continue
            if room not in edges:
                findings.append(f"{path}: room {room} is not declared in src/CMakeLists.txt")
                continue
            for number, bracket, target in includes(path):
                if bracket == "<" and target.startswith("cogbuild/"):
                    other = target.split("/")[1]
                    if other.endswith(".hpp"):
                        if not path.startswith("cmd/"):
                            findings.append(f"{path}:{number} includes {target}, which only cmd may")
                    elif other != room and other not in edges[room]:
                        may = ", ".join(sorted(edges[room])) or "nothing"
                        findings.append(f"{path}:{number} includes {other}; {room} may include {may}")
                elif bracket == '"':
                    private = os.path.join(ROOT, os.path.dirname(path), target)
                    if "/" in target or not os.path.exists(private):
                        findings.append(f'{path}:{number} includes "{target}", which is no private header beside it')
        self.assert_none(findings, "includes against the plan of rooms")

    def test_edges_form_no_circle_and_name_rooms_that_exist(self):
        edges = read_edges()
        findings = [f"{room} depends on {other}, which is not declared"
                    for room, others in sorted(edges.items()) for other in sorted(others) if other not in edges]
        findings += [f"{room} reaches itself" for room in sorted(edges) if room in reachable(edges, room)]
        self.assert_none(findings, "edges")

    def test_third_party_headers_stay_in_their_room(self):
        findings = []
        for path in tracked("src/*.cpp", "src/*.hpp", "include/*.hpp", "cmd/*.cpp", "cmd/*.hpp"):
            room = room_of(path)
            for number, bracket, target in includes(path):
                if bracket != "<" or target.startswith(EVERYWHERE):
                    continue
                public = path.startswith("include/")
                for prefix, rooms in THIRD_PARTY.items():
                    if target.startswith(prefix) and (public or room not in rooms):
                        findings.append(f"{path}:{number} includes <{target}>; only src/ of {', '.join(sorted(rooms))} may")
                if public and target.startswith(SOURCES_ONLY):
                    findings.append(f"{path}:{number} includes <{target}> in a public header")
        self.assert_none(findings, "third-party headers")

    def test_no_file_holds_more_than_one_concept_s_worth_of_lines(self):
        findings = []
        for path in tracked("src/*", "include/*", "cmd/*"):
            if path.endswith((".cpp", ".hpp")):
                with open(os.path.join(ROOT, path), "rb") as file:
                    lines = sum(1 for _ in file)
                if lines > MAX_LINES:
                    findings.append(f"{path} has {lines} lines (at most {MAX_LINES}): look for the second concept")
        self.assert_none(findings, "long files")

    def test_no_grab_bag_names(self):
        grab_bag = re.compile(r"(^|/)(utils?|commons?|helpers?|misc)(/|\.)", re.IGNORECASE)
        self.assert_none([path for path in tracked() if grab_bag.search(path)],
                         "names that say nothing: move each function to the type it serves")

    def test_no_package_registry_host_stands_in_a_tracked_file(self):
        findings = []
        for host in sorted(registry_hosts()):
            done = subprocess.run(["git", "-C", ROOT, "grep", "-nIFl", "--untracked", "--", host],
                                  stdout=subprocess.PIPE, text=True)
            findings += [f"{path} names a package-registry host" for path in done.stdout.splitlines()]
        self.assert_none(findings, "hosts; take them from the client's configuration instead")

    def test_this_test_sees_the_tree(self):
        self.assertGreater(len(tracked("src/*.cpp")), 5)
        self.assertIn("error", read_edges())


if __name__ == "__main__":
    unittest.main()
