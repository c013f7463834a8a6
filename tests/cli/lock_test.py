"""The lock of a project and of requirements files: what is in it, when it counts, who may read it."""
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import tomllib
import unittest

import base
import make_wheels
from cli_test_case import COGBUILD, CliTestCase
from index_server import IndexServer
from registry import Registry

REQUIREMENTS = "alpha\nbeta>=1.0\n"


class LockCase(CliTestCase):
    def setUp(self):
        super().setUp()
        for version in ("1.0", "1.1"):
            make_wheels.make_wheel(self.wheels, "alpha", version, requires=["gamma"])
            make_wheels.make_wheel(self.wheels, "beta", version)
        make_wheels.make_wheel(self.wheels, "gamma", "1.0")
        self.write_project({"requirements.txt": REQUIREMENTS})

    def lock_arguments(self, *extra):
        return ["lock", "-C", self.project, "--base", "oci:" + self.base, "--index-url", self.start_index().url, *extra]

    def lock(self, *extra, **options):
        return self.cogbuild(*self.lock_arguments(*extra), **options)

    def relock(self, *extra, **options):
        """What a user types later: no option is repeated."""
        return self.cogbuild("lock", "-C", self.project, *extra, **options)

    def read(self, name):
        with open(os.path.join(self.project, name), encoding="utf-8") as file:
            return file.read()

    def locks(self):
        return self.read("pylock.toml"), self.read("cogbuild.lock")

    def versions(self, text=None):
        return {package["name"]: package.get("version")
                for package in tomllib.loads(text or self.read("pylock.toml"))["packages"]}

    def peer(self):
        """uv, from the default package index where the machine has none: without either, the test fails."""
        if found := shutil.which("uv"):
            return found
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", self.path("peer"), "uv"],
                       check=True)
        return self.path("peer", "bin", "uv")

    def add_newer(self):
        for name in ("alpha", "beta"):
            make_wheels.make_wheel(self.wheels, name, "1.2", requires=["gamma"] if name == "alpha" else [])


