"""torch and its family come from the index of the builds that fit, and nothing else does."""
import re
import socket
import unittest
import urllib.parse

import make_wheels
import oci
from cli_test_case import COG_YAML, CliTestCase
from index_server import IndexServer

GPU_YAML = COG_YAML.replace("build:\n", "build:\n  gpu: true\n")
CUDA_YAML = GPU_YAML.replace("build:\n", "build:\n  cuda: \"12.1\"\n")


class FrameworkServer(IndexServer):
    """The indexes of torch builds below /whl/: HTML alone, one for each local label."""

    def __init__(self, directory, **options):
        super().__init__(directory, html_only=True, **options)
        self.site = self.root + "/whl/"

    def _answer(self, request, body):
        path = urllib.parse.unquote(urllib.parse.urlparse(request.path).path)
        page = re.fullmatch(r"/whl/([^/]+)/([^/]+)/", path)
        if path.startswith("/whl/files/"):
            self._file(request, path[len("/whl/files/"):], body)
        elif page:
            build, project = page.groups()
            names = [name for name in self.files().get(project, ()) if f"+{build}-" in name or "+" not in name]
            links = "".join(f'<a href="../../files/{urllib.parse.quote(name)}#sha256={self._sha256(name)}">{name}</a>\n'
                            for name in names)
            self._send(request, 200 if names else 404, "text/html", f"<html><body>{links}</body></html>".encode(), body)
        else:
            self._send(request, 404, "text/plain", b"not found\n", body)

    def asked(self):
        """The projects whose pages were asked for, as `build/project`."""
        found = (re.fullmatch(r"/whl/([^/]+/[^/]+)/", path) for _, path in self.requests)
        return sorted({match.group(1) for match in found if match and not match.group(1).startswith("files/")})


