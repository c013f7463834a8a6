"""What every test of the built binary starts from: a project, a cache, a base and an index of its own.

COGBUILD names the binary (default: build/release/cogbuild). Nothing here touches the network beyond
loopback. A test's folder is removed when the test passed and left for a look when it failed.
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import base
import make_wheels
import oci
from index_server import IndexServer

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COGBUILD = os.path.abspath(os.environ.get("COGBUILD", os.path.join(ROOT, "build/release/cogbuild")))
SCHEMA = os.path.join(ROOT, "examples/hello-world/openapi_schema.json")

COG_YAML = """\
build:
  python_version: "3.11"
  python_requirements: requirements.txt
  sdk_version: "0.23.1"
run: "run.py:Runner"
"""
RUN_PY = """\
from cog import BaseRunner, Input


class Runner(BaseRunner):
    def run(self, text: str = Input(description="Any text", default="hello")) -> str:
        return text
"""


def clean_environment(home, cache, **extra):
    """An environment in which only what a test says can matter."""
    environment = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": os.path.join(home, "tmp"),
                   "LANG": "C.UTF-8", "PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "127.0.0.1",
                   "COGBUILD_CACHE_DIR": cache, "DOCKER_CONFIG": os.path.join(home, ".docker")}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    environment.update(extra)
    return environment


class Outcome:
    """What one run of the binary came to."""

    def __init__(self, command, code, out, err, seconds):
        self.command, self.code, self.out, self.err, self.seconds = command, code, out, err, seconds

    def __str__(self):
        return f"$ {' '.join(self.command)}\nexit {self.code} after {self.seconds:.2f} s\n" \
               f"--- stdout\n{self.out[-4000:]}\n--- stderr\n{self.err[-6000:]}"


class CliTestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        if not os.path.exists(COGBUILD):
            self.fail(f"{COGBUILD} is missing: build it, or set COGBUILD")
        self.dir = tempfile.mkdtemp(prefix="cogbuild-cli-")
        os.chmod(self.dir, 0o755)
        self.home = self.path("home")
        self.cache = self.path("cache")
        self.wheels = self.path("wheels")
        self.project = self.path("project")
        os.makedirs(os.path.join(self.home, "tmp"))
        self.base = self.path("base")
        base.make_base(self.base)
        make_wheels.make_runtime(self.wheels)
        self.write_project({})
        self.index = None
        self.addCleanup(self._remove_folder)

    def _remove_folder(self):
        result = self._outcome.result if self._outcome else None
        mine = [case for case, _ in (result.failures + result.errors if result else [])
                if case is self or getattr(case, "test_case", None) is self]
        failed = mine or not getattr(self._outcome, "success", True)
        if failed:
            print(f"left for a look: {self.dir}", file=sys.stderr)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write_project(self, files, directory=None):
        """Writes a valid project and `files` (path -> text or bytes; None removes it) over it."""
        directory = directory or self.project
        content = {"cog.yaml": COG_YAML, "run.py": RUN_PY, "requirements.txt": "", **files}
        for name, data in content.items():
            self.write(os.path.join(directory, name), data)
        return directory

    @staticmethod
    def write(path, data):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if data is None:
            if os.path.exists(path):
                os.remove(path)
            return
        with open(path, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)

    def start_index(self, **options):
        """Serves self.wheels; once per test unless asked again."""
        if self.index is None or options:
            self.index = IndexServer(self.wheels, **options)
            self.index.__enter__()
            self.addCleanup(self.index.__exit__)
        return self.index

    def environment(self, **extra):
        return clean_environment(self.home, self.cache, **extra)

    def cogbuild(self, *arguments, expect=0, env=None, cwd=None, timeout=120, before=(), umask=-1):
        """Runs the binary. `expect` is the exit code or a tuple of them, None for any."""
        command = [*before, COGBUILD, *arguments]
        start = time.monotonic()
        done = subprocess.run(command, env=env or self.environment(), cwd=cwd or self.dir, timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, umask=umask)
        outcome = Outcome(command, done.returncode, done.stdout.decode(errors="replace"),
                          done.stderr.decode(errors="replace"), time.monotonic() - start)
        if expect is not None:
            allowed = expect if isinstance(expect, tuple) else (expect,)
            self.assertIn(outcome.code, allowed, str(outcome))
        return outcome

    def build_arguments(self, project=None, name="app", image_base=None, schema=True):
        arguments = ["build", "-C", project or self.project, "-t", name, "--base", "oci:" + (image_base or self.base),
                     "--index-url", self.start_index().url]
        return arguments + (["--openapi-schema", SCHEMA] if schema else [])

    def build(self, *extra, project=None, name="app", image_base=None, schema=True, **options):
        return self.cogbuild(*self.build_arguments(project, name, image_base, schema), *extra, **options)

    def build_layout(self, *extra, **options):
        """Builds to a fresh layout, and returns it with every invariant checked."""
        directory = tempfile.mkdtemp(prefix="out-", dir=self.dir)
        os.rmdir(directory)
        self.build(*extra, "--output", "oci:" + directory, **options)
        layout = oci.Layout(directory)
        self.assertEqual(layout.problems(), [])
        return layout

    def assert_store_sound(self, cache=None):
        """Every blob is what its name says, and no temporary file was left."""
        cache = cache or self.cache
        for folder, _, names in os.walk(cache):
            for name in names:
                path = os.path.join(folder, name)
                inside = os.path.relpath(path, cache).split(os.sep)
                if inside[0] == "blobs":
                    with open(path, "rb") as file:
                        self.assertEqual(hashlib.sha256(file.read()).hexdigest(), name, "a blob under a wrong name")
                else:
                    self.assertNotIn("tmp", inside[:-1], f"left behind: {path}")
                    self.assertNotRegex(name, r"(\.tmp|\.part|~)$", f"left behind: {path}")

    def snapshot(self, directory):
        """path -> (mode, size, mtime, content digest) of everything in a folder."""
        found = {}
        for folder, folders, names in os.walk(directory):
            for name in folders + names:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                digest = ""
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        digest = hashlib.sha256(file.read()).hexdigest()
                times = status.st_mtime_ns if name in names else 0
                found[os.path.relpath(path, directory)] = (status.st_mode, times, digest)
        return found

    def assert_one_error(self, outcome):
        """The user sees one error in words, nothing of the machinery, and no result."""
        errors = re.findall(r"(?m)^(?:\S+: )?error: ", outcome.err)
        self.assertEqual(len(errors), 1, str(outcome))
        for trace in ("terminate called", "Sanitizer", "what():", "Assertion", "core dumped", "std::", "Error("):
            self.assertNotIn(trace, outcome.err, str(outcome))
        self.assertEqual(outcome.out, "", str(outcome))


def sha256_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return "sha256:" + digest.hexdigest()
