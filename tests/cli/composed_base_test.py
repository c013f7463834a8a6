"""A base that nobody named: composed from packages of an archive, the same for everybody, and without a question when known."""
import os
import re
import shutil
import subprocess
import unittest

import cli_test_case
import make_wheels
import oci
from debian_case import SMALL, DebianCase, base_debs, make_certificate, status_stanzas, titles, tool

NOBODY = 65534
PACKAGES = sorted([*SMALL, "base-files", "base-passwd", "ca-certificates", "dash", "libc-bin", "libc6",
                   "python3-distutils", "python3.11", "python3.11-minimal", "tini"])
LINKS = {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64", "sbin": "usr/sbin", "var/run": "/run",
         "usr/bin/python": "python3", "usr/bin/python3": "python3.11", "usr/sbin/tini": "../bin/tini",
         "usr/local/bin/python": "/usr/bin/python3.11", "usr/local/bin/python3": "/usr/bin/python3.11",
         "usr/local/lib/python3.11/dist-packages": "site-packages"}


class ComposedBaseCase(DebianCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = make_certificate(cls.key.folder)

    def setUp(self):
        super().setUp()
        self.publish(*base_debs(self.certificate))


class ComposedBaseTest(ComposedBaseCase):
    def test_the_layers_and_what_is_in_them(self):
        image = self.build_layout()
        self.assertEqual(titles(image), ["base debian bookworm, 23 packages", "base python, 3 packages",
                                         "base configuration of 26 packages",
                                         "runtime cog 0.23.1, coglet 0.23.1, typing-extensions 4.12.2",
                                         "code project code"])
        base, python, configuration = image.layers[:3]
        self.assertIn("usr/bin/dash", base.names())
        self.assertIn("usr/bin/python3.11", python.names())
        tree = image.tree()
        for path, target in LINKS.items():
            self.assertEqual(tree[path].linkname, target, path)
            self.assertNotIn(path, base.names(), "links are made by what configures")
        self.assertEqual(tree["usr/bin/dash"].mode & 0o777, 0o755)
        for path, mode in (("tmp", 0o1777), ("root", 0o700), ("etc/shadow", 0o640), ("proc", 0o755)):
            self.assertEqual(tree[path].mode & 0o7777, mode, path)
        self.assertNotIn("usr/lib/python3.11/EXTERNALLY-MANAGED", tree)
        self.assertIn("usr/lib/python3.11/json.py", tree)

        status = status_stanzas(configuration)
        self.assertEqual(sorted(status), PACKAGES)
        self.assertEqual({line for stanza in status.values() for line in stanza.split("\n") if line.startswith("Status:")},
                         {"Status: install ok installed"})
        self.assertIn("\nVersion: 3.11.2-6+deb12u5\n", status["python3.11"])
        self.assertEqual(base.read("var/lib/dpkg/info/tini.list").decode().splitlines(),
                         ["/.", "/usr", "/usr/bin", "/usr/bin/tini", "/usr/share", "/usr/share/doc", "/usr/share/doc/tini",
                          "/usr/share/doc/tini/copyright", "/usr/share/locale", "/usr/share/man", "/usr/share/man/man1"])
        self.assertEqual(configuration.read("etc/passwd").decode().splitlines()[0].split(":")[5:], ["/root", "/bin/bash"])
        self.assertIn("nogroup:x:65534:", configuration.read("etc/group").decode())
        self.assertEqual(configuration.read("etc/nsswitch.conf"), b"passwd: files\n")
        self.assertEqual(configuration.read("etc/ssl/certs/ca-certificates.crt"), self.certificate)
        self.assertEqual(tree["etc/ssl/certs/Test_Root.pem"].linkname, "/usr/share/ca-certificates/mozilla/Test_Root.crt")
        self.assertTrue([name for name in tree if re.fullmatch(r"etc/ssl/certs/[0-9a-f]{8}\.0", name)])

        config = image.config["config"]
        self.assertEqual(config["Env"][:3], ["LANG=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                             "PYTHON_VERSION=3.11.2"])
        self.assertEqual(config["Entrypoint"], ["/sbin/tini", "--"])
        self.assertEqual(image.labels["run.cog.cog-base-image-last-layer-idx"], "2")
        self.assertEqual(image.labels["run.cog.cog-base-image-last-layer-sha"], configuration.diff_id)

    def test_dpkg_finds_nothing_to_complain_about(self):
        root = self.path("root")
        self.build("--output", "rootfs:" + root)
        audit = subprocess.run(["dpkg", f"--root={root}", "--audit"], capture_output=True, text=True)
        self.assertEqual((audit.returncode, audit.stdout, audit.stderr), (0, "", ""))
        listed = subprocess.run(["dpkg-query", f"--admindir={root}/var/lib/dpkg", "-W", "-f", "${Package}\n"],
                                capture_output=True, text=True, check=True)
        self.assertEqual(sorted(listed.stdout.split()), PACKAGES)
        verified = subprocess.run(["dpkg", f"--root={root}", "--verify"], capture_output=True, text=True)
        self.assertEqual(verified.stdout.replace("??5?????? c ", ""), "", verified.stderr)

    def test_documents_go_unless_they_are_asked_for(self):
        small = self.build_layout().tree()
        self.assertIn("usr/share/doc/tini/copyright", small)
        dropped = ["usr/share/doc/tini/changelog.gz", "usr/share/man/man1/tini.1.gz", "usr/share/locale/de/LC_MESSAGES/tini.mo"]
        for path in dropped:
            self.assertNotIn(path, small)
        whole = self.build_layout("--keep-docs")
        for path in dropped:
            self.assertIn(path, whole.tree())
        self.assertIn("/usr/share/doc/tini/changelog.gz\n", whole.layers[0].read("var/lib/dpkg/info/tini.list").decode())
        self.write_project({"cog.yaml": self.cog_yaml(), "cogbuild.yaml": "keep_docs: true\n" + self.settings(),
                            ".dockerignore": "cogbuild.yaml\n"})
        self.assertEqual(self.build_layout().digests[:3], whole.digests[:3])
        self.assertEqual(set(small) - set(self.build_layout("--no-keep-docs").tree()), {"src/cogbuild.yaml"})

    def test_further_packages_by_flag_and_by_file(self):
        self.publish(tool("less", depends="ncurses-base"), tool("procps"))
        image = self.build_layout("--base-packages", "less,procps=1.0")
        self.assertEqual(titles(image)[0], "base debian bookworm, 25 packages")
        self.assertIn("usr/bin/less", image.layers[0].names())
        self.write_project({"cog.yaml": self.cog_yaml(),
                            "cogbuild.yaml": "base_packages: [less, procps=1.0]\n" + self.settings()})
        self.assertEqual(self.build_layout().digests[:3], image.digests[:3])
        self.assert_fails("error: no package of bookworm is named `lesss`\nhint: did you mean `less`?\n",
                          "--base-packages", "lesss", code=2)

    def test_a_suite_by_name(self):
        image = self.build_layout("--base", "debian:12")
        self.assertEqual(image.digests, self.build_layout().digests)
        done = self.build("--base", "debian:trixie", expect=1)
        self.assert_one_error(done)
        self.assertIn("/debian/dists/trixie/", "".join(self.archive.requests))

    def test_a_second_build_asks_and_makes_nothing(self):
        first = self.build_layout()
        blobs = set(self.snapshot(os.path.join(self.cache, "blobs")))
        self.archive.requests.clear()
        self.index.requests.clear()
        done = self.build()
        self.assertEqual((self.archive.requests, self.index.requests), ([], []))
        self.assertEqual(done.out.strip(), first.digest)
        self.assertEqual(set(self.snapshot(os.path.join(self.cache, "blobs"))), blobs)
        self.assertNotRegex(done.err, r"(?m)^\S+ .* new ")

    def test_offline_works_from_the_cache_and_only_from_it(self):
        self.assert_fails(f"error: the index of `bookworm` on {self.archive.url} is not in the cache, and --offline forbids "
                          f"to ask for it\n  while reading {self.archive.url} bookworm main\n"
                          "hint: run it once without --offline\n", "--offline")
        self.assertEqual(self.archive.requests, [])
        first = self.build_layout()
        self.archive.requests.clear()
        self.assertEqual(self.build_layout("--offline").digest, first.digest)
        self.assertEqual(self.archive.requests, [])


class SameForEverybodyTest(ComposedBaseCase):
    def setUp(self):
        super().setUp()
        self.reference = self.build_layout().digest

    def rebuild(self, *extra, name, **options):
        self.cache = self.path("cache-" + name)
        return self.build_layout(*extra, **options).digest

    def test_another_cache_and_directory(self):
        other = self.path("somewhere else")
        shutil.copytree(self.project, other)
        self.assertEqual(self.rebuild(name="other", project=other), self.reference)

    def test_one_thread_or_four(self):
        self.assertEqual(self.rebuild("-j", "1", name="one"), self.reference)
        self.assertEqual(self.rebuild("-j", "4", name="four"), self.reference)

    def test_another_umask_time_zone_and_locale(self):
        env = {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}
        self.cache = self.path("cache-locale")
        self.assertEqual(self.build_layout(env=self.environment(**env), umask=0o077).digest, self.reference)

    def test_packages_in_another_order_of_the_archive(self):
        self.archive.debs.reverse()
        self.archive.publish()
        self.assertEqual(self.rebuild(name="reversed"), self.reference)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become another user")
    def test_another_user(self):
        binary, home = self.path("cogbuild"), self.path("their-home")
        shutil.copy(cli_test_case.COGBUILD, binary)
        os.makedirs(os.path.join(home, "tmp"))
        for folder in (home, os.path.join(home, "tmp")):
            os.chown(folder, NOBODY, NOBODY)
        original, cli_test_case.COGBUILD = cli_test_case.COGBUILD, binary
        try:
            out = os.path.join(home, "layout")
            self.cogbuild(*self.build_arguments(), "--output", "oci:" + out,
                          env=cli_test_case.clean_environment(home, os.path.join(home, "cache")),
                          before=["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"])
        finally:
            cli_test_case.COGBUILD = original
        self.assertEqual(oci.Layout(out).digest, self.reference)


class OtherPlatformTest(DebianCase):
    def test_arm64_without_emulation(self):
        self.archive.architectures = ("amd64", "arm64")
        self.publish(*base_debs(), *base_debs(architecture="arm64", library="aarch64-linux-gnu"))
        make_wheels.make_wheel(self.wheels, "coglet", "0.23.1", {"coglet/_impl.abi3.so": b"\x7fELF"},
                               tag="cp310-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64")
        image = self.build_layout("--platform", "linux/arm64")
        self.assertEqual((image.config["architecture"], image.config["os"]), ("arm64", "linux"))
        tree = image.tree()
        self.assertIn("usr/lib/aarch64-linux-gnu/libc.so.6", tree)
        self.assertNotIn("lib64", tree)
        self.assertEqual({line for stanza in status_stanzas(image.layers[2]).values() for line in stanza.splitlines()
                          if line.startswith("Architecture:")}, {"Architecture: arm64"})
        self.assertFalse([path for path in self.archive.requests if "amd64" in path])

        # A lock is for one platform: its packages are no pins for another one.
        self.lock()
        self.assertEqual(self.build_layout("--platform", "linux/arm64").digest, image.digest)


if __name__ == "__main__":
    unittest.main()
