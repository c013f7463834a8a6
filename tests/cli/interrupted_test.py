"""Killed at any moment, or two at once: work is lost at most, never correctness."""
import os
import random
import signal
import subprocess
import time
import unittest

import make_wheels
import oci
from cli_test_case import COGBUILD, CliTestCase
from fault_registry import FaultRegistry, Reply


class InterruptedTest(CliTestCase):
    def setUp(self):
        super().setUp()
        for number in range(6):
            make_wheels.make_wheel(self.wheels, f"lib-{number}", "1.0",
                                   {f"lib_{number}/data.bin": os.urandom(1_500_000)})
        self.write_project({"requirements.txt": "".join(f"lib-{number}==1.0\n" for number in range(6)),
                            "weights/model.safetensors": os.urandom(20_000_000)})

    def start(self, *extra):
        return subprocess.Popen([COGBUILD, *self.build_arguments(), *extra], env=self.environment(),
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self.dir)

    def test_kill_9_at_random_moments_then_a_build(self):
        clean = self.path("clean")
        whole = time.monotonic()
        self.cache, kept = clean, self.cache
        reference = self.build_layout().digest
        whole = time.monotonic() - whole
        self.cache = kept
        generator = random.Random()
        for number in range(12):
            process = self.start("--output", "oci:" + self.path(f"killed-{number}"))
            time.sleep(generator.uniform(0, whole))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        self.assertEqual(self.build_layout().digest, reference)
        for number in range(12):  # what a killed build left as output is whole or no image at all
            if os.path.exists(self.path(f"killed-{number}", "index.json")):
                self.build("--output", "oci:" + self.path(f"killed-{number}"))
        self.cogbuild("cache", "prune")
        self.assert_store_sound()
        self.assertEqual(self.build_layout().digest, reference)

    def test_two_builds_at_once_agree(self):
        processes = [self.start("--output", "oci:" + self.path(f"out-{number}")) for number in range(3)]
        for process in processes:
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, err.decode())
        digests = {oci.Layout(self.path(f"out-{number}")).digest for number in range(3)}
        self.assertEqual(len(digests), 1)
        self.assert_store_sound()

    def test_an_interrupted_download_is_taken_up_again(self):
        name = make_wheels.file_name("lib-3", "1.0")
        index = self.start_index(faults={name: ("times", 1, 503)})
        self.build()
        self.assertEqual([path for method, path in index.requests if method == "GET" and path.endswith(name)].count(
            f"/files/{name}"), 2)

    def test_ctrl_c_ends_a_push_that_hangs_at_once(self):
        self.build()

        def hang(request):
            if request.is_upload_start:
                time.sleep(20)
                return Reply(500)
            return None
        with FaultRegistry(hang) as registry:
            process = subprocess.Popen([COGBUILD, "push", "app", f"{registry.address}/models/app"],
                                       env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.7)
            start = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait(10)
            self.assertLess(time.monotonic() - start, 2)
            self.assertNotEqual(process.returncode, 0)

    def test_a_damaged_database_costs_time_only(self):
        reference = self.build_layout().digest
        for folder, _, names in os.walk(self.cache):
            for name in names:
                if "blobs" not in os.path.relpath(folder, self.cache).split(os.sep):
                    with open(os.path.join(folder, name), "wb") as file:
                        file.write(b"this is not a database" * 100)
        self.assertEqual(self.build_layout().digest, reference)

    def test_a_lost_blob_is_fetched_again(self):
        reference = self.build_layout().digest
        for folder, _, names in os.walk(os.path.join(self.cache, "blobs")):
            for name in names:
                os.remove(os.path.join(folder, name))
        self.assertEqual(self.build_layout().digest, reference)


if __name__ == "__main__":
    unittest.main()
