"""Inputs that must be refused, as a table: what is wrong, which words the error must hold, the exit code.

`words` are looked for in stderr without regard to case. `code` is the exit code or a tuple of those allowed:
2 for what the user wrote, 1 for what the world did.
"""
import dataclasses
import os
import tarfile
import typing

import base
import make_wheels
from cli_test_case import COG_YAML

HOSTILE = "hostile==1.0\n"
REQUIREMENT = {"requirements.txt": HOSTILE}


@dataclasses.dataclass
class BadInput:
    name: str
    words: tuple = ()
    files: dict = dataclasses.field(default_factory=dict)   # over a valid project
    wheels: typing.Optional[typing.Callable] = None         # called with the index's directory
    faults: dict = dataclasses.field(default_factory=dict)  # of the index
    base: typing.Optional[typing.Callable] = None           # called with the directory to make
    arguments: tuple = ()                                   # added to `build`; {dir} is the test's folder
    command: tuple = ()                                     # instead of `build`
    is_built: bool = False                                  # the image is made; what comes after it fails
    code: typing.Any = 2


def cog_yaml(name, text, *words, code=2):
    return BadInput("cog.yaml: " + name, words or ("cog.yaml:",), {"cog.yaml": text}, code=code)


def build_key(line):
    """cog.yaml with `line` added below `build:`."""
    return COG_YAML.replace("build:\n", f"build:\n  {line}\n")


def top_key(line):
    return COG_YAML + line + "\n"


ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)) + "build:\n  python_packages: *a8\n"

CONFIG = [
    cog_yaml("broken YAML", "build: [\n", "cog.yaml:"),
    cog_yaml("a tab as indentation", "build:\n\tpython_version: '3.11'\n", "cog.yaml:"),
    cog_yaml("a list as the document", "- build\n", "cog.yaml"),
    cog_yaml("a word as the document", "build\n", "cog.yaml"),
    cog_yaml("a key twice", build_key("gpu: false").replace("gpu: false", "gpu: false\n  gpu: true"), "gpu"),
    cog_yaml("invalid UTF-8", b"build:\n  python_version: \"\xff\xfe3.11\"\n", "cog.yaml"),
    cog_yaml("zero bytes", b"\0" * 64, "cog.yaml"),
    cog_yaml("nesting without end", "build: " + "[" * 100_000 + "\n", "cog.yaml"),
    cog_yaml("aliases that multiply", ALIASES, "cog.yaml"),
    cog_yaml("a list for python_version", COG_YAML.replace('"3.11"', "[3, 11]"), "cog.yaml:2:", "python_version"),
    cog_yaml("a quoted true for gpu", build_key('gpu: "true"'), "cog.yaml:2:", "gpu"),
    cog_yaml("a number for gpu", build_key("gpu: 3"), "cog.yaml:2:", "gpu"),
    cog_yaml("a word for build", "build: yes please\n", "build"),
    cog_yaml("a word for system_packages", build_key("system_packages: ffmpeg"), "system_packages"),
    cog_yaml("no python_version", 'build:\n  gpu: false\nrun: "run.py:Runner"\n', "python_version"),
    cog_yaml("Python 3.1", COG_YAML.replace('"3.11"', "3.1"), "cog.yaml:2:", "3.1", "did you mean", "3.10"),
    cog_yaml("Python 3.7", COG_YAML.replace('"3.11"', '"3.7"'), "cog.yaml:2:", "3.7", "3.8"),
    cog_yaml("Python 3", COG_YAML.replace('"3.11"', "3"), "cog.yaml:2:", "minor"),
    cog_yaml("a word for Python", COG_YAML.replace('"3.11"', "snake"), "cog.yaml:2:", "snake"),
    cog_yaml("run and predict", top_key('predict: "run.py:Runner"'), "predict"),
    cog_yaml("run without a class", COG_YAML.replace("run.py:Runner", "run.py"), "run.py"),
    cog_yaml("run of a file that is not Python", COG_YAML.replace("run.py:Runner", "run.sh:Runner"), "run.sh"),
    cog_yaml("packages and a requirements file", build_key("python_packages: [numpy]"), "python_packages"),
    cog_yaml("a reserved variable", top_key("environment: ['PATH=/bin']"), "PATH"),
    cog_yaml("a bad variable name", top_key("environment: ['1A=3']"), "1A"),
    cog_yaml("a variable twice", top_key("environment: ['A=1', 'A=2']"), "A"),
    cog_yaml("a variable without a value", top_key("environment: [A]"), "environment"),
    cog_yaml("concurrency of none", top_key("concurrency: {max: 0}"), "concurrency"),
    cog_yaml("concurrency in words", top_key("concurrency: {max: '2'}"), "concurrency"),
    cog_yaml("concurrency without max", top_key("concurrency: {}"), "max"),
    cog_yaml("cuda without a dot", build_key("cuda: 11"), "cuda"),
    cog_yaml("cuda before 11", build_key('cuda: "10.2"'), "cuda"),
    cog_yaml("image and model", top_key("image: a/b\nmodel: r8.im/a/b"), "model"),
    cog_yaml("model with a tag", top_key("model: r8.im/a/b:v1"), "model"),
    cog_yaml("an SDK from before its time", COG_YAML.replace("0.23.1", "0.15.0"), "sdk_version"),
    cog_yaml("an SDK version in words", COG_YAML.replace('"0.23.1"', "newest"), "sdk_version"),
    cog_yaml("a list as a run step", build_key("run: [[a, b]]"), "run"),
    cog_yaml("a run step without a command", build_key("run: [{mounts: []}]"), "command"),
    cog_yaml("a mount of another type", build_key(
        "run: [{command: ls, mounts: [{type: cache, id: a, target: /a}]}]"), "secret"),
    cog_yaml("a requirements file outside", COG_YAML.replace("requirements.txt", "/nonexistent/r.txt"), "r.txt"),
]

