"""`.dockerignore` gives Docker's answers, and nobody edits it."""
import os
import subprocess
import unittest

from cli_test_case import COGBUILD, CliTestCase

LINES = """\
# comment
/venv
**/.git
*.log
docs
!docs/keep.md
/model_cache/*
notes*/draft?.txt
"""
KEPT = ("run.py", "docs/keep.md", "sub/venv/x.py", "notes1/draftAB.txt", "sub/a.log")
LEFT_OUT = ("venv/lib/x.py", ".git/config", "sub/.git/HEAD", "a.log", "docs/other.md", "model_cache/w.safetensors",
            "notes1/draft2.txt")


class DockerignoreTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.write_project({**{name: f"{name}\n" for name in KEPT + LEFT_OUT if name != "run.py"},
                            "model_cache/w.safetensors": os.urandom(11_000_000), ".dockerignore": LINES})

    def test_docker_s_answers(self):
        tree = self.build_layout().tree()
        for name in KEPT:
            self.assertIn("src/" + name, tree)
        for name in LEFT_OUT:
            self.assertNotIn("src/" + name, tree)

    def test_a_folder_whose_files_are_all_left_out_stays_as_a_folder(self):
        tree = self.build_layout().tree()
        self.assertTrue(tree["src/model_cache"].isdir())
        self.assertFalse(any(name.startswith("src/model_cache/") for name in tree))

    def test_left_out_weights_are_not_opened(self):
        trace = self.path("trace")
        self.build(before=["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace])
        with open(trace, encoding="utf-8", errors="replace") as file:
            self.assertNotIn("w.safetensors", file.read())

    def test_the_project_is_never_written_to(self):
        before = self.snapshot(self.project)
        self.build()
        self.assertEqual(self.snapshot(self.project), before, "after a build")
        self.cogbuild("push", "app", "127.0.0.1:1/nobody/there", expect=1)
        self.assertEqual(self.snapshot(self.project), before, "after a failed push")
        self.build("--base", "oci:" + self.path("missing"), expect=None)
        self.assertEqual(self.snapshot(self.project), before, "after a failed build")
        process = subprocess.Popen([COGBUILD, *self.build_arguments(), "--no-cache"], env=self.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.kill()
        process.wait()
        self.assertEqual(self.snapshot(self.project), before, "after a killed build")

    def test_without_the_file_the_usual_rubbish_stays_out_and_is_counted(self):
        self.write_project({".dockerignore": None, "__pycache__/run.cpython-311.pyc": b"\0" * 99,
                            ".venv/bin/python": "x", ".cog/tmp/x": "x", "sub/__pycache__/y.pyc": "y"})
        image = self.build_layout()
        tree = image.tree()
        for name in (".git/config", "venv/lib/x.py", ".venv/bin/python", "__pycache__/run.cpython-311.pyc",
                     "sub/__pycache__/y.pyc", ".cog/tmp/x"):
            self.assertNotIn("src/" + name, tree)
        self.assertIn("src/docs/other.md", tree)
        self.assertRegex(self.build().err, r"left out.*\d")

    def test_secrets_are_warned_about(self):
        self.write_project({".dockerignore": None, ".env": "TOKEN=1\n", "key.pem": "-----BEGIN PRIVATE KEY-----\n"})
        done = self.build()
        self.assertIn(".env", done.err)
        self.assertIn("key.pem", done.err)


if __name__ == "__main__":
    unittest.main()
