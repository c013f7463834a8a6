"""The examples, built from the real Python index and run in their unpacked root.

These few tests need the index that pip uses on this machine and a Debian mirror for the base. When
either is gone they fail and say so; they are never skipped.
"""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import oci
from cli_test_case import ROOT, CliTestCase, clean_environment
from registry import free_port

NEEDS = "this test needs the real Python index and Debian mirror of this machine"

BLUR = """
from PIL import Image
import run
Image.new("RGBA", (50, 40), (255, 0, 0, 100)).save("/tmp/in.png")
result = run.Runner().run(image=run.Path("/tmp/in.png"), radius=3.0, output_format="jpg")
assert Image.open(result).size == (50, 40)
"""
EDGES = """
import cv2, numpy, run
cv2.imwrite("/tmp/in.png", numpy.tile(numpy.arange(64, dtype=numpy.uint8) * 4, (64, 1)))
result = run.Runner().run(image=run.Path("/tmp/in.png"), low_threshold=1, high_threshold=2, smoothing=0, invert=True)
assert cv2.imread(str(result)).shape == (64, 64, 3)
"""
CLASSIFY = """
from PIL import Image
import onnxruntime, run
Image.new("L", (90, 40), 77).save("/tmp/in.png")
runner = run.Runner()
runner.setup()
found = runner.run(image=run.Path("/tmp/in.png"), top_k=2)
assert len(found) == 2 and found[0].confidence >= found[1].confidence > 0
"""


