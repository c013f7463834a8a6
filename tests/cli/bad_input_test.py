"""Every input of the table is refused with one clear error, and nothing half-made stays behind."""
import os
import re
import subprocess
import unittest

import bad_inputs
import make_wheels
from cli_test_case import CliTestCase
from fault_registry import FaultRegistry, Reply


class BadInputTest(CliTestCase):
    def refuse(self, case):
        self.write_project(case.files)
        if case.wheels:
            case.wheels(self.wheels)
        image_base = None
        if case.base:
            image_base = self.path("given-base")
            case.base(image_base)
        self.start_index(faults=case.faults)
        before = self.snapshot(self.project)
        out = self.path("out")
        if case.command:
            arguments = [part.format(dir=self.dir) for part in case.command if part]
            done = self.cogbuild(*arguments, expect=case.code)
        else:
            extra = [part.format(dir=self.dir) for part in case.arguments]
            if "--output" not in extra:
                extra += ["--output", "oci:" + out]
            done = self.build(*extra, image_base=image_base, expect=case.code, timeout=60)
        self.assert_one_error(done)
        for word in case.words:
            self.assertIn(word.lower(), done.err.lower(), str(done))
        self.assertLess(len(done.err.splitlines()), 40, str(done))
        self.assertFalse(os.path.exists(out), "an image in spite of the error")
        self.assertEqual(self.snapshot(self.project), before, "the project was changed")
        for path in ("outside", "outside.py", "etc/outside.py"):
            self.assertFalse(os.path.exists(self.path(path)))
        self.assert_store_sound()
        if done.code == 0 or os.path.exists(os.path.join(self.cache, "index.sqlite")):
            kept = "/app:" in self.cogbuild("cache", "show").out
            self.assertEqual(kept, case.is_built, "the name in the store")


def add(case):
    name = "test_" + re.sub(r"\W+", "_", case.name.lower())
    assert not hasattr(BadInputTest, name), name
    setattr(BadInputTest, name, lambda self: self.refuse(case))


for bad_input in bad_inputs.ALL:
    add(bad_input)


@unittest.skipUnless(os.geteuid() == 0, "needs root to mount a small file system")
class BadDiskTest(CliTestCase):
    """The cache on a disk that is full or read-only."""

    def mount(self, size):
        os.makedirs(self.cache, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "cogbuild-test", self.cache], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.cache], check=True)

    def test_a_full_disk_is_named_and_leaves_no_litter(self):
        make_wheels.make_wheel(self.wheels, "large-lib", "1.0", {"large_lib/a.bin": os.urandom(20_000_000)})
        self.write_project({"requirements.txt": "large-lib==1.0\n"})
        self.mount("8m")
        done = self.build(expect=1)
        self.assert_one_error(done)
        self.assertRegex(done.err.lower(), "no space left|disk is full")
        self.assertIn(self.cache, done.err)
        self.assert_store_sound()
        subprocess.run(["mount", "-o", "remount,size=200m", self.cache], check=True)
        self.build_layout()

    def test_a_read_only_cache_is_named(self):
        self.mount("8m")
        subprocess.run(["mount", "-o", "remount,ro", self.cache], check=True)
        done = self.build(expect=1)
        self.assert_one_error(done)
        self.assertIn(self.cache, done.err)

    def test_a_cache_that_is_a_file(self):
        self.write(self.cache, "not a folder\n")
        done = self.build(expect=1)
        self.assert_one_error(done)
        self.assertIn(self.cache, done.err)


# what the registry does, exit code, words
ANSWERS = [
    ("asks for a login", Reply(401, headers={"WWW-Authenticate": 'Basic realm="test"'}), ("401", "models/app")),
    ("forbids", Reply(403, code="DENIED", message="not yours"), ("not yours", "models/app")),
    ("is no registry", Reply(404, b"<html>nothing here</html>"), ("404",)),
    ("fails every time", Reply(500, b"oops"), ("500",)),
    ("refuses the name", Reply(400, code="NAME_INVALID", message="no such project"), ("no such project",)),
]


class BadRegistryTest(CliTestCase):
    def test_answers(self):
        self.build()
        for name, answer, words in ANSWERS:
            with self.subTest(name), FaultRegistry(lambda request, answer=answer: answer) as registry:
                done = self.cogbuild("push", "app", f"{registry.address}/models/app", expect=1)
                self.assert_one_error(done)
                for word in words + (registry.address,):
                    self.assertIn(word, done.err)

    def test_nobody_listens(self):
        self.build()
        done = self.cogbuild("push", "app", "127.0.0.1:1/models/app", expect=1)
        self.assert_one_error(done)
        self.assertIn("127.0.0.1:1", done.err)

    def test_a_bad_destination(self):
        self.build()
        for destination in ("127.0.0.1:5000/UPPER/case", "127.0.0.1:5000/a:b:c", ""):
            with self.subTest(destination):
                self.assert_one_error(self.cogbuild("push", "app", destination, expect=2))


if __name__ == "__main__":
    unittest.main()
