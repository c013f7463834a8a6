"""Which base a project gets, what is said of it, and who is asked: GPU frameworks, Cog's bases, flags that exclude each other."""
import subprocess
import unittest

import make_wheels
import oci
from cli_test_case import COG_YAML
from debian_case import DebianCase, base_debs, titles
from registry import Registry
from standalone_archive import archive_settings, make_archive, serve

GPU_YAML = COG_YAML.replace("build:\n", "build:\n  gpu: true\n")
CUDA_IMAGE = "nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04"
CARRIED = ["the base is composed from packages of Debian",
           "torch 2.5.1 brings its CUDA libraries as wheels (nvidia-cublas-cu12 and 1 more)",
           "no CUDA image is needed: every GPU framework finds its CUDA libraries in wheels",
           "Python 3.11 is Debian bookworm's own"]


class BaseSelectionCase(DebianCase):
    def setUp(self):
        super().setUp()
        for name, version in [("nvidia-cudnn-cu12", "9.1.0.70"), ("nvidia-cublas-cu12", "12.4.5.8"), ("tensorflow", "2.15.0")]:
            make_wheels.make_wheel(self.wheels, name, version)
        make_wheels.make_wheel(self.wheels, "torch", "2.5.1",
                               requires=["nvidia-cudnn-cu12==9.1.0.70", "nvidia-cublas-cu12==12.4.5.8"])
        self.publish(*base_debs())

    def project_of(self, *requirements, yaml=GPU_YAML, settings=None):
        self.write_project({"cog.yaml": yaml, "cogbuild.yaml": settings or self.settings(),
                            "requirements.txt": "".join(line + "\n" for line in requirements)})

    def build_arguments(self, *arguments, **options):
        return super().build_arguments(*arguments, **options) + ["--torch-backend", "none"]

    def explain(self, *extra, **options):
        return self.build("--explain", "base", *extra, **options).out.splitlines()


class ExplainTest(BaseSelectionCase):
    def test_without_a_gpu(self):
        self.project_of("torch==2.5.1", yaml=COG_YAML)
        self.assertEqual(self.explain(), ["the base is composed from packages of Debian", "`gpu` is false",
                                          "Python 3.11 is Debian bookworm's own"])
        self.assertEqual(self.archive.requests, [], "an explanation needs no package")

    def test_frameworks_that_bring_their_libraries(self):
        self.project_of("torch==2.5.1")
        self.assertEqual(self.explain(), CARRIED)
        self.lock("--torch-backend", "none")
        self.archive.requests.clear()
        self.index.requests.clear()
        self.assertEqual(self.explain(), CARRIED)
        self.assertEqual((self.archive.requests, self.index.requests), ([], []), "a lock says it all")
        image = self.build_layout()
        self.assertEqual(titles(image)[:3], ["base debian bookworm, 23 packages", "base python, 3 packages",
                                             "base configuration of 26 packages"])

    def test_frameworks_that_do_not(self):
        self.project_of("tensorflow==2.15.0")
        self.assertEqual(self.explain(), [
            f"the base is the image `{CUDA_IMAGE}`, with a standalone Python on it",
            "tensorflow 2.15.0 brings no CUDA libraries (tensorflow[and-cuda] does)",
            "CUDA 12.2 is what tensorflow 2.15.0 is for",
            "the runtime image will do: it leaves out the compiler, the headers and the static libraries of the devel image "
            "that Cog takes"])
        self.assertIn("--use-cuda-base-image=false", self.explain("--use-cuda-base-image", "false"))

    def test_something_that_is_compiled(self):
        self.project_of("torch==2.5.1", yaml=GPU_YAML.replace("build:\n", 'build:\n  run: ["nvcc --version"]\n'))
        lines = self.explain()
        self.assertRegex(lines[0], r"^the base is the image `nvidia/cuda:12\.4\.1-cudnn-devel-ubuntu22\.04`, ")
        self.assertIn("a `run` step speaks of nvcc", lines)
        self.assertIn("the devel image has the compiler and the headers", lines)

    def test_a_base_by_name(self):
        self.project_of("torch==2.5.1")
        self.assertEqual(self.explain("--base", "debian:bookworm"),
                         ["the base is composed from packages of Debian bookworm", "--base debian:bookworm names it",
                          "Python 3.11 is Debian bookworm's own"])
        named = "oci:" + self.base
        self.assertEqual(self.explain("--base", named), [f"the base is the image `{named}`", f"--base {named} names it"])

    def test_nothing_else_can_be_explained(self):
        done = self.build("--explain", "everything", expect=2)
        self.assertEqual(done.err, "error: `everything` cannot be explained\nhint: --explain takes base\n")


