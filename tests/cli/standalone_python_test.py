"""A Python that the suite does not have: a build of CPython that stands by itself, in a layer of its own."""
import hashlib
import tomllib
import unittest

import make_wheels
from cli_test_case import COG_YAML
from debian_case import Deb, DebianCase, base_debs, titles
from standalone_archive import archive_settings, make_archive, serve

VERSION = "3.12.11"
YAML = COG_YAML.replace('"3.11"', '"3.12"')


class StandaloneCase(DebianCase):
    def setUp(self):
        super().setUp()
        self.publish(*base_debs())
        self.content = make_archive(VERSION, [("python/share", None), ("python/share/man", None),
                                              ("python/share/man/man1", None), ("python/share/man/man1/python3.1", b"page\n"),
                                              ("python/lib/python3.12/__pycache__", None),
                                              ("python/lib/python3.12/__pycache__/os.pyc", b"\0")])
        self.server = self.enterContext(serve(self.content))
        self.write_settings(archive_settings(VERSION, self.server.url, self.content))

    def write_settings(self, python="", yaml=YAML):
        self.write_project({"cog.yaml": yaml, "cogbuild.yaml": self.settings() + python, ".dockerignore": "cogbuild.yaml\n"})


class StandalonePythonTest(StandaloneCase):
    def test_the_layer_and_what_stands_on_it(self):
        make_wheels.make_wheel(self.wheels, "tool", "1.0", scripts={"tool": "tool:main"})
        self.write_project({"cog.yaml": YAML, "cogbuild.yaml": self.settings() + archive_settings(
            VERSION, self.server.url, self.content), "requirements.txt": "tool\n"})
        image = self.build_layout()
        self.assertEqual(titles(image)[:3], ["base debian bookworm, 23 packages", f"base python {VERSION}",
                                             "base configuration of 23 packages"])
        layer = image.layers[1]
        self.assertEqual(sorted(layer.files()), [
            "usr/local/bin/python", "usr/local/bin/python3", "usr/local/bin/python3.12",
            "usr/local/include/python3.12/patchlevel.h", "usr/local/lib/python3.12/os.py"])
        self.assertEqual({(member.uid, member.gid) for member in layer.members()}, {(0, 0)})
        self.assertEqual({member.mode & 0o7777 for member in layer.members() if member.isreg()}, {0o755, 0o644})
        tree = image.tree()
        self.assertEqual(tree["usr/local/bin/python"].linkname, "python3.12")
        self.assertEqual(tree["etc/ssl/cert.pem"].linkname, "certs/ca-certificates.crt")
        self.assertNotIn("usr/bin/python3.11", tree)
        self.assertIn("usr/local/lib/python3.12/site-packages/tool/__init__.py", tree)
        script = image.layer_of("usr/local/bin/tool").read("usr/local/bin/tool").decode()
        self.assertEqual(script.splitlines()[0], "#!/usr/local/bin/python3.12")
        self.assertIn(f"PYTHON_VERSION={VERSION}", image.config["config"]["Env"])
        self.assertEqual(self.server.requests, ["/cpython.tar.gz"])

    def test_a_second_build_asks_nobody(self):
        first = self.build_layout()
        self.server.requests.clear()
        self.archive.requests.clear()
        self.assertEqual(self.build_layout("--offline").digest, first.digest)
        self.cache = self.path("other-cache")
        self.assertEqual(self.build_layout("-j", "1", umask=0o077).digest, first.digest)

    def test_the_layer_of_python_is_the_same_on_another_base(self):
        first = self.build_layout().digests
        self.write_project({"cogbuild.yaml": "base_packages: [further]\n" + self.read("cogbuild.yaml"), "cog.yaml": YAML})
        self.publish(Deb("further"))
        second = self.build_layout().digests
        self.assertEqual(first[1], second[1])
        self.assertNotEqual(first[0], second[0])

    def test_another_content_than_the_settings_say(self):
        self.server.content = make_archive("3.12.10")
        wrong = hashlib.sha256(self.server.content).hexdigest()
        good = hashlib.sha256(self.content).hexdigest()
        self.assert_fails(f"error: python {VERSION} from {self.server.url} is not what was pinned: content has digest "
                          f"sha256:{wrong}, expected sha256:{good}\n  while making the layer of python {VERSION}\n"
                          "  while composing the base\nhint: if the new content is right, run cogbuild lock\n")
        self.server.content = self.content
        self.build()
        self.assert_store_sound()

    def test_archives_that_are_none(self):
        for number, (entries, message) in enumerate([
                ([("elsewhere", b"x")], "the archive of CPython holds `elsewhere` beside `python/`"),
                ([("python/bin/python3.12", b"again")], "the archive of CPython holds `python/bin/python3.12` twice"),
                ([("python/../../outside", b"x")], "outside")]):
            with self.subTest(message):
                self.server.content = make_archive(VERSION, entries)
                self.write_settings(archive_settings(VERSION, self.server.url, self.server.content))
                done = self.build(expect=1)
                self.assert_one_error(done)
                self.assertIn(message, done.err)
        self.server.content = b"no archive at all\n"
        self.write_settings(archive_settings(VERSION, self.server.url, self.server.content))
        self.assert_one_error(self.build(expect=1))

    def test_an_archive_that_is_not_there(self):
        self.server.content = None
        done = self.build(expect=1)
        self.assert_one_error(done)
        self.assertIn(f"error: python {VERSION} is not at {self.server.url} (status 404)\n", done.err)
        self.assertIn("hint: a mirror of the builds (`python.mirror` in cogbuild.yaml, or UV_PYTHON_INSTALL_MIRROR) or an "
                      "archive of your own (`python.archive`) takes their place\n", done.err)

    def test_another_python_than_the_project_asks_for(self):
        self.write_settings(archive_settings(VERSION, self.server.url, self.content), YAML.replace('"3.12"', '"3.10"'))
        done = self.build(expect=2)
        self.assert_one_error(done)
        self.assertIn(f"error: the base image `debian:bookworm` has Python {VERSION}, but `python_version` is 3.10\n",
                      done.err)

    def test_the_lock_pins_it(self):
        self.lock()
        python = tomllib.loads(self.read("cogbuild.lock"))["python"]
        self.assertEqual({key: python[key] for key in ("version", "url", "sha256")},
                         {"version": VERSION, "url": self.server.url, "sha256": hashlib.sha256(self.content).hexdigest()})
        self.cache = self.path("other-cache")
        self.server.requests.clear()
        self.build("--locked")
        self.assertEqual(self.server.requests, ["/cpython.tar.gz"])
        older = make_archive("3.12.10")
        self.write_settings("")
        self.build("--locked", expect=0)
        self.write_settings(archive_settings("3.12.10", self.server.root + "/other.tar.gz", older))
        self.server.content = older
        done = self.lock("-U")
        self.assertIn(f"CPython {VERSION} -> 3.12.10\n", done.err)