REQUIREMENTS = [
    BadInput("requirements: not a requirement", ("requirements.txt:2",), {"requirements.txt": "cog\nfoo===\n"}),
    BadInput("requirements: an unknown operator", ("requirements.txt:1",), {"requirements.txt": "foo=>1\n"}),
    BadInput("requirements: a broken marker", ("requirements.txt:1",), {"requirements.txt": 'foo; python_version >\n'}),
    BadInput("requirements: an unknown option", ("--nonsense",), {"requirements.txt": "--nonsense x\n"}),
    BadInput("requirements: another file that is missing", ("more.txt",), {"requirements.txt": "-r more.txt\n"}),
    BadInput("requirements: a hash that is not one", ("requirements.txt",),
             {"requirements.txt": "hostile==1.0 --hash=sha256:abc\n"}),
    BadInput("requirements: from a git repository", ("git",), {"requirements.txt": "git+https://git.example/a/b\n"},
             code=(1, 2)),
    BadInput("requirements: an editable folder", ("sub",), {"requirements.txt": "-e ./sub\n", "sub/setup.py": ""},
             code=(1, 2)),
    BadInput("requirements: a range that no version is in",
             ("requirements.txt:1:1", "has no version `>=9` (newest: 1.0)"),
             {"requirements.txt": "hostile>=9\n"}, lambda d: make_wheels.make_wheel(d, "hostile", "1.0"), code=1),
    BadInput("index: no such project", ("nobody-has-this",), {"requirements.txt": "nobody-has-this==1.0\n"}, code=1),
    BadInput("index: no such version", ("hostile", "9.9"), {"requirements.txt": "hostile==9.9\n"},
             lambda d: make_wheels.make_wheel(d, "hostile", "1.0"), code=1),
    BadInput("index: requirements that exclude each other",
             ("requirements.txt:2:1", "requirements.txt:3 wants `shared==1.0`", "`right` 1.0 needs `shared>=2`"),
             {"requirements.txt": "left==1.0\nright==1.0\nshared==1.0\n"},
             lambda d: [make_wheels.make_wheel(d, *wheel) for wheel in (
                 ("shared", "1.0"), ("shared", "2.0"), ("left", "1.0", None, ["shared<2"]),
                 ("right", "1.0", None, ["shared>=2"]))], code=1),
    BadInput("index: only for another platform", ("hostile",), REQUIREMENT,
             lambda d: make_wheels.make_wheel(d, "hostile", "1.0", tag="cp311-cp311-win_amd64"), code=1),
    BadInput("index: only for another Python", ("hostile",), REQUIREMENT,
             lambda d: make_wheels.make_wheel(d, "hostile", "1.0", tag="cp39-cp39-manylinux2014_x86_64"), code=1),
    BadInput("index: only a source archive", ("hostile", "wheel"), REQUIREMENT,
             lambda d: tarfile.open(os.path.join(d, "hostile-1.0.tar.gz"), "w:gz").close(), code=1),
    BadInput("index: a hash in the requirements that the wheel does not have", ("hostile", "sha256"),
             {"requirements.txt": "hostile==1.0 --hash=sha256:" + "0" * 64 + "\n"},
             lambda d: make_wheels.make_wheel(d, "hostile", "1.0"), code=(1, 2)),
]


