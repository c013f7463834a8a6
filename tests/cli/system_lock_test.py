"""Packages in cogbuild.lock, and archives that change, lose files or lie: nothing unverified gets in, or stays."""
import glob
import hashlib
import os
import signal
import subprocess
import time
import tomllib
import unittest

import cli_test_case
from debian_case import Deb, DebianArchive, DebianCase, Key, base_debs, titles, tool

DAY = 86400
LISTS = "dists/bookworm/main/binary-amd64/"
RELEASE = "dists/bookworm/InRelease"


class SystemLockCase(DebianCase):
    system_packages = ("less",)

    def setUp(self):
        super().setUp()
        self.less = tool("less", depends="libless1")
        self.publish(self.less, Deb("libless1", files={"usr/share/libless1/a": b"a\n"}))

    def build(self, *extra, image_base=None, **options):
        return super().build(*extra, image_base=image_base or self.base, **options)

    def lock(self, *extra, **options):
        return super().lock("--base", "oci:" + self.base, *extra, **options)

    def relock(self, *extra, **options):
        return self.cogbuild("lock", "-C", self.project, *extra, **options)

    def locked(self):
        return tomllib.loads(self.read("cogbuild.lock"))

    def versions(self):
        return {package["name"]: package["version"] for package in self.locked()["package"]}

    def release_newer(self):
        """less 2.0 takes the place of 1.0, as in an update of the suite."""
        self.archive.debs.remove(self.less)
        self.newer = tool("less", "2.0", depends="libless1")
        self.publish(self.newer)


