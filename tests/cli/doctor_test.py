"""`cogbuild doctor`: what it lists, how it ends, and what --fix makes. Servers are on loopback."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import make_wheels
from cli_test_case import COGBUILD, Outcome, clean_environment
from index_server import IndexServer
from registry import Registry

COG_YAML = 'build:\n  python_version: "3.12"\n{more}predict: "predict.py:Predictor"\n'
PREDICT_PY = """\
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(self, text: str = Input(description="Any text", default="hello")) -> str:
        return text
"""


class DoctorTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        if not os.path.exists(COGBUILD):
            self.fail(f"{COGBUILD} is missing: build it, or set COGBUILD")
        self.dir = tempfile.mkdtemp(prefix="cogbuild-doctor-")
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.home = self.path("home")
        os.makedirs(os.path.join(self.home, "tmp"))
        os.makedirs(self.path("project"))
        self.write("cog.yaml", COG_YAML.format(more=""))
        self.write("predict.py", PREDICT_PY)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, text):
        with open(self.path("project", name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path("project", name), encoding="utf-8") as file:
            return file.read()

    def run_doctor(self, *arguments, **environment):
        command = [COGBUILD, "doctor", "-C", self.path("project"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                              env=clean_environment(self.home, self.path("cache"), **environment))
        return Outcome(command, done.returncode, done.stdout, done.stderr, 0)

    def items(self, *arguments, code=0, **environment):
        outcome = self.run_doctor("--format", "json", *arguments, **environment)
        self.assertEqual(outcome.code, code, outcome)
        document = json.loads(outcome.out)
        self.assertEqual(document["version"], 1)
        out = {}
        for item in document["checks"]:
            out.setdefault(item["id"], item)
        return out

    def test_warnings_end_with_0_and_name_their_fix(self):
        outcome = self.run_doctor("--offline")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("  warning  config-deprecated\n"
                      "           cog.yaml:3:1: `predict` is deprecated\n"
                      "           fix: write `run` instead (--fix)\n", outcome.out)
        self.assertIn("predict.py:5:9: `predict()` is the older name of `run()`", outcome.out)
        for heading in ("Config\n", "\nPython\n", "\nEnvironment\n"):
            self.assertIn(heading, outcome.out)
        self.assertIn("0 errors, 2 warnings; `cogbuild doctor --fix` can change 2\n", outcome.out)
        self.assertNotIn("\x1b", outcome.out)

    def test_fix_changes_both_files_together_and_once(self):
        outcome = self.run_doctor("--offline", "--fix")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("nothing is wrong\n", outcome.out)
        self.assertEqual(self.read("cog.yaml"), COG_YAML.format(more="").replace("predict:", "run:"))
        fixed = PREDICT_PY.replace("BasePredictor", "BaseRunner").replace("def predict", "def run")
        self.assertEqual(self.read("predict.py"), fixed)
        again = self.run_doctor("--offline", "--fix")
        self.assertEqual(again.code, 0, again)
        self.assertEqual(self.read("predict.py"), fixed)

    def test_errors_end_with_1(self):
        self.write("cog.yaml", COG_YAML.format(more="").replace("Predictor", "Predicter"))
        items = self.items("--offline", code=1)
        self.assertEqual(items["config-entry-point"]["status"], "error")
        finding = items["config-entry-point"]["findings"][0]
        self.assertEqual((finding["file"], finding["line"], finding["fix"]),
                         ("cog.yaml", 3, "did you mean `Predictor`?"))

    def test_a_directory_without_cog_yaml_is_a_finding(self):
        os.remove(self.path("project", "cog.yaml"))
        items = self.items("--offline", code=1)
        self.assertEqual(items["config-invalid"]["findings"][0]["message"], "there is no `cog.yaml`")
        self.assertEqual(items["signature"]["status"], "skipped")
        self.assertEqual(items["cache"]["status"] in ("ok", "warning"), True)

    def test_another_config_file(self):
        os.rename(self.path("project", "cog.yaml"), self.path("project", "other.yaml"))
        items = self.items("--offline", "-f", "other.yaml")
        self.assertEqual(items["config-deprecated"]["findings"][0]["file"], "other.yaml")

    def test_offline_asks_nobody(self):
        os.makedirs(self.path("wheels"))
        with IndexServer(self.path("wheels")) as index:
            items = self.items("--offline", PIP_INDEX_URL=index.url)
            self.assertEqual(index.requests, [])
        self.assertEqual(items["index"]["message"], "no index was asked: --offline")

    def test_the_index_is_asked_for_one_page(self):
        make_wheels.make_runtime(self.path("wheels"))
        with IndexServer(self.path("wheels")) as index:
            items = self.items(PIP_INDEX_URL=index.url.replace("//", "//me:secret@"))
            self.assertEqual(index.requests, [("HEAD", "/simple/cog/")])
        self.assertEqual(items["index"]["message"], f"{index.url} answers")
        self.assertNotIn("secret", json.dumps(items))

    def test_an_index_that_refuses_and_one_that_is_gone(self):
        os.makedirs(self.path("wheels"))
        with IndexServer(self.path("wheels"), faults={"cog": 403}) as index:
            items = self.items(PIP_INDEX_URL=index.url, code=1)
            self.assertEqual(items["index"]["message"], f"{index.url} refuses us with status 403")
        items = self.items(PIP_INDEX_URL=index.url, code=1)
        self.assertEqual(items["index"]["status"], "error")
        self.assertIn("does not answer", items["index"]["message"])

    def test_the_registry_of_the_image(self):
        os.makedirs(self.path("wheels"))
        with Registry(self.path("registry")) as registry, IndexServer(self.path("wheels")) as index:
            self.write("cog.yaml", f"image: {registry.address}/me/model\n" + COG_YAML.format(more=""))
            items = self.items(PIP_INDEX_URL=index.url)
            self.assertEqual(items["registry"]["message"], f"{registry.address} answers")
            self.assertEqual(items["registry-login"]["status"], "warning")
            os.makedirs(os.path.join(self.home, ".docker"))
            with open(os.path.join(self.home, ".docker", "config.json"), "w", encoding="utf-8") as file:
                json.dump({"auths": {registry.address: {"auth": "bWU6c2VjcmV0"}}}, file)
            items = self.items(PIP_INDEX_URL=index.url)
            self.assertEqual(items["registry-login"]["message"],
                             f"there is a login for {registry.address}")
            self.assertNotIn("bWU6c2VjcmV0", json.dumps(items))
        items = self.items(PIP_INDEX_URL=index.url, code=1)
        self.assertIn(f"{registry.address} does not answer", items["registry"]["message"])

    def test_programs_that_the_project_needs(self):
        self.write("cog.yaml", COG_YAML.format(more="  system_packages: [ffmpeg]\n"
                                                    "  python_requirements: requirements.txt\n"))
        self.write("requirements.txt", "git+https://git.example/a/b@v1#egg=b\n")
        items = self.items("--offline", PATH=self.path("nowhere"), code=1)
        self.assertEqual(items["git"]["message"], "git is missing: the requirements name repositories")
        self.assertEqual(items["gpgv"]["message"], "gpgv is missing: system packages cannot be verified")

    def test_a_cache_that_cannot_be_made(self):
        with open(self.path("cache"), "w", encoding="utf-8"):
            pass
        items = self.items("--offline", code=1)
        self.assertEqual(items["cache"]["status"], "error")

    def test_docker_is_said_not_to_matter(self):
        self.assertEqual(self.items("--offline")["docker"]["message"],
                         "no Docker, no emulation and no Python is needed here")


if __name__ == "__main__":
    unittest.main()