class MirrorTest(StandaloneCase):
    """The table of known builds is asked of a mirror; what is served here is none of them, and refused."""

    def check(self, path_prefix, env=None):
        done = self.build(expect=1, env=env)
        self.assert_one_error(done)
        self.assertRegex(done.err, r"error: python 3\.12\.\d+ from .* is not what was pinned: ")
        [asked] = self.server.requests
        self.assertRegex(asked, path_prefix + r"/\d{8}/cpython-3\.12\.\d+(\+|%2B)\d{8}-x86_64-unknown-linux-gnu-"
                                              r"install_only_stripped\.tar\.gz$")

    def test_of_the_settings(self):
        self.write_settings(f"python:\n  mirror: {self.server.root}/builds/\n")
        self.check("^/builds")

    def test_of_the_variable_that_uv_has(self):
        self.write_settings()
        self.check("^/uv", self.environment(UV_PYTHON_INSTALL_MIRROR=self.server.root + "/uv"))

    def test_the_settings_come_before_the_variable(self):
        self.write_settings(f"python:\n  mirror: {self.server.root}/builds\n")
        self.check("^/builds", self.environment(UV_PYTHON_INSTALL_MIRROR="http://127.0.0.1:9/uv"))


if __name__ == "__main__":
    unittest.main()
