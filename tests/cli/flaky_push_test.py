"""A registry that misbehaves: what can be mended is mended, the rest is said in words."""
import os
import time
import unittest

from cli_test_case import CliTestCase
from fault_registry import Close, FaultRegistry, Reply

MIB = 1 << 20
WEIGHTS = 24 * MIB
REPOSITORY = "models/app"


class Times:
    """A script that gives `verdict` for the first `count` requests that `matches` accepts."""

    def __init__(self, count, matches, verdict):
        self.left, self.matches, self.verdict, self.seen = count, matches, verdict, 0

    def __call__(self, request):
        if self.left and self.matches(request):
            self.left -= 1
            self.seen += 1
            return self.verdict
        return None


def large(request):
    return request.is_upload and request.method in ("PATCH", "PUT") and request.length > 8 * MIB


class FlakyPushTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.write_project({"weights/model.safetensors": os.urandom(WEIGHTS)})
        self.image = self.build_layout()
        self.size = sum(layer.size for layer in self.image.layers)

    def push(self, registry, expect=0, **options):
        return self.cogbuild("push", "app", f"{registry.address}/{REPOSITORY}", expect=expect, **options)

    def assert_pushed(self, registry):
        self.assertEqual(registry.manifest_digest(REPOSITORY), self.image.digest)

    def test_a_well_behaved_registry(self):
        with FaultRegistry() as registry:
            self.push(registry)
            self.assert_pushed(registry)
            self.assertLess(registry.received, self.size * 1.01 + 65536)

    def test_a_connection_that_breaks_is_resumed_where_it_broke(self):
        script = Times(2, large, Close(after=10 * MIB))
        with FaultRegistry(script) as registry:
            self.push(registry)
            self.assert_pushed(registry)
            self.assertGreaterEqual(script.seen, 1)
            self.assertLess(registry.received, 1.3 * self.size)

    def test_an_upload_that_was_forgotten_starts_again(self):
        script = Times(1, large, Close(after=10 * MIB, forget=True))
        with FaultRegistry(script) as registry:
            self.push(registry)
            self.assert_pushed(registry)
            self.assertLess(registry.received, self.size + 11 * MIB)

    def test_503_twice_then_fine(self):
        script = Times(2, lambda request: request.is_upload_start, Reply(503))
        with FaultRegistry(script) as registry:
            done = self.push(registry)
            self.assert_pushed(registry)
            self.assertEqual(script.seen, 2)
            self.assertIn("503", done.err)

    def test_retry_after_is_obeyed(self):
        script = Times(1, lambda request: request.is_manifest and request.method == "PUT",
                       Reply(429, headers={"Retry-After": "2"}))
        with FaultRegistry(script) as registry:
            start = time.monotonic()
            self.push(registry)
            self.assertGreaterEqual(time.monotonic() - start, 2)
            self.assert_pushed(registry)

    def test_no_push_rights_is_said_before_any_blob_is_sent(self):
        def script(request):
            return Reply(403, code="DENIED", message="no") if request.is_upload_start else None
        with FaultRegistry(script) as registry:
            done = self.push(registry, expect=1)
            self.assert_one_error(done)
            self.assertIn(REPOSITORY, done.err)
            self.assertLess(done.seconds, 1.5)
            self.assertEqual(registry.received, 0)

    def test_a_body_limit_leads_to_chunks(self):
        def script(request):
            whole = request.method in ("PATCH", "PUT") and not request.headers.get("Content-Range")
            return Reply(413) if whole and request.length > 100 * 1024 * 1024 // 10 else None
        with FaultRegistry(script, chunk_limit=10 * MIB) as registry:
            self.push(registry)
            self.assert_pushed(registry)

    def test_refused_chunks_get_smaller(self):
        with FaultRegistry(chunk_limit=4 * MIB) as registry:
            self.push(registry)
            self.assert_pushed(registry)

    def test_a_manifest_whose_blob_is_suddenly_unknown(self):
        state = {"left": 1}

        def script(request):
            if request.is_manifest and request.method == "PUT" and state["left"]:
                state["left"] = 0
                digest = self.image.digests[-1]
                registry.present.discard((REPOSITORY, digest))
                return Reply(400, code="MANIFEST_BLOB_UNKNOWN", message=digest)
            return None
        with FaultRegistry(script) as registry:
            self.push(registry)
            self.assert_pushed(registry)

    def test_a_mount_that_is_granted(self):
        with FaultRegistry() as registry:
            self.cogbuild("push", "app", f"{registry.address}/models/first")
            registry.forget_traffic()
            self.push(registry)
            self.assert_pushed(registry)
            self.assertLess(registry.received, 65536)
            self.assertGreaterEqual(len(registry.mounted), 1)

    def test_a_mount_that_is_not_granted_uses_the_session_it_was_handed(self):
        with FaultRegistry() as registry:
            self.cogbuild("push", "app", f"{registry.address}/models/first")
            registry.grant_mounts = False
            registry.forget_traffic()
            self.push(registry)
            self.assert_pushed(registry)
            starts = registry.count("POST")
            self.assertLessEqual(starts, len(self.image.layers) + 2)

    def test_the_manifest_goes_last(self):
        with FaultRegistry() as registry:
            self.push(registry)
            written = [entry for entry in registry.log if entry[0] in ("PUT", "PATCH", "POST")]
            self.assertIn("/manifests/", written[-1][1])
            self.assertEqual(sum("/manifests/" in entry[1] for entry in written), 1)

    def test_a_failed_push_leaves_the_old_tag(self):
        with FaultRegistry() as registry:
            self.push(registry)
            self.write_project({"run.py": "# changed\n" + "class Runner: pass\n"})
            self.build()
            registry.script = lambda request: Reply(403, code="DENIED") if request.is_upload_start else None
            self.push(registry, expect=1)
            self.assert_pushed(registry)


if __name__ == "__main__":
    unittest.main()