def served(name, fault, *words, key=None, code=1):
    key = key or make_wheels.file_name("hostile", "1.0")
    return BadInput("index: " + name, ("hostile",) + words, REQUIREMENT,
                    lambda d: make_wheels.make_wheel(d, "hostile", "1.0", {"hostile/data.bin": os.urandom(300_000)}),
                    {key: fault}, code=code)


SERVED = [
    served("the wheel is not what its hash says", "wrong-bytes", "sha256"),
    served("the page names a wrong hash", "wrong-hash", "sha256"),
    served("the download ends early, every time", "truncated"),
    served("the wheel is gone", 404, "404"),
    served("the wheel is forbidden", 403, "403"),
    served("the page is forbidden", 403, "403", key="hostile"),
    served("the page is not an index", "garbage", key="hostile"),
    served("the server fails, every time", 500, "500", key="hostile"),
]


def hostile(name, make, *words, code=1):
    return BadInput("wheel: " + name, ("hostile",) + words, REQUIREMENT, make, code=code)


WHEELS = [
    hostile("a member above the root", make_wheels.parent_traversal, "../../outside.py"),
    hostile("a member that climbs in the middle", make_wheels.hidden_traversal, "outside.py"),
    hostile("an absolute member", make_wheels.absolute_name, "/etc/outside.py"),
    hostile("a member with backslashes", make_wheels.backslash_name, "outside.py"),
    hostile("a member with a zero byte", make_wheels.nul_name),
    hostile("a data member that climbs", make_wheels.data_traversal, "outside.py"),
    hostile("a link out of the tree", make_wheels.symlink_member, "hostile/link"),
    hostile("a RECORD that lies about a digest", make_wheels.wrong_record, "RECORD"),
    hostile("a RECORD that lies about a size", make_wheels.wrong_record_size, "RECORD"),
    hostile("no RECORD", make_wheels.no_record, "RECORD"),
    hostile("no METADATA", make_wheels.no_metadata, "METADATA"),
    hostile("another distribution inside", make_wheels.other_name_inside),
    hostile("a wheel version of the future", make_wheels.future_wheel_version, "9.0"),
    hostile("a member twice", make_wheels.duplicate_member, "hostile/__init__.py"),
    hostile("cut in half", make_wheels.truncated),
    hostile("a web page", make_wheels.not_a_zip),
    hostile("nothing", make_wheels.empty_file),
    hostile("a wrong CRC", make_wheels.bad_crc, "hostile/__init__.py"),
    hostile("a broken stream", make_wheels.corrupt_stream, "hostile/big.bin"),
    hostile("two names for one member", make_wheels.local_header_name),
    hostile("two methods for one member", make_wheels.local_header_method),
    hostile("a member outside the file", make_wheels.offset_outside),
    hostile("members on top of each other", make_wheels.overlapping_members),
    hostile("an encrypted member", make_wheels.encrypted, "encrypted"),
    hostile("a member larger than it says", make_wheels.size_lie, "hostile/zeros.bin"),
    hostile("a bomb", make_wheels.bomb, "hostile/zeros.bin"),
    BadInput("wheel: two that own one path", ("one", "two", "shared/__init__.py"),
             {"requirements.txt": "one==1.0\ntwo==1.0\n"},
             lambda d: [make_wheels.make_wheel(d, name, "1.0", {"shared/__init__.py": f"# {name}\n"})
                        for name in ("one", "two")], code=(1, 2)),
    BadInput("wheel: a file where another has a folder", ("one", "two", "shared"),
             {"requirements.txt": "one==1.0\ntwo==1.0\n"},
             lambda d: [make_wheels.make_wheel(d, "one", "1.0", {"shared": "a file\n"}),
                        make_wheels.make_wheel(d, "two", "1.0", {"shared/__init__.py": ""})], code=(1, 2)),
]


def base_without_python(directory):
    base.make_base(directory, without=("usr/bin/python3.11", "usr/bin/python3"))


