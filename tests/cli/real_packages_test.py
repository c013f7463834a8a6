"""Bases and system packages from the real archive of Debian, tried in their unpacked root.

These tests need the Debian mirror that apt uses on this machine, and a user who may make namespaces. When the mirror is
gone they fail and say so; they are never skipped.
"""
import os
import shutil
import subprocess
import tempfile
import unittest

import make_wheels
import oci
from cli_test_case import CliTestCase, clean_environment

NEEDS = "this test needs the real Debian mirror of this machine"

STANDARD_LIBRARY = """
import ctypes, ctypes.util, pwd, socket, sqlite3, ssl, subprocess, zoneinfo
certificates = len(ssl.create_default_context().get_ca_certs())
assert certificates > 100, certificates
assert sqlite3.connect(":memory:").execute("select sqlite_version()").fetchone()
assert ctypes.util.find_library("z") and ctypes.CDLL(ctypes.util.find_library("stdc++"))
assert zoneinfo.ZoneInfo("Europe/Berlin").key == "Europe/Berlin"
assert socket.getservbyname("https") == 443
assert pwd.getpwuid(0).pw_name == "root"
assert subprocess.check_output("echo a | awk '{print $1}' | sed s/a/b/", shell=True) == b"b\\n"
"""


class RealPackagesTest(CliTestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="cogbuild-real-packages-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)

    def setUp(self):
        super().setUp()
        self.cache = os.path.join(self.shared, "cache")  # each package is downloaded once for all tests

    def environment(self, **extra):
        """The machine's own proxies stay."""
        kept = {name: value for name, value in os.environ.items()
                if name.lower().endswith("_proxy") or name.startswith("SSL_")}
        return clean_environment(self.home, self.cache, **kept, **extra)

    def build_root(self, python, packages=()):
        project, wheels = self.path("project"), self.path("wheels")
        os.makedirs(project, exist_ok=True)
        make_wheels.make_runtime(wheels)
        with open(os.path.join(project, "cog.yaml"), "w", encoding="utf-8") as file:
            file.write(f'build:\n  python_version: "{python}"\n  sdk_version: "0.23.1"\n'
                       f'  system_packages: [{", ".join(packages)}]\nrun: "run.py:Runner"\n')
        with open(os.path.join(project, "run.py"), "w", encoding="utf-8") as file:
            file.write("class Runner:\n    def run(self) -> str:\n        return \"\"\n")
        done = self.cogbuild("build", "-C", project, "-t", "real", "--no-index", "--find-links", wheels, "--output",
                             "oci:" + self.path("image"), "--output", "rootfs:" + self.path("root"), expect=None,
                             timeout=600)
        if done.code != 0:
            self.fail(f"{NEEDS}; the build came to:\n{done}")
        self.assertEqual(oci.Layout(self.path("image")).problems(), [])

    def run_in_root(self, *command):
        root = self.path("root")
        os.makedirs(os.path.join(root, "proc"), exist_ok=True)
        with open(os.path.join(root, "dev/null"), "a", encoding="utf-8"):  # a file does for programs
            pass
        isolate = ["unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc=" + os.path.join(root, "proc")]
        if os.geteuid() != 0:
            isolate.insert(1, "-r")
        done = subprocess.run([*isolate, "chroot", root, "/usr/bin/env", "-i", "HOME=/root", "LC_ALL=C.UTF-8",
                               "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *command],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, f"{' '.join(command)}\n{done.stdout}")
        return done.stdout

    def assert_clean(self):
        """By its own dpkg; by the machine's, where the root is too small for one."""
        for argument in ("--audit", "-V"):
            if os.path.exists(self.path("root", "usr/bin/dpkg")):
                said = self.run_in_root("dpkg", argument)
            else:
                said = subprocess.run(["dpkg", "--root=" + self.path("root"), argument], stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, check=True).stdout
            self.assertEqual(said, "")

    def test_python_of_bookworm_has_its_standard_library(self):
        self.build_root("3.11")
        self.run_in_root("python", "-c", STANDARD_LIBRARY)
        self.assertIn("Python 3.11.", self.run_in_root("python3", "--version"))
        self.assertEqual(self.run_in_root("/sbin/tini", "--", "/bin/sh", "-c", "echo started"), "started\n")
        self.assert_clean()

    def test_python_of_trixie_has_its_standard_library(self):
        self.build_root("3.13")
        self.run_in_root("python", "-c", STANDARD_LIBRARY)
        self.assertIn("Python 3.13.", self.run_in_root("python3", "--version"))
        self.assert_clean()

    def test_the_most_wanted_packages_run(self):
        self.build_root("3.11", ["ffmpeg", "git", "libgl1"])
        self.run_in_root("ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=d=0.2:s=64x64", "-c:v", "libx264",
                         "/tmp/out.mp4")
        self.run_in_root("git", "init", "-q", "/tmp/repository")
        self.run_in_root("python", "-c", 'import ctypes; ctypes.CDLL("libGL.so.1")')
        self.assertIn("libGL.so.1", self.run_in_root("ldconfig", "-p"))
        self.assert_clean()


if __name__ == "__main__":
    unittest.main()