class FrameworkTest(CliTestCase):
    def setUp(self):
        super().setUp()
        for name, version in [("numpy", "1.26.4"), ("torch", "2.3.1"), ("torch", "2.4.1"), ("torchaudio", "2.3.1"),
                              ("torchaudio", "2.4.1"), ("helper", "1.0")]:
            make_wheels.make_wheel(self.wheels, name, version,
                                   requires=["torch>=2", "numpy"] if name == "helper" else ())
        folder = self.path("framework")
        for name in ("torch", "torchaudio"):
            for build in ("cpu", "cu118", "cu121", "cu124"):
                for version in ("2.3.1", "2.4.1"):
                    make_wheels.make_wheel(folder, name, f"{version}+{build}", requires=["numpy"])
        make_wheels.make_wheel(folder, "numpy", "1.99")
        self.framework = FrameworkServer(folder)
        self.framework.__enter__()
        self.addCleanup(self.framework.__exit__)

    def frozen(self, *extra, site=None):
        """What the label says of the family and numpy, and what the build said."""
        out = self.path("out")
        done = self.build("--torch-index", site or self.framework.site, *extra, "--output", "oci:" + out)
        image = oci.Layout(out)
        self.assertEqual(image.problems(), [])
        lines = image.labels["run.cog.pip_freeze"].splitlines()
        return [line for line in lines if line.startswith(("torch", "numpy"))], done

    def test_without_a_gpu_a_pin_takes_the_cpu_build(self):
        self.write_project({"requirements.txt": "torch==2.3.1\ntorchaudio==2.3.1\nnumpy==1.26.4\n"})
        lines, done = self.frozen()
        self.assertEqual(lines, ["numpy==1.26.4", "torch==2.3.1+cpu", "torchaudio==2.3.1+cpu"])
        self.assertIn("`cpu` builds, as `gpu` is false", done.err)
        self.assertEqual(self.framework.asked(), ["cpu/torch", "cpu/torchaudio"])

    def test_without_a_gpu_ranges_take_cpu_builds(self):
        self.write_project({"requirements.txt": "torch>=2.3\ntorchaudio\nnumpy==1.26.4\n"})
        lines, _ = self.frozen()
        self.assertEqual(lines, ["numpy==1.26.4", "torch==2.4.1+cpu", "torchaudio==2.4.1+cpu"])
        self.assertEqual(self.framework.asked(), ["cpu/torch", "cpu/torchaudio"])

    def test_with_a_gpu_the_newest_cuda_of_the_release_is_taken(self):
        self.write_project({"cog.yaml": GPU_YAML, "requirements.txt": "torch==2.4.1\nnumpy==1.26.4\n"})
        lines, _ = self.frozen()
        self.assertEqual(lines, ["numpy==1.26.4", "torch==2.4.1+cu124"])
        self.assertEqual(self.framework.asked(), ["cu124/torch"])

    def test_the_cuda_of_the_config_bounds_the_build(self):
        self.write_project({"cog.yaml": CUDA_YAML, "requirements.txt": "torch==2.4.1\nnumpy==1.26.4\n"})
        self.assertEqual(self.frozen()[0], ["numpy==1.26.4", "torch==2.4.1+cu121"])

    def test_a_local_label_decides_for_the_family(self):
        self.write_project({"requirements.txt": "torch==2.3.1+cu118\ntorchaudio==2.3.1\nnumpy==1.26.4\n"})
        self.assertEqual(self.frozen()[0], ["numpy==1.26.4", "torch==2.3.1+cu118", "torchaudio==2.3.1+cu118"])

    def test_two_labels_are_an_error_with_both_lines(self):
        self.write_project({"requirements.txt": "torch==2.3.1+cu118\ntorchaudio==2.3.1+cu121\nnumpy==1.26.4\n"})
        done = self.build("--torch-index", self.framework.site, expect=2)
        self.assert_one_error(done)
        self.assertIn("requirements.txt:2", done.err)
        self.assertIn("(requirements.txt:1)", done.err)

    def test_an_index_that_the_user_names_stands(self):
        index = self.framework.site + "cu121/"
        self.write_project({"requirements.txt": f"--extra-index-url {index}\ntorch==2.3.1+cu121\nnumpy==1.26.4\n"})
        self.assertEqual(self.frozen()[0], ["numpy==1.26.4", "torch==2.3.1+cu121"])
        self.assertFalse([page for page in self.framework.asked() if page.startswith("cpu/")])

    def test_the_option_overrides_and_is_part_of_what_decides_the_lock(self):
        self.write_project({"requirements.txt": "torch==2.3.1\nnumpy==1.26.4\n"})
        for option, expected in [("auto", "torch==2.3.1+cpu"), ("cu118", "torch==2.3.1+cu118"), ("none", "torch==2.3.1")]:
            self.assertEqual(self.frozen("--torch-backend", option)[0], ["numpy==1.26.4", expected])

    def test_torch_that_a_dependency_brings_in_follows_the_option(self):
        self.write_project({"requirements.txt": "helper==1.0\nnumpy==1.26.4\n"})
        self.assertEqual(self.frozen("--torch-backend", "cpu")[0], ["numpy==1.26.4", "torch==2.4.1+cpu"])

    def test_a_word_that_is_no_backend_is_refused_with_examples(self):
        self.write_project({"requirements.txt": "torch==2.3.1\nnumpy==1.26.4\n"})
        done = self.build("--torch-backend", "gpu", expect=2)
        self.assert_one_error(done)
        for word in ("--torch-backend", "`gpu`", "cpu", "cu126"):
            self.assertIn(word, done.err)

    def test_an_index_out_of_reach_names_the_options(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            site = f"http://127.0.0.1:{closed.getsockname()[1]}/whl/"
        self.write_project({"requirements.txt": "torch==2.3.1\nnumpy==1.26.4\n"})
        done = self.build("--torch-index", site, expect=1)
        self.assert_one_error(done)
        self.assertIn("--torch-backend none", done.err)
        self.assertIn("--torch-index", done.err)
        self.assertEqual(self.frozen("--torch-backend", "none", site=site)[0], ["numpy==1.26.4", "torch==2.3.1"])
        # A project without torch never asks.
        self.write_project({"requirements.txt": "numpy==1.26.4\n"})
        self.assertEqual(self.frozen(site=site)[0], ["numpy==1.26.4"])


if __name__ == "__main__":
    unittest.main()