def base_of_arm(directory):
    base.make_base(directory, architecture="arm64")


def broken_index_json(directory):
    base.make_base(directory)
    with open(os.path.join(directory, "index.json"), "w", encoding="utf-8") as file:
        file.write('{"schemaVersion": 2, "manifests": [')


def damaged_layer(directory):
    base.make_base(directory)
    blobs = os.path.join(directory, "blobs/sha256")
    largest = max(os.listdir(blobs), key=lambda name: os.path.getsize(os.path.join(blobs, name)))
    with open(os.path.join(blobs, largest), "r+b") as file:
        file.seek(40)
        file.write(b"\0" * 8)


def missing_layer(directory):
    base.make_base(directory)
    blobs = os.path.join(directory, "blobs/sha256")
    os.remove(max((os.path.join(blobs, name) for name in os.listdir(blobs)), key=os.path.getsize))


def climbing_layer(directory):
    base.write_layout(directory, [base.layer_tar([], {"../outside": (b"x", 0o644)}, {})])


def missing_base(directory):
    os.makedirs(directory)


BASES = [
    BadInput("base: no such layout", ("base",), base=missing_base, code=(1, 2)),
    BadInput("base: no Python inside", ("python",), base=base_without_python, code=(1, 2)),
    BadInput("base: another architecture", ("arm64",), base=base_of_arm, code=(1, 2)),
    BadInput("base: a broken index.json", ("index.json",), base=broken_index_json, code=(1, 2)),
    BadInput("base: a damaged layer", ("sha256:",), base=damaged_layer, code=(1, 2)),
    BadInput("base: a missing layer", ("sha256:",), base=missing_layer, code=(1, 2)),
    BadInput("base: a layer that climbs out", ("../outside",), base=climbing_layer, code=(1, 2)),
    BadInput("base: not a reference", ("Not A Name",), arguments=("--base", "Not A Name")),
    BadInput("base: a registry that is not there", ("127.0.0.1:1",), arguments=("--base", "127.0.0.1:1/a/b"), code=1),
]

COMMAND_LINE = [
    BadInput("command line: nothing", command=("",)),
    BadInput("command line: an unknown command", ("frobnicate",), command=("frobnicate",)),
    BadInput("command line: an unknown flag", ("--frobnicate",), arguments=("--frobnicate",)),
    BadInput("command line: an unknown compression", ("lz4",), arguments=("--compression", "lz4")),
    BadInput("command line: an unknown platform", ("linux/sparc",), arguments=("--platform", "linux/sparc")),
    BadInput("command line: an unknown kind of output", ("floppy",), arguments=("--output", "floppy:a")),
    BadInput("command line: an output without a place", ("oci",), arguments=("--output", "oci:")),
    BadInput("command line: an output that cannot be written", ("/proc/nowhere",),
             arguments=("--output", "oci:/proc/nowhere"), code=1, is_built=True),
    BadInput("command line: an output folder that holds something else", ("wheels",),
             arguments=("--output", "oci:{dir}/wheels"), code=(1, 2), is_built=True),
    BadInput("command line: a bad name", ("Not A Name",), arguments=("-t", "Not A Name")),
    BadInput("command line: a bad index URL", ("gopher",), arguments=("--index-url", "gopher://there/simple")),
    BadInput("command line: a missing schema", ("nothing.json",), arguments=("--openapi-schema", "{dir}/nothing.json")),
    BadInput("command line: a schema that is not JSON", ("requirements.txt",), {"requirements.txt": "cog\n"},
             arguments=("--openapi-schema", "{dir}/project/requirements.txt")),
    BadInput("command line: a project that is not there", ("elsewhere",), command=("build", "-C", "{dir}/elsewhere")),
    BadInput("command line: an unknown image to push", ("never-built",),
             command=("push", "never-built", "127.0.0.1:1/a/b"), code=(1, 2)),
    BadInput("command line: an unknown image to report on", ("never-built",), command=("report", "never-built"),
             code=(1, 2)),
    BadInput("command line: an unknown image to inspect", ("never-built",), command=("inspect", "never-built"),
             code=(1, 2)),
    BadInput("command line: offline with an empty cache", ("offline",), arguments=("--offline",), code=1),
]

ALL = CONFIG + REQUIREMENTS + SERVED + WHEELS + BASES + COMMAND_LINE
