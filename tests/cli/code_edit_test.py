"""Change one line of code, send kilobytes."""
import json
import os
import random
import shutil
import unittest

from cli_test_case import RUN_PY, CliTestCase
from fault_registry import FaultRegistry

MIB = 1 << 20
FILES = ("a.safetensors", "b.pt", "c.safetensors")


class CodeEditTest(CliTestCase):
    def setUp(self):
        super().setUp()
        generator = random.Random(1)
        self.write_project({"weights/a.safetensors": b"".join(generator.randbytes(16 * MIB) for _ in range(16)),
                            "b.pt": generator.randbytes(64 * MIB), "weights/config.json": "{}\n"})

    def traced_build(self):
        """The built layout, the weights files that were opened and the bytes the cache grew by."""
        trace = self.path("trace")
        before = self.cache_bytes()
        done = self.build(before=["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace])
        with open(trace, encoding="utf-8", errors="replace") as file:
            opened = {name for line in file for name in FILES if f"{name}\"" in line and "= -1" not in line}
        return done, opened, self.cache_bytes() - before

    def cache_bytes(self):
        return sum(os.lstat(os.path.join(folder, name)).st_blocks * 512
                   for folder, _, names in os.walk(self.cache) for name in names)

    def pushed(self, registry):
        registry.forget_traffic()
        self.cogbuild("push", "app", f"{registry.address}/models/app")
        return registry.received

    def digests(self, registry):
        return [layer["digest"] for layer in json.loads(registry.manifests["models/app", "latest"][1])["layers"]]

    def test_the_story(self):
        with FaultRegistry() as registry:
            _, _, grown = self.traced_build()
            self.assertLess(grown, 0.05 * 320 * MIB, "extra disk")
            self.assertGreater(self.pushed(registry), 320 * MIB)
            first = self.digests(registry)

            self.write_project({"run.py": RUN_PY.replace("hello", "good evening")})
            done, opened, _ = self.traced_build()
            self.assertEqual(opened, set())
            self.assertLess(self.build().seconds, 1.0)
            self.assertLess(self.pushed(registry), 64 * 1024)
            self.assertLess(len(registry.log), 20)
            second = self.digests(registry)
            self.assertEqual(len(first), len(second))
            self.assertEqual(sum(old != new for old, new in zip(first, second)), 1, "one layer differs: the code")
            manifest = registry.manifest_digest("models/app")

            elsewhere = self.path("elsewhere")
            shutil.copytree(self.project, elsewhere)
            for folder, _, names in os.walk(elsewhere):
                for name in names:
                    os.utime(os.path.join(folder, name))
            self.assertEqual(self.build_layout(project=elsewhere).digest, manifest)

            self.write_project({"run.py": RUN_PY.replace("hello", "good evening"),
                                "weights/c.safetensors": random.Random(2).randbytes(8 * MIB)})
            _, opened, _ = self.traced_build()
            self.assertEqual(opened, {"c.safetensors"})
            sent = self.pushed(registry)
            self.assertLess(8 * MIB, sent)
            self.assertLess(sent, 8 * MIB + 128 * 1024)
            self.assertLessEqual(len(set(self.digests(registry)) - set(second)), 2)

    def test_layers_follow_files_not_directories(self):
        image = self.build_layout()
        for path in ("src/weights/a.safetensors", "src/b.pt"):
            self.assertEqual(image.layer_of(path).files(), [path])
        self.assertNotEqual(image.layer_of("src/run.py").digest, image.layer_of("src/b.pt").digest)

    def test_separate_weights_is_accepted_and_changes_nothing(self):
        self.assertEqual(self.build_layout().digest, self.build_layout("--separate-weights").digest)


if __name__ == "__main__":
    unittest.main()
