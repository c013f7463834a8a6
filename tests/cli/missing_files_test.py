"""Files that are not there yet: Git LFS pointers, submodules, wrong names."""
import unittest

from cli_test_case import COG_YAML, CliTestCase

POINTER = """\
version https://git-lfs.github.com/spec/v1
oid sha256:0000000000000000000000000000000000000000000000000000000000000001
size 4265146304
"""
GITMODULES = '[submodule "engine"]\n\tpath = engine\n\turl = https://git.example/acme/engine.git\n'
IN_ENGINE = COG_YAML.replace("requirements.txt", "engine/requirements.txt")


class MissingFilesTest(CliTestCase):
    def failed(self, files, *words):
        self.write_project(files)
        done = self.build(expect=2)
        self.assert_one_error(done)
        for word in words:
            self.assertIn(word, done.err)
        return done

    def test_a_git_lfs_pointer_is_not_weights(self):
        self.failed({"weights/model.safetensors": POINTER}, "weights/model.safetensors", "Git LFS pointer", "git lfs pull")
        self.assertEqual(self.index.requests, [], "found before any download")

    def test_a_pointer_of_any_extension(self):
        self.failed({"assets/picture": POINTER}, "assets/picture", "git lfs pull")

    def test_a_text_that_only_mentions_the_specification_is_no_pointer(self):
        self.write_project({"README.txt": "see version https://git-lfs.github.com/spec/v1\n"})
        self.build()

    def test_requirements_in_a_submodule_that_is_not_checked_out(self):
        self.failed({"cog.yaml": IN_ENGINE, ".gitmodules": GITMODULES, "engine/.keep": None},
                    "engine/requirements.txt", "submodule", "git submodule update --init")

    def test_requirements_that_are_simply_missing(self):
        done = self.failed({"cog.yaml": IN_ENGINE}, "engine/requirements.txt", "cog.yaml:3:")
        self.assertNotIn("submodule", done.err)

    def test_a_runner_file_that_is_missing(self):
        self.failed({"cog.yaml": COG_YAML.replace("run.py:", "missing.py:")}, "missing.py", "cog.yaml:5:")

    def test_no_cog_yaml(self):
        self.write_project({"cog.yaml": None})
        done = self.build(expect=2)
        self.assert_one_error(done)
        self.assertIn("cog.yaml", done.err)


if __name__ == "__main__":
    unittest.main()