class SystemLockTest(SystemLockCase):
    def test_what_is_pinned(self):
        self.lock()
        lock = self.locked()
        self.assertEqual(lock["system"], {"system-names": ["less"]})
        self.assertEqual([(a["codename"], a["origin"], a["label"], a["uri"]) for a in lock["archive"]],
                         [("bookworm", "Debian", "Debian", self.archive.url)])
        self.assertRegex(lock["archive"][0]["date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        content = self.less.content()
        self.assertEqual(lock["package"][0],
                         {"layer": "system", "name": "less", "version": "1.0", "architecture": "amd64", "source": "less",
                          "archive": "bookworm", "path": self.less.path(), "size": len(content),
                          "sha256": hashlib.sha256(content).hexdigest()})
        self.assertEqual(self.versions(), {"less": "1.0", "libless1": "1.0"})
        self.archive.requests.clear()
        self.assertIn("is up to date\n", self.relock().err)
        self.assertEqual(self.archive.requests, [])

    def test_a_composed_base_is_pinned_as_a_whole(self):
        self.publish(*base_debs())
        super(SystemLockCase, self).lock()
        lock = self.locked()
        self.assertEqual((lock["base"]["reference"], lock["base"].get("digest"), lock["system"]["suite"]),
                         ("debian:bookworm", None, "bookworm"))
        self.assertEqual([sum(package["layer"] == layer for package in lock["package"])
                          for layer in ("base", "python", "system")], [23, 3, 2])
        first = self.composed("--locked")
        self.publish(*[Deb("tzdata", "2.0"), Deb("python3.11", "3.11.2-6+deb12u6", depends="python3.11-minimal")])
        self.cache = self.path("other-cache")
        self.assertEqual(self.composed("--locked"), first)
        done = self.relock("-U")
        for change in ("tzdata 1.0 -> 2.0", "python3.11 3.11.2-6+deb12u5 -> 3.11.2-6+deb12u6"):
            self.assertIn(change + "\n", done.err)

    def composed(self, *extra):
        return self.cogbuild("build", "-C", self.project, "-t", "app", *extra, "--openapi-schema",
                             cli_test_case.SCHEMA).out

    def test_a_locked_build_takes_what_is_pinned(self):
        self.lock()
        self.release_newer()
        self.cache = self.path("other-cache")
        self.archive.requests.clear()
        image = self.build_layout("--locked")
        self.assertEqual(self.fetched(), ["less", "libless1"])
        self.assertEqual([path for path in self.archive.requests if "dists" in path], [], "a lock needs no index")
        self.assertIn("\nVersion: 1.0\n", image.layers[2].read("var/lib/dpkg/status").decode().split("Package: less\n")[1])
        self.assertEqual(self.build_layout().digest, image.digest, "without --locked, too")

    def test_upgrading_takes_and_tells_what_is_newer(self):
        self.lock()
        self.release_newer()
        self.assertIn("is up to date\n", self.relock().err)
        done = self.relock("-U")
        self.assertIn("less 1.0 -> 2.0\n", done.err)
        self.assertEqual(self.versions(), {"less": "2.0", "libless1": "1.0"})
        self.assertEqual(titles(self.build_layout("--locked"))[1], "system 2 packages")

    def test_other_packages_make_a_lock_outdated(self):
        self.lock()
        self.publish(tool("procps"))
        self.write_project({"cog.yaml": self.cog_yaml("less", "procps")})
        self.assert_fails("error: pylock.toml is out of date: system_packages: + procps\nhint: run `cogbuild lock`\n",
                          "--locked", code=3)
        before = self.read("cogbuild.lock")
        done = self.build()
        self.assertIn("updated ", done.err)
        self.assertNotEqual(self.read("cogbuild.lock"), before)
        self.build("--locked")
        self.write_project({"cog.yaml": self.cog_yaml()})
        self.assert_fails("error: pylock.toml is out of date: system_packages: - less; system_packages: - procps\n",
                          "--locked", code=3)

    def test_a_package_that_is_gone(self):
        self.lock()
        self.release_newer()
        self.archive.remove(self.less)
        self.cache = self.path("other-cache")
        gone = "error: 1 package of the lock is gone from every mirror:\n  `less` 1.0 (amd64)\n  while installing " \
               "system_packages\n"
        anew = "hint: or choose packages anew: run cogbuild lock\n"
        self.assert_fails(f"{gone}hint: a snapshot of the archive keeps what was replaced: name one with `debian.snapshot` "
                          f"in cogbuild.yaml\n{anew}", "--locked")
        # The same server plays the snapshot: its archive `debian` as of the lock's date.
        date = self.locked()["archive"][0]["date"].replace("-", "").replace(":", "")
        self.write_project({"cog.yaml": self.cog_yaml("less"), "cogbuild.yaml": self.settings(snapshot=self.archive.url)})
        self.assert_fails(gone, "--locked")
        self.assertIn(f"/debian/debian/{date}/{self.less.path()}", self.archive.requests)
        self.write(str(self.archive.root / "debian" / date / self.less.path()), self.less.content())
        self.build("--locked")

    def test_without_a_lock_a_package_that_is_gone_is_chosen_anew(self):
        self.build()
        for path in glob.glob(os.path.join(self.cache, "blobs", "sha256", "*")):
            os.remove(path)
        self.release_newer()
        self.archive.remove(self.less)
        done = self.build("-v")
        self.assertIn("choosing packages anew: 1 package of the lock is gone from every mirror:", done.err)
        self.assertRegex(done.err, r"(?m)^system +2 packages")

    def test_another_mirror_needs_no_new_lock(self):
        self.lock()
        self.cache = self.path("other-cache")
        with DebianArchive(self.path("mirror"), self.key, codename="bookworm") as mirror:
            mirror.add(*self.archive.debs).publish()
            self.archive.faults = {deb.path(): 404 for deb in self.archive.debs}
            source = f"deb [signed-by={self.keyring}] {mirror.url} {{suite}} main"
            self.write_project({"cog.yaml": self.cog_yaml("less"), "cogbuild.yaml": self.settings(source)})
            self.archive.requests.clear()
            self.build("--locked")
            self.assertEqual(len(mirror.requests), 2)
            self.assertEqual(self.archive.requests, [])

    def test_a_download_that_breaks_goes_on(self):
        self.archive.faults = {self.less.path(): ("once", "truncate")}
        done = self.build()
        self.assertRegex(done.err, r"less_1\.0_amd64\.deb: .*; trying again in ")


class BadArchiveTest(SystemLockCase):
    """After each failure the cache holds nothing of it: the archive mended, the same cache builds."""

    def tearDown(self):
        self.archive.faults.clear()
        self.archive.publish()
        self.assertEqual(titles(self.build_layout())[1], "system 2 packages")
        self.assert_store_sound()

    def refuse(self, message, hint=None, suffix="  while reading {url} bookworm main\n"):
        done = self.assert_fails("error: " + message + "\n" + suffix.format(url=self.archive.url) +
                                 (f"hint: {hint}\n" if hint else ""))
        for content in self.archive.faults.values():
            if isinstance(content, bytes):
                self.assert_not_cached(content)
        return done

    def assert_not_cached(self, content):
        found = glob.glob(os.path.join(self.cache, "**", hashlib.sha256(content).hexdigest() + "*"), recursive=True)
        self.assertEqual(found, [])

    def bad(self, path, change):
        content = (self.archive.root / path).read_bytes()
        self.archive.faults[path] = change(content)
        return self.archive.faults[path]

    def test_a_changed_list_of_packages(self):
        mend = "the mirror may be in the middle of an update: try again later or use another one"
        [by_hash] = [str(path.relative_to(self.archive.root)) for path in (self.archive.root / LISTS).glob("by-hash/*/*")]
        good = os.path.basename(by_hash)
        bad = hashlib.sha256(self.bad(by_hash, lambda content: content[:-1] + b"?")).hexdigest()
        self.refuse(f"{self.archive.url}/{by_hash} is not what the signed index lists: it has the digest sha256:{bad}, "
                    f"expected sha256:{good}", mend)
        self.archive.faults = {by_hash: 404}
        self.bad(LISTS + "Packages.xz", lambda content: content[:-1])
        size = len((self.archive.root / by_hash).read_bytes())
        self.refuse(f"{self.archive.url}/{LISTS}Packages.xz has {size - 1} bytes, but the signed index says {size}", mend)

    def test_a_changed_package(self):
        place = self.less.path()
        bad = self.bad(place, lambda content: content[:-1] + b"?")
        good = hashlib.sha256(self.less.content()).hexdigest()
        self.refuse(f"less_1.0_amd64.deb from {self.archive.url}/{place} is not what was pinned: content has digest "
                    f"sha256:{hashlib.sha256(bad).hexdigest()}, expected sha256:{good}",
                    "if the new content is right, run cogbuild lock", "  while installing system_packages\n")

    def test_a_package_that_is_another_one(self):
        # Rightly signed, and yet the list calls something else by the name of less.
        honest = self.less.content
        self.less.content = tool("other").content
        self.archive.publish()
        self.assert_fails("error: it is the package other 1.0 amd64\n  while unpacking less 1.0\n")
        self.less.content = honest

    def test_a_changed_index(self):
        self.bad(RELEASE, lambda content: content.replace(b"Label: Debian", b"Label: Other"))
        done = self.assert_fails(f"error: the signature of the index of `bookworm` on {self.archive.url} does not fit what it "
                                 "signs (key ")
        self.assertIn("hint: the index was changed on its way: use another mirror\n", done.err)

    def test_an_index_that_another_key_signed(self):
        mine = self.archive.key
        with Key() as other:
            self.archive.key = other
            self.archive.publish()
        self.archive.key = mine
        done = self.assert_fails(f"error: the index of `bookworm` on {self.archive.url} has no signature that counts: key ")
        self.assertIn(" is not in the keyring\n", done.err)

    def test_an_index_without_a_signature(self):
        text = (self.archive.root / RELEASE).read_bytes().split(b"\n\n", 1)[1].split(b"-----BEGIN PGP SIGNATURE")[0]
        self.archive.faults = {RELEASE: 404, "dists/bookworm/Release": text, "dists/bookworm/Release.gpg": 404}
        self.refuse(f"the index of `bookworm` on {self.archive.url} has no signature",
                    "use an archive that is signed; if this one is meant, say `trusted=yes` for it in `debian.sources` of "
                    "cogbuild.yaml")
        plain = f"deb {self.archive.url} {{suite}} main"
        for settings in (self.settings(plain.replace("deb ", "deb [trusted=yes] ")),
                         self.settings(plain, allow_unsigned="true")):
            self.write_project({"cog.yaml": self.cog_yaml("less"), "cogbuild.yaml": settings})
            self.build("--no-cache")
        self.write_project({"cog.yaml": self.cog_yaml("less"), "cogbuild.yaml": self.settings()})

    def test_an_index_that_expired(self):
        now = time.time()
        self.archive.publish(date=now - 9 * DAY, valid_until=now - 2 * DAY - 60)
        self.assert_fails(f"error: the index of `bookworm` on {self.archive.url}, made ")
        done = self.build(expect=1)
        self.assertRegex(done.err, r"(?m), expired on .*, 2 days ago$")
        self.assertIn("hint: use a mirror that is up to date, or say `Check-Valid-Until: no` for this source if an old state "
                      "is meant\n", done.err)

    def test_an_index_older_than_the_one_before(self):
        self.build()
        self.archive.publish(date=time.time() - 30 * DAY)
        self.write_project({"cog.yaml": self.cog_yaml("less", "libless1")})
        done = self.build(expect=1)
        self.assertIn(f"error: the index of `bookworm` on {self.archive.url} is older than it was: made ", done.err)

    def test_no_such_suite(self):
        self.archive.faults = {RELEASE: 404}
        self.refuse(f"there is no suite `bookworm` on {self.archive.url}",
                    "check its name, or whether it has moved to an archive of old releases")

    def test_a_mirror_that_breaks_off(self):
        self.archive.faults = {RELEASE: "truncate"}
        self.assert_fails(f"error: GET {self.archive.url}/{RELEASE} failed: transfer closed with ")

    def test_a_mirror_that_stalls(self):
        for path in (RELEASE, self.less.path()):
            with self.subTest(path):
                self.archive.faults = {path: "stall"}
                build = subprocess.Popen([cli_test_case.COGBUILD, *self.build_arguments(image_base=self.base)],
                                         env=self.environment(), stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
                for _ in range(600):
                    if "/debian/" + path in self.archive.requests:
                        break
                    time.sleep(0.05)
                time.sleep(0.2)
                build.send_signal(signal.SIGTERM)
                build.communicate(timeout=30)
                self.assertNotEqual(build.returncode, 0)


if __name__ == "__main__":
    unittest.main()