class FlagsTest(BaseSelectionCase):
    def test_flags_that_exclude_each_other(self):
        self.project_of()
        for flags, names in [
                (["--base", "debian", "--use-cog-base-image"], "--base and --use-cog-base-image"),
                (["--base", "debian", "--use-cuda-base-image", "true"], "--base and --use-cuda-base-image"),
                (["--use-cog-base-image", "--use-cuda-base-image", "false"], "--use-cog-base-image and --use-cuda-base-image")]:
            with self.subTest(names):
                self.assert_fails(f"error: {names} exclude each other\nhint: give one of them\n", *flags, code=2)
        self.assert_fails("error: --use-cuda-base-image cannot be `maybe`\nhint: allowed are true, false and auto\n",
                          "--use-cuda-base-image", "maybe", code=2)
        self.assertEqual(self.archive.requests, [])

    def test_cuda_without_a_gpu_is_a_warning(self):
        self.project_of(yaml=COG_YAML)
        done = self.build("--use-cuda-base-image", "true", "--explain", "base")
        self.assertEqual(done.out.splitlines()[1], "`gpu` is false")

    def test_an_unknown_suite(self):
        self.project_of()
        done = self.build("--base", "debian:buzz", expect=(1, 2))
        self.assert_one_error(done)


class CudaImageTest(BaseSelectionCase):
    def test_an_image_without_python_gets_a_standalone_one(self):
        # An image of the local store goes before one of its registry.
        self.project_of(yaml=COG_YAML)
        self.build(name=CUDA_IMAGE, image_base=self.base)
        archive = make_archive("3.11.9")
        with serve(archive) as server:
            self.project_of("tensorflow==2.15.0", settings=self.settings() + archive_settings("3.11.9", server.url, archive))
            image = self.build_layout()
        bottom = oci.Layout(self.base)
        self.assertEqual(image.digests[0], bottom.digests[0])
        self.assertIn("base python 3.11.9", titles(image))
        self.assertIn("usr/local/lib/python3.11/site-packages/tensorflow/__init__.py", image.tree())


class CogBaseTest(BaseSelectionCase):
    def test_the_registry_is_asked(self):
        self.project_of(yaml=COG_YAML)
        with Registry(self.path("registry")) as registry:
            reference = f"{registry.address}/cog-base:python3.11"
            env = self.environment(COG_REGISTRY_HOST=registry.address)
            done = self.build("--use-cog-base-image", env=env, expect=1)
            self.assert_one_error(done)
            self.assertIn(f"error: there is no base image `{reference}`\n"
                          "hint: leave out --use-cog-base-image to have a base composed\n", done.err)
            subprocess.run(["skopeo", "copy", "-q", "--dest-tls-verify=false", f"oci:{self.base}:latest",
                            f"docker://{reference}"], check=True)
            lines = self.explain("--use-cog-base-image", env=env)
            self.assertEqual(lines[:2], [f"the base is the image `{reference}`", "--use-cog-base-image asks for it"])
            image = self.build_layout("--use-cog-base-image", env=env)
            self.assertEqual(image.layers[0].diff_id, oci.Layout(self.base).layers[0].diff_id)
            self.assertEqual(self.archive.requests, [])


if __name__ == "__main__":
    unittest.main()