class RealIndexTest(CliTestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="cogbuild-real-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)

    def setUp(self):
        super().setUp()
        self.cache = os.path.join(self.shared, "cache")  # each wheel is downloaded once for all tests

    def environment(self, **extra):
        """The machine's own index settings stay; only its folder of extra wheels does not count."""
        kept = {name: value for name, value in os.environ.items()
                if name.startswith(("PIP_", "UV_", "SSL_")) or name.lower().endswith("_proxy")}
        kept.pop("PIP_FIND_LINKS", None)
        environment = clean_environment(self.home, self.cache, **kept, **extra)
        if "PIP_CONFIG_FILE" not in kept:
            del environment["PIP_CONFIG_FILE"]
        return environment

    def build_example(self, name):
        """The layout and the unpacked root of examples/NAME."""
        project = self.path(name)
        shutil.copytree(os.path.join(ROOT, "examples", name), project)
        make_weights = os.path.join(project, "make_weights.py")
        if os.path.exists(make_weights):
            subprocess.run([sys.executable, make_weights], check=True, stdout=subprocess.DEVNULL)
        return self.build_project(project, name, "--openapi-schema", os.path.join(project, "openapi_schema.json"))

    def build_project(self, project, name, *arguments):
        done = self.cogbuild("build", "-C", project, "-t", name, *arguments, "--output", "oci:" + self.path("image"),
                             "--output", "rootfs:" + self.path("root"), expect=None, timeout=600)
        if done.code != 0:
            self.fail(f"{NEEDS}; the build came to:\n{done}")
        image = oci.Layout(self.path("image"))
        self.assertEqual(image.problems(), [])
        return image

    def in_root(self, image, *command, **environment):
        """The command line that runs `command` in the unpacked root, as the image's config says."""
        variables = dict(item.split("=", 1) for item in image.config["config"]["Env"])
        variables.update(environment)
        root = self.path("root")
        isolate = ["unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc=" + os.path.join(root, "proc")]
        if os.geteuid() != 0:
            isolate.insert(1, "-r")
        shell = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', image.config["config"]["WorkingDir"]]
        return [*isolate, "chroot", root, "/usr/bin/env", "-i", *(f"{k}={v}" for k, v in variables.items()),
                *shell, *command]

    def run_python(self, image, code):
        done = subprocess.run(self.in_root(image, "python", "-c", code), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def run_pip(self, image, *arguments):
        """pip of a venv, run by the image's own Python in its root, so that it sees what that sees."""
        outside = self.path("pip")
        if not os.path.exists(outside):
            venv = self.path("venv")
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
            code = "import os, pip; print(os.path.dirname(pip.__path__[0]))"
            packages = subprocess.run([os.path.join(venv, "bin/python"), "-c", code], stdout=subprocess.PIPE, text=True,
                                      check=True).stdout.strip()
            shutil.copytree(os.path.join(packages, "pip"), os.path.join(outside, "pip"))
        inside = self.path("root", "tmp/pip")
        if not os.path.exists(inside):
            shutil.copytree(outside, inside)
        return subprocess.run(self.in_root(image, "python", "-B", "-m", "pip", *arguments, PYTHONPATH="/tmp/pip"),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=120)

    def assert_pip_agrees(self, image):
        """`pip check` is clean and `pip freeze` prints the label, both run in the root."""
        freeze = self.run_pip(image, "--disable-pip-version-check", "freeze")
        self.assertEqual((freeze.returncode, freeze.stdout), (0, image.labels["run.cog.pip_freeze"]))
        check = self.run_pip(image, "--disable-pip-version-check", "check")
        self.assertEqual((check.returncode, check.stdout.strip()), (0, "No broken requirements found."))

    @contextlib.contextmanager
    def server(self, image):
        """The address of the image's server, started as its config says, once it is ready."""
        port = free_port()
        command = image.config["config"]["Entrypoint"] + image.config["config"]["Cmd"]
        with open(self.path("server.log"), "w+", encoding="utf-8") as log:
            server = subprocess.Popen(self.in_root(image, *command, PORT=str(port)), stdin=subprocess.DEVNULL,
                                      stdout=log, stderr=log)
            try:
                state = ""
                for _ in range(300):
                    try:
                        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health-check", timeout=2) as answer:
                            state = json.load(answer)["status"]
                    except OSError:
                        pass
                    if state == "READY" or server.poll() is not None:
                        break
                    time.sleep(0.1)
                log.seek(0)
                self.assertEqual(state, "READY", log.read())
                yield f"http://127.0.0.1:{port}"
            finally:
                server.kill()  # unshare passes no other signal on; --kill-child ends the rest
                server.wait(20)

    @staticmethod
    def predict(address, **inputs):
        request = urllib.request.Request(address + "/predictions", json.dumps({"input": inputs}).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["output"]

    def test_hello_world_serves_predictions(self):
        image = self.build_example("hello-world")
        self.assert_pip_agrees(image)
        self.run_python(image, "import cog, coglet")
        with self.server(image) as address:
            self.assertEqual(self.predict(address, name="Ada", language="Français", repetitions=2),
                             "Bonjour, Ada!\nBonjour, Ada!")
            with urllib.request.urlopen(address + "/openapi.json", timeout=5) as answer:
                self.assertEqual(json.load(answer)["components"]["schemas"]["Input"]["properties"]["name"]["maxLength"], 200)

    def test_a_new_project_builds_and_serves_predictions(self):
        self.cogbuild("init", "--template", "text", self.path("text"))
        image = self.build_project(self.path("text"), "text")
        self.run_python(image, "import numpy, model, sampling")
        with self.server(image) as address:
            answer = self.predict(address, prompt="The light", max_new_tokens=20, temperature=0)
            self.assertEqual(len("".join(answer)), 20)

    def test_image_blur_blurs(self):
        image = self.build_example("image-blur")
        self.assert_pip_agrees(image)
        self.run_python(image, BLUR)

    def test_edge_detect_has_the_headless_opencv_and_works_without_libgl(self):
        image = self.build_example("edge-detect")
        self.assert_pip_agrees(image)
        freeze = image.labels["run.cog.pip_freeze"]
        self.assertIn("opencv-python-headless==4.10.0.84\n", freeze)
        self.assertNotIn("opencv-python==", freeze)
        self.run_python(image, EDGES)

    def test_onnx_classifier_has_its_weights_in_a_layer_of_their_own(self):
        image = self.build_example("onnx-classifier")
        self.assert_pip_agrees(image)
        self.assertEqual(image.layer_of("src/weights/model.onnx").files(), ["src/weights/model.onnx"])
        self.run_python(image, CLASSIFY)

    def test_two_examples_share_the_layers_of_their_common_wheels(self):
        blur = self.build_example("image-blur")
        shutil.rmtree(self.path("root"))
        shutil.rmtree(self.path("image"))
        onnx = self.build_example("onnx-classifier")
        shared = set(blur.digests) & set(onnx.digests)
        self.assertGreaterEqual(len(shared), 2, "the base and Cog's runtime at least")


if __name__ == "__main__":
    unittest.main()
