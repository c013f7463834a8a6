"""Pushing to a real registry and pulling back."""
import os
import subprocess
import unittest

import make_wheels
import oci
from cli_test_case import CliTestCase
from fault_registry import FaultRegistry
from registry import Registry


class PushTest(CliTestCase):
    def setUp(self):
        super().setUp()
        make_wheels.make_wheel(self.wheels, "small-lib", "1.2")
        self.write_project({"requirements.txt": "small-lib==1.2\n",
                            "weights/model.safetensors": os.urandom(11_000_000)})

    def pull(self, source):
        done = subprocess.run(["skopeo", "copy", "-q", "--preserve-digests", "--src-tls-verify=false",
                               "docker://" + source, "oci:" + self.path("pulled:latest")],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return oci.Layout(self.path("pulled"))

    def test_pushed_and_pulled_back_it_is_the_same_image(self):
        image = self.build_layout()
        with Registry(self.path("registry")) as registry:
            self.cogbuild("push", "app", f"{registry.address}/models/app:v1")
            self.assertEqual(registry.manifest("models/app", "v1")[0], image.digest)
            pulled = self.pull(f"{registry.address}/models/app:v1")
        self.assertEqual(pulled.digest, image.digest)
        self.assertEqual(pulled.problems(), [])

    def test_a_base_in_the_registry_is_not_stored_and_is_mounted(self):
        with Registry(self.path("registry")) as registry:
            subprocess.run(["skopeo", "copy", "-q", "--preserve-digests", "--dest-tls-verify=false", "oci:" + self.base,
                            f"docker://{registry.address}/bases/debian:12"], check=True, timeout=60)
            self.cogbuild("build", "-C", self.project, "-t", "app", "--base", f"{registry.address}/bases/debian:12",
                          "--index-url", self.start_index().url, "--openapi-schema",
                          self.build_arguments()[-1])
            self.cogbuild("push", "app", f"{registry.address}/models/app")
            digest, manifest = registry.manifest("models/app")
            self.assertEqual(manifest["layers"][0]["digest"], oci.Layout(self.base).digests[0])
            self.assertEqual(self.pull(f"{registry.address}/models/app:latest").digest, digest)

    def test_the_base_decides_no_byte_of_the_layers_above(self):
        from_layout = self.build_layout()
        with Registry(self.path("registry")) as registry:
            subprocess.run(["skopeo", "copy", "-q", "--preserve-digests", "--dest-tls-verify=false", "oci:" + self.base,
                            f"docker://{registry.address}/bases/debian:12"], check=True, timeout=60)
            self.cogbuild("build", "-C", self.project, "-t", "app", "--base", f"{registry.address}/bases/debian:12",
                          "--index-url", self.index.url, "--openapi-schema", self.build_arguments()[-1],
                          "--output", "oci:" + self.path("again"))
        self.assertEqual(oci.Layout(self.path("again")).digests, from_layout.digests)

    def test_a_second_push_sends_no_blob(self):
        self.build()
        with FaultRegistry() as registry:
            self.cogbuild("push", "app", f"{registry.address}/models/app")
            first = registry.manifest_digest("models/app")
            registry.forget_traffic()
            self.cogbuild("push", "app", f"{registry.address}/models/app")
            self.assertEqual(registry.received, 0)
            self.assertEqual(registry.count("POST"), 0)
            self.assertEqual(registry.manifest_digest("models/app"), first)

    def test_one_push_names_build_and_push_together(self):
        """Cog's own words: `push IMAGE` builds, then pushes."""
        image = self.build_layout()
        with FaultRegistry() as registry:
            name = f"{registry.address}/models/app"
            self.cogbuild("push", name, "-C", self.project, "--base", "oci:" + self.base, "--index-url", self.index.url,
                          "--openapi-schema", self.build_arguments()[-1])
            self.assertEqual(registry.manifest_digest("models/app"), image.digest)

    def test_weights_that_changed_since_the_build_are_not_pushed(self):
        self.build()
        with open(os.path.join(self.project, "weights/model.safetensors"), "r+b") as file:
            file.write(b"changed after the build")
        with FaultRegistry() as registry:
            done = self.cogbuild("push", "app", f"{registry.address}/models/app", expect=1)
            self.assert_one_error(done)
            self.assertIn("weights/model.safetensors", done.err)
            self.assertIsNone(registry.manifest_digest("models/app"))

    def test_two_models_share_the_layer_of_one_wheel(self):
        other = self.write_project({"requirements.txt": "small-lib==1.2\n", "run.py": "# another model\n"},
                                   self.path("other"))
        one = self.build_layout()
        two = self.build_layout(project=other, name="other")
        path = "usr/local/lib/python3.11/dist-packages/small_lib/__init__.py"
        self.assertEqual(one.layer_of(path).digest, two.layer_of(path).digest)


if __name__ == "__main__":
    unittest.main()
