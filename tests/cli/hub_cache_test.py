"""A Hugging Face cache inside the project: links stay links, bytes are stored once."""
import hashlib
import json
import os
import random
import struct
import unittest

from cli_test_case import CliTestCase

MIB = 1 << 20
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MODEL = "hf-cache/hub/models--acme--tiny"


def safetensors(size):
    header = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + random.Random(size).randbytes(size)


class HubCacheTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.big = safetensors(32 * MIB)
        small = b"{}".ljust(2048)
        self.big_blob = f"{MODEL}/blobs/{hashlib.sha256(self.big).hexdigest()}"
        self.small_blob = f"{MODEL}/blobs/{hashlib.sha256(small).hexdigest()}"
        self.write_project({self.big_blob: self.big, self.small_blob: small, f"{MODEL}/refs/main": COMMIT,
                            "hf-cache/.locks/models--acme--tiny/x.lock": ""})
        snapshot = os.path.join(self.project, MODEL, "snapshots", COMMIT)
        os.makedirs(snapshot)
        self.links = {"model.safetensors": self.big_blob, "config.json": self.small_blob}
        for name, blob in self.links.items():
            os.symlink(os.path.join("../../blobs", os.path.basename(blob)), os.path.join(snapshot, name))

    def test_links_stay_links_and_the_blob_is_there_once(self):
        image = self.build_layout()
        tree = image.tree()
        for name, blob in self.links.items():
            member = tree[f"src/{MODEL}/snapshots/{COMMIT}/{name}"]
            self.assertTrue(member.issym())
            self.assertEqual(member.linkname, f"../../blobs/{os.path.basename(blob)}")
        total = sum(len(layer.tar_bytes()) for layer in image.layers)
        self.assertLess(total, 33 * MIB)
        self.assertEqual(image.layer_of("src/" + self.big_blob).files(), ["src/" + self.big_blob])

    def test_opening_the_snapshot_works_in_the_unpacked_root(self):
        self.build("--output", "rootfs:" + self.path("root"))
        path = self.path("root", "src", MODEL, "snapshots", COMMIT, "model.safetensors")
        with open(path, "rb") as file:
            self.assertEqual(file.read(), self.big)

    def test_an_absolute_link_is_warned_about(self):
        os.symlink("/home/someone/x", os.path.join(self.project, "hf-cache/abs"))
        self.assertIn("hf-cache/abs", self.build().err)

    def test_a_hard_link_is_stored_once(self):
        os.link(os.path.join(self.project, self.big_blob), os.path.join(self.project, "copy.safetensors"))
        total = sum(layer.size for layer in self.build_layout().layers)
        self.assertLess(total, 33 * MIB)

    def test_copies_are_named_with_what_they_waste(self):
        self.write_project({"copy.safetensors": self.big, "other.safetensors": self.big[:-1] + b"?"})
        for _ in range(2):  # also when all comes from the cache
            done = self.build()
            self.assertIn(f"`copy.safetensors` and `{self.big_blob}` have the same content: 33.6 MB", done.err)
            self.assertNotIn("`other.safetensors`", done.err)

    def test_links_are_no_copies(self):
        os.link(os.path.join(self.project, self.big_blob), os.path.join(self.project, "copy.safetensors"))
        self.assertNotIn("same content", self.build().err)

    def test_locks_are_all_in_or_all_out(self):
        names = [name for name in self.build_layout().tree() if "/.locks" in name]
        self.assertIn(len(names), (0, 3), names)


if __name__ == "__main__":
    unittest.main()