class ProjectLockTest(LockCase):
    def test_both_files_are_made_and_stay_as_they_are(self):
        done = self.lock()
        self.assertRegex(done.err, r"(?m)^locked 6 distributions in [0-9.]+ s$")
        self.assertEqual(done.out, "")
        pylock = tomllib.loads(self.read("pylock.toml"))
        self.assertEqual(pylock["created-by"], "cogbuild")
        self.assertEqual(pylock["requires-python"], "==3.11.*")
        alpha = pylock["packages"][0]
        self.assertEqual((alpha["name"], alpha["version"]), ("alpha", "1.1"))
        self.assertEqual(alpha["index"], self.index.url)
        self.assertEqual(alpha["dependencies"], [{"name": "gamma"}])
        self.assertEqual(len(alpha["wheels"]), 1)
        rest = tomllib.loads(self.read("cogbuild.lock"))
        self.assertEqual(rest["requirements"], ["alpha", "beta>=1.0"])
        self.assertEqual(rest["base"]["python"], "3.11.2")
        before, asked = self.locks(), len(self.index.requests)
        self.add_newer()
        again = self.relock()
        self.assertEqual(again.err, "the lock of 6 distributions is up to date\n")
        self.assertEqual(self.locks(), before)
        self.assertEqual(len(self.index.requests), asked, "a lock that fits asks nobody")

    def test_the_same_inputs_give_the_same_bytes_anywhere(self):
        self.lock()
        before = self.locks()
        other = self.path("other", "place")
        shutil.copytree(self.project, other)
        for name in ("pylock.toml", "cogbuild.lock"):
            os.remove(os.path.join(other, name))
        self.cache = self.path("another-cache")
        self.project = other
        self.lock()
        self.assertEqual(self.locks(), before)

    def test_a_build_takes_the_lock_as_it_is(self):
        self.lock()
        self.add_newer()
        first = self.build_layout("--locked")
        self.index.__exit__()
        asked = len(self.index.requests)
        # Another cache key of everything but the lock: the indexes are gone, and no flag names one.
        again = self.path("again")
        self.cogbuild("build", "-C", self.project, "-t", "app", "--locked", "--offline", "--output", "oci:" + again,
                      "--openapi-schema", self.build_arguments()[-1])
        self.assertEqual(len(self.index.requests), asked)
        with open(os.path.join(again, "index.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["manifests"][0]["digest"], first.digest)
        names = [name for layer in first.layers for name in layer.files()]
        self.assertFalse([name for name in names if name.endswith(("pylock.toml", "cogbuild.lock"))],
                         "locks are no part of the image")

    def test_the_image_is_the_same_with_and_without_a_lock(self):
        self.write_project({"requirements.txt": REQUIREMENTS, ".dockerignore": "nothing\n"})
        before = self.build_layout().digest
        self.lock()
        self.assertEqual(self.build_layout().digest, before)

    def test_an_extra_index_that_is_switched_off_is_not_missed(self):
        extra = self.path("extra")
        make_wheels.make_wheel(extra, "beta", "1.1+cu118")
        with IndexServer(extra) as server:
            self.lock("--extra-index-url", server.url)
            self.assertEqual(self.versions()["beta"], "1.1+cu118")
            first = self.build_layout()
            lock = self.locks()
            asked = len(server.requests) + len(self.index.requests)
        self.assertEqual(self.build_layout().digest, first.digest)
        self.assertEqual(len(server.requests) + len(self.index.requests), asked)
        self.assertEqual(self.locks(), lock)

    def test_locked_refuses_and_says_what_changed(self):
        missing = self.build("--locked", expect=3)
        self.assertIn("error: there is no pylock.toml, but --locked asks for one\nhint: run `cogbuild lock`\n",
                      missing.err)
        self.lock()
        before = self.locks()
        self.write_project({"requirements.txt": "alpha==1.0\ngamma\n"})
        done = self.build("--locked", expect=3)
        self.assertIn("error: pylock.toml is out of date: alpha -> alpha==1.0; - beta>=1.0; + gamma\n", done.err)
        self.assertEqual(done.out, "")
        self.assertEqual(self.locks(), before)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to mount a small file system")
    def test_a_full_disk_leaves_both_files_or_none(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "cogbuild-test", self.project], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.project], check=True)
        self.write_project({"requirements.txt": REQUIREMENTS})
        filler = os.path.join(self.project, "filler")
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        os.truncate(filler, os.path.getsize(filler) - 4096)
        self.assertIn("No space left on device", self.lock(expect=1).err)
        self.assertEqual([name for name in os.listdir(self.project) if "lock" in name or "tmp" in name], [])
        os.remove(filler)
        self.lock()
        self.locks()

    def test_a_malformed_login_is_not_shown(self):
        self.lock()
        self.write_project({"requirements.txt": "git+https://u:p/w@host.example/r@v1\n"})
        done = self.build("--locked", expect=3)
        self.assertIn("host.example/r@v1", done.err)
        self.assertNotIn("p/w", done.err)

    def test_locked_notices_another_base_and_python(self):
        self.lock()
        other = self.path("other-base")
        base.make_base(other, without=["etc/os-release"] if "etc/os-release" in base.FILES else [], tag="x")
        done = self.build("--locked", image_base=other, expect=3)
        self.assertIn("base: oci:", done.err)
        with open(os.path.join(self.project, "cog.yaml"), encoding="utf-8") as file:
            text = file.read().replace('"3.11"', '"3.12"')
        self.write_project({"requirements.txt": REQUIREMENTS, "cog.yaml": text})
        self.assertIn("python: 3.11 -> 3.12", self.build("--locked", expect=3).err)

    def test_check_tells_and_writes_nothing(self):
        self.lock()
        self.assertEqual(self.relock("--check").code, 0)
        before = self.locks()
        self.write_project({"requirements.txt": "alpha==1.0\nbeta>=1.0\n"})
        done = self.relock("--check", expect=3)
        self.assertIn("alpha 1.1 -> 1.0\n", done.err)
        self.assertIn("alpha -> alpha==1.0", done.err)
        self.assertEqual(self.locks(), before)
        os.remove(os.path.join(self.project, "pylock.toml"))
        self.relock("--check", expect=3)
        self.assertFalse(os.path.exists(os.path.join(self.project, "pylock.toml")))

    def test_what_need_not_change_does_not(self):
        self.lock()
        self.add_newer()
        make_wheels.make_wheel(self.wheels, "delta", "1.0")
        self.write_project({"requirements.txt": REQUIREMENTS + "delta\n"})
        done = self.relock("--no-cache")
        self.assertIn("+ delta 1.0\n", done.err)
        self.assertIn("(1 changed)", done.err)
        self.assertEqual((self.versions()["alpha"], self.versions()["beta"]), ("1.1", "1.1"))

    def test_upgrade_of_one_of_all_and_to_a_version(self):
        self.lock()
        self.add_newer()
        self.assertIn("beta 1.1 -> 1.2\n", self.relock("--no-cache", "-P", "beta").err)
        self.assertEqual((self.versions()["alpha"], self.versions()["beta"]), ("1.1", "1.2"))
        self.relock("-P", "alpha==1.0")
        self.assertEqual((self.versions()["alpha"], self.versions()["beta"]), ("1.0", "1.2"))
        before = self.locks()
        done = self.relock("-P", "alpha==3.0", expect=1)
        self.assertIn("`alpha` cannot be 3.0 here", done.err)
        self.assertEqual(self.locks(), before)
        self.relock("-P", "alpha=1", expect=2)
        self.relock("--upgrade")
        self.assertEqual(self.versions()["alpha"], "1.2")
        self.assertIn("up to date", self.relock("--upgrade").err)

    def test_a_build_brings_a_lock_up_to_date_and_makes_none(self):
        self.build()
        self.assertFalse(os.path.exists(os.path.join(self.project, "pylock.toml")))
        self.lock()
        self.write_project({"requirements.txt": "alpha==1.0\nbeta>=1.0\n"})
        before = self.locks()
        self.build("--plan")
        self.assertEqual(self.locks(), before, "a plan writes nothing")
        done = self.build()
        self.assertIn("alpha 1.1 -> 1.0\n", done.err)
        self.assertIn("updated pylock.toml and cogbuild.lock\n", done.err)
        self.build("--locked")

    def test_options_given_to_lock_hold_until_they_are_given_anew(self):
        self.lock("--resolution", "lowest")
        self.assertEqual(self.versions()["alpha"], "1.0")
        self.assertIn("up to date", self.relock().err)
        self.build("--locked")
        self.assertIn("--resolution: lowest -> highest", self.build("--locked", "--resolution", "highest", expect=3).err)
        self.relock("--resolution", "highest", "--upgrade")
        self.assertEqual(self.versions()["alpha"], "1.1")
        for wrong in (["--resolution", "middle"], ["--exclude-newer", "soon"], ["--index-strategy", "any"],
                      ["-r", "x.txt"], ["--python", "3.12"], ["--no-binary", "-"]):
            self.assert_one_error(self.relock(*wrong, expect=2))

    def test_no_cutoff_is_kept_as_such(self):
        # This index tells no upload times, so that nothing is old enough.
        self.assertIn("has no upload time", self.lock("--exclude-newer", "7 days", expect=1).err)
        self.write_project({"requirements.txt": "", "cog.yaml": self.read("cog.yaml").replace(
            "  python_requirements: requirements.txt\n", "")})
        self.lock("--exclude-newer", "none")
        self.assertIn('exclude-newer = ""\n', self.read("cogbuild.lock"))

    def test_wheels_of_the_project_are_told_by_content(self):
        local = os.path.join(self.project, "wheels")
        path = make_wheels.make_wheel(local, "local-lib", "1.0", {"local_lib.py": "x = 1\n"})
        self.write_project({"requirements.txt": f"./wheels/{os.path.basename(path)}\n"})
        self.lock()
        package = next(p for p in tomllib.loads(self.read("pylock.toml"))["packages"] if p["name"] == "local-lib")
        self.assertEqual(package["archive"]["path"], "wheels/" + os.path.basename(path))
        os.utime(path, (1, 1))
        self.build("--locked")  # a checkout has other times
        with open(path, "rb") as file:
            content = file.read()
        make_wheels.make_wheel(local, "local-lib", "1.0", {"local_lib.py": "x = 2\n"})
        self.assertEqual(len(content), os.path.getsize(path))
        self.assertIn(f"`wheels/{os.path.basename(path)}` has changed", self.build("--locked", expect=3).err)
        self.build()
        self.build("--locked")

    def test_credentials_reach_no_file_and_no_output(self):
        with_login = self.start_index().url.replace("http://", "http://someone:hunter2@")
        outputs = []
        for arguments in (["lock", "-C", self.project, "--base", "oci:" + self.base, "--index-url", with_login],
                          ["lock", "-C", self.project, "--upgrade", "-v", "--extra-index-url", with_login],
                          ["lock", "-C", self.project, "--check", "--json", "--find-links", with_login],
                          ["build", "-C", self.project, "-t", "app", "-v", "--locked"],
                          ["lock", "-r", os.path.join(self.project, "requirements.txt"), "--python", "3.11",
                           "--index-url", with_login]):
            done = self.cogbuild(*arguments, expect=None)
            outputs.append(done.out + done.err)
        self.assertIn("alpha", outputs[-1])
        for text in [*outputs, *self.locks()]:
            self.assertNotIn("hunter2", text)
            self.assertNotIn("someone", text)
        for folder, _, names in os.walk(self.cache):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(b"hunter2", file.read(), name)

    def test_a_lock_that_is_no_lock(self):
        self.lock()
        pylock, rest = self.locks()
        project = self.project
        for name, text, words in (
                ("cogbuild.lock", "<<<<<<< mine\n" + rest, "cogbuild.lock:1:1: error: this is no TOML"),
                ("cogbuild.lock", rest.replace("version = 1", "version = 9"), "has version 9"),
                ("cogbuild.lock", rest + "surprise = 1\n", "`surprise` is not known here"),
                ("pylock.toml", "<<<<<<< mine\n" + pylock, "pylock.toml:1:1: error: this is no TOML"),
                ("pylock.toml", pylock.replace("sha256 = ", "md5 = ", 1), "a digest of md5 has 32 digits"),
                ("pylock.toml", pylock.replace('name = "beta"', 'name = "alpha"'), "`alpha` stands twice"),
                ("pylock.toml", "\0" * 1000, "pylock.toml:1:1")):
            with self.subTest(words=words):
                self.write(os.path.join(project, "pylock.toml"), pylock)
                self.write(os.path.join(project, "cogbuild.lock"), rest)
                self.write(os.path.join(project, name), text)
                done = self.build(expect=(1, 2))
                self.assert_one_error(done)
                self.assertIn(words, done.err)

    def test_lock_mends_what_a_merge_left(self):
        self.lock()
        pylock, rest = self.locks()
        self.write(os.path.join(self.project, "cogbuild.lock"), "<<<<<<< mine\n" + rest)
        done = self.lock()
        self.assertIn("it is written anew", done.err)
        self.assertEqual(self.locks(), (pylock, rest))
        self.write(os.path.join(self.project, "pylock.toml"), pylock.replace("inputs = ", 'was = '))
        self.assertIn("do not belong together", self.build("--locked", expect=3).err)

    def test_a_file_that_was_swapped_is_not_built_from(self):
        self.lock()
        self.build("--locked")
        self.cache = self.path("fresh-cache")
        make_wheels.make_wheel(self.wheels, "alpha", "1.1", {"alpha/__init__.py": "evil = 1\n"}, ["gamma"])
        done = self.build("--locked", expect=1)
        self.assert_one_error(done)
        self.assertIn("alpha-1.1-py3-none-any.whl", done.err)

    def test_what_must_be_built_can_be_locked_and_not_yet_built(self):
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for name, text in (("PKG-INFO", "Metadata-Version: 2.2\nName: delta\nVersion: 1.0\n"),
                               ("pyproject.toml", '[project]\nname = "delta"\nversion = "1.0"\n')):
                entry = tarfile.TarInfo("delta-1.0/" + name)
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text.encode()))
        self.write(os.path.join(self.wheels, "delta-1.0.tar.gz"), content.getvalue())
        self.write_project({"requirements.txt": "delta\n"})
        self.assertIn("must be built", self.lock().err)
        package = next(p for p in tomllib.loads(self.read("pylock.toml"))["packages"] if p["name"] == "delta")
        self.assertTrue(package["sdist"]["url"].endswith("/delta-1.0.tar.gz"))
        done = self.build("--locked", expect=1)
        self.assert_one_error(done)
        self.assertIn("delta 1.0 must be built from source archive delta-1.0.tar.gz", done.err)

    def test_a_read_only_project(self):
        self.lock()
        if os.geteuid() == 0:
            self.skipTest("nothing is read-only for root")
        os.chmod(self.project, 0o555)
        self.addCleanup(os.chmod, self.project, 0o755)
        self.build("--locked")

    def test_another_config_file_has_its_own_lock(self):
        shutil.copy(os.path.join(self.project, "cog.yaml"), os.path.join(self.project, "cog-gpu.yaml"))
        self.lock("-f", "cog-gpu.yaml")
        self.assertEqual(sorted(name for name in os.listdir(self.project) if "lock" in name),
                         ["cogbuild.cog-gpu.lock", "pylock.cog-gpu.toml"])

    def test_another_platform_leaves_the_lock_alone(self):
        self.lock()
        before = self.locks()
        arm = self.path("arm-base")
        base.make_base(arm, architecture="arm64")
        make_wheels.make_wheel(self.wheels, "coglet", "0.23.1", tag="cp310-abi3-manylinux_2_17_aarch64")
        self.assertIn("platform: linux/amd64 -> linux/arm64",
                      self.build("--locked", "--platform", "linux/arm64", image_base=arm, expect=3).err)
        self.build("--platform", "linux/arm64", image_base=arm)
        self.assertEqual(self.locks(), before)

    def test_killed_at_any_moment_the_lock_is_whole(self):
        self.lock()
        whole = time.monotonic()
        self.relock("--upgrade")
        whole = time.monotonic() - whole
        for number in range(12):
            self.write_project({"requirements.txt": f"alpha==1.{number % 2}\nbeta\n"})
            process = subprocess.Popen([COGBUILD, *self.lock_arguments()], env=self.environment(),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(whole * number / 10)
            process.send_signal(signal.SIGKILL)
            process.wait()
            tomllib.loads(self.read("pylock.toml"))
            tomllib.loads(self.read("cogbuild.lock"))
        self.relock()
        self.build("--locked")

    def test_json_and_dry_run(self):
        self.lock()
        before = self.locks()
        self.write_project({"requirements.txt": "alpha==1.0\nbeta\n"})
        done = self.relock("--json", "--dry-run")
        report = json.loads(done.out)
        self.assertEqual(report["changes"], [{"name": "alpha", "before": "1.1", "after": "1.0"}])
        self.assertEqual((report["changed"], report["written"]), (True, []))
        self.assertEqual(self.locks(), before)


class LockedBaseTest(LockCase):
    def test_a_tag_that_moves_does_not_change_a_locked_build(self):
        with Registry(self.path("registry")) as registry:
            def put(directory):
                subprocess.run(["skopeo", "copy", "-q", "--dest-tls-verify=false", f"oci:{directory}:latest",
                                f"docker://{registry.address}/base:1"], check=True, stdout=subprocess.DEVNULL)
            put(self.base)
            reference = f"{registry.address}/base:1"
            index = self.start_index().url
            self.cogbuild("lock", "-C", self.project, "--base", reference, "--index-url", index)
            schema = self.build_arguments()[-1]
            build = ["build", "-C", self.project, "-t", "app", "--locked", "--openapi-schema", schema]
            first = self.cogbuild(*build).out
            moved = self.path("moved")
            base.make_base(moved, User="nobody")
            put(moved)
            self.assertEqual(self.cogbuild(*build).out, first)
            self.cache = self.path("fresh")
            self.assertEqual(self.cogbuild(*build).out, first)
            self.assertIn("up to date", self.relock().err)
            before = self.read("cogbuild.lock")
            self.relock("--upgrade-base")
            self.assertNotEqual(self.read("cogbuild.lock"), before)
            self.assertNotEqual(self.cogbuild(*build).out, first)


class ForeignLockTest(LockCase):
    FOREIGN = """lock-version = "1.0"
created-by = "another"

[[packages]]
name = "alpha"
version = "1.0"
wheels = [{ url = "https://host/alpha-1.0-py3-none-any.whl", hashes = { sha256 = "%s" } }]
""" % ("a" * 64)

    def test_its_versions_are_preferred_and_a_build_leaves_it_alone(self):
        self.write(os.path.join(self.project, "pylock.toml"), self.FOREIGN)
        self.assertIn("pylock.toml is of another tool", self.build("--locked", expect=3).err)
        done = self.build()
        self.assertIn("pylock.toml is of another tool", done.err)
        self.assertIn("alpha 1.0", done.err)
        self.assertEqual(self.read("pylock.toml"), self.FOREIGN)
        self.lock()
        self.assertEqual((self.versions()["alpha"], self.versions()["beta"]), ("1.0", "1.1"))
        self.assertIn('created-by = "cogbuild"', self.read("pylock.toml"))
        self.build("--locked")

    def test_one_that_uv_made(self):
        uv = self.peer()
        make_wheels.make_wheel(self.wheels, "alpha", "1.0", requires=["gamma; python_version < '3.12'", "beta"])
        self.write_project({"requirements.txt": "alpha<1.1\n"})
        target = os.path.join(self.project, "pylock.toml")
        subprocess.run([uv, "pip", "compile", "-q", "--universal", "--format", "pylock.toml", "-o", target, "--no-config",
                        "--default-index", self.start_index().url, "--cache-dir", self.path("uv-cache"),
                        "--python-version", "3.11", os.path.join(self.project, "requirements.txt")],
                       check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.assertIn('created-by = "uv"', self.read("pylock.toml"))
        self.add_newer()
        self.write_project({"requirements.txt": "alpha\n"})
        self.lock()
        versions = self.versions()
        self.assertEqual((versions["alpha"], versions["beta"], versions["gamma"]), ("1.0", "1.1", "1.0"))

    def test_uv_reads_ours(self):
        uv = self.peer()
        self.lock()
        done = subprocess.run([uv, "pip", "install", "--preview", "-r", os.path.join(self.project, "pylock.toml"), "--dry-run",
                               "--python-version", "3.11", "--python-platform", "x86_64-manylinux_2_36", "--target", self.path("target"),
                               "--cache-dir", self.path("uv-cache"), "--no-config"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("alpha==1.1", done.stderr)


class RequirementsLockTest(LockCase):
    def setUp(self):
        super().setUp()
        self.file = self.path("somewhere", "requirements.txt")
        self.write(self.file, REQUIREMENTS)
        self.output = self.path("out.lock")

    def lock_file(self, *extra, output=True, python="3.12", **options):
        arguments = ["lock", "-r", self.file, "--index-url", self.start_index().url, "--python", python,
                     "--libc", "glibc:2.36", "--arch", "x86_64"]
        if output:
            arguments += ["-o", self.output]
        return self.cogbuild(*arguments, *extra, **options)

    def text(self):
        with open(self.output, encoding="utf-8") as file:
            return file.read()

    def test_a_lock_without_a_project(self):
        done = self.lock_file()
        self.assertRegex(done.err, r"^locked 3 distributions in [0-9.]+ s\n$")
        self.assertEqual(self.versions(self.text()), {"alpha": "1.1", "beta": "1.1", "gamma": "1.0"})
        first, asked = self.text(), len(self.index.requests)
        self.assertEqual(self.lock_file().err, "the lock of 3 distributions is up to date\n")
        self.assertEqual((self.text(), len(self.index.requests)), (first, asked))
        os.remove(self.output)
        self.lock_file()
        self.assertEqual(self.text(), first)
        self.assertEqual(os.listdir(os.path.dirname(self.file)), ["requirements.txt"])

    def test_standard_output_is_the_lock(self):
        printed = self.lock_file(output=False).out
        self.lock_file()
        self.assertEqual(printed, self.text())
        self.assertEqual(self.lock_file("-o", "-", output=False).out, printed)

    def test_earlier_versions_are_preferred_and_options_decide(self):
        self.lock_file()
        self.add_newer()
        self.write(self.file, REQUIREMENTS + "gamma\n")
        self.lock_file("--no-cache")
        self.assertEqual(self.versions(self.text())["alpha"], "1.1")
        self.lock_file("--resolution", "lowest", "-U")
        self.assertEqual(self.versions(self.text())["alpha"], "1.0")
        self.write(self.path("somewhere", "limits.txt"), "alpha<1.2\n")
        self.lock_file("-U", "-c", self.path("somewhere", "limits.txt"))
        self.assertEqual((self.versions(self.text())["alpha"], self.versions(self.text())["beta"]), ("1.1", "1.2"))

    def test_find_links_and_no_index(self):
        self.cogbuild("lock", "-r", self.file, "--no-index", "--find-links", self.wheels, "--python", "3.12",
                      "-o", self.output)
        package = tomllib.loads(self.text())["packages"][0]
        self.assertEqual(package["wheels"][0]["path"], "wheels/alpha-1.1-py3-none-any.whl")

    def test_a_requirements_file_comes_out(self):
        lines = self.lock_file("--format", "requirements", output=False).out.splitlines()
        self.assertEqual(lines[0], "--index-url " + self.index.url)
        self.assertEqual([line.split(" ")[0] for line in lines[1::2]], ["alpha==1.1", "beta==1.1", "gamma==1.0"])
        self.assertRegex(lines[2], r"^    --hash=sha256:[0-9a-f]{64}$")

    def test_a_requirements_file_keeps_its_pins(self):
        self.lock_file("--format", "requirements")
        self.add_newer()
        self.write(self.file, REQUIREMENTS + "gamma\n")
        self.lock_file("--format", "requirements", "--no-cache", "--check")
        self.assertIn("alpha==1.1 ", self.text())
        done = self.lock_file("--format", "requirements", "--no-cache", "-U")
        self.assertRegex(done.err, r"^alpha 1\.1 -> [0-9.]+\n")
        self.assertNotIn("alpha==1.1 ", self.text())

    def test_what_is_wrong_is_told(self):
        cases = [(["--python", "2.7"], "`2.7` is no version of Python"), (["--python", "3"], "is no version"),
                 (["--libc", "bionic:1"], "`bionic:1` is no C library"), (["--arch", "riscv64"], "`riscv64`"),
                 (["--format", "conda"], "`conda` is no format"), (["-r", "missing.txt"], "there is no file `missing.txt`"),
                 (["-o", self.file], "would be overwritten by its own lock")]
        for arguments, words in cases:
            with self.subTest(arguments=arguments):
                done = self.lock_file(*arguments, expect=2)
                self.assert_one_error(done)
                self.assertIn(words, done.err)
        done = self.cogbuild("lock", "-r", self.file, "--index-url", self.index.url, expect=2)
        self.assertIn("-r needs --python", done.err)

    def test_an_output_that_is_no_lock_is_written_anew_with_a_warning(self):
        self.write(self.output, "<<<<<<< mine\n")
        self.assertIn("it is written anew", self.lock_file().err)
        self.assertEqual(self.versions(self.text())["alpha"], "1.1")


if __name__ == "__main__":
    unittest.main()
