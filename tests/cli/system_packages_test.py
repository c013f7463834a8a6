"""system_packages, above a base that was composed and above one that another tool made: what is unpacked and configured."""
import hashlib
import subprocess
import unittest

import base
from debian_case import ELF, Deb, DebianCase, HardLink, base_debs, status_stanzas, titles, tool

# As update-alternatives and adduser are called by real packages.
EDITOR_POSTINST = """\
#!/bin/sh
set -e
if [ "$1" = configure ]; then
  update-alternatives --install /usr/bin/editor editor /usr/bin/tinyed 50 \\
    --slave /usr/share/info/editor editor-info /usr/share/info/tinyed
  adduser --system --group --home /var/lib/tinyed --no-create-home tinyed
fi
"""
WITHOUT_TINI = base.DPKG_STATUS.replace(base.DPKG_STATUS[base.DPKG_STATUS.index("Package: tini"):], "")


def editor():
    return tool("tinyed", depends="libtiny1 (>= 2)", control={"postinst": EDITOR_POSTINST, "conffiles": "/etc/tinyed.conf\n"},
                files={"etc/tinyed.conf": b"colour = no\n", "usr/bin/tinyed-again": HardLink("usr/bin/tinyed"),
                       "bin/old-place": (0o755, ELF), "usr/bin/as-root": (0o4755, ELF), "usr/bin/link": "tinyed",
                       "usr/share/lintian/overrides/tinyed": b"no\n"})


def library(version="2.0"):
    return Deb("libtiny1", version, fields={"Multi-Arch": "same", "Source": "tiny"}, depends="libc6 (>= 2.14)",
               files={"usr/lib/x86_64-linux-gnu/libtiny.so.1": ELF, "usr/share/doc/libtiny1/copyright": b"ok\n"})


class SystemPackagesTest(DebianCase):
    system_packages = ("tinyed",)

    def above(self, *extra, image_base=None, **options):
        return self.build_layout(*extra, image_base=image_base or self.base, **options)

    def check_files(self, image, unpacked, configured):
        tree = image.tree()
        self.assertEqual(tree["usr/bin/tinyed"].mode & 0o7777, 0o755)
        again = next(member for member in unpacked.members() if member.name == "usr/bin/tinyed-again")
        self.assertTrue(again.islnk())
        self.assertEqual(again.linkname, "usr/bin/tinyed")
        self.assertEqual(tree["usr/bin/as-root"].mode & 0o7777, 0o4755)
        self.assertEqual(tree["usr/bin/link"].linkname, "tinyed")
        self.assertIn("usr/bin/old-place", unpacked.files())
        self.assertTrue(tree["bin"].issym(), "a merged directory stays a link")
        self.assertEqual(unpacked.read("etc/tinyed.conf"), b"colour = no\n")
        self.assertIn("usr/share/doc/tinyed/copyright", tree)
        for path in ("usr/share/doc/tinyed/changelog.gz", "usr/share/man/man1/tinyed.1.gz",
                     "usr/share/locale/de/LC_MESSAGES/tinyed.mo", "usr/share/lintian/overrides/tinyed"):
            self.assertNotIn(path, tree)
        self.assertEqual({(member.uid, member.gid, member.mtime) for member in unpacked.members()}, {(0, 0, base.EPOCH)})

        status = status_stanzas(configured)
        self.assertIn("\nStatus: install ok installed\n", status["tinyed"])
        self.assertIn("\nConffiles:\n /etc/tinyed.conf " + hashlib.md5(b"colour = no\n").hexdigest(), status["tinyed"])
        self.assertIn("\nMulti-Arch: same\n", status["libtiny1"])
        for name in ("libc6", "python3.11-minimal", "tini"):
            self.assertIn(name, status, "the base's packages stay")
        self.assertEqual(tree["usr/bin/editor"].linkname, "/etc/alternatives/editor")
        self.assertEqual(tree["etc/alternatives/editor"].linkname, "/usr/bin/tinyed")
        self.assertEqual(configured.read("var/lib/dpkg/alternatives/editor").decode().splitlines(),
                         ["auto", "/usr/bin/editor", "editor-info", "/usr/share/info/editor", "", "/usr/bin/tinyed", "50",
                          "/usr/share/info/tinyed", ""])
        self.assertNotIn("usr/share/info/editor", tree, "no link to a page that was left out")
        self.assertRegex(configured.read("etc/passwd").decode(),
                         r"(?m)^tinyed:[x*]:1\d\d:1\d\d::/var/lib/tinyed:/usr/sbin/nologin$")
        names = unpacked.names()
        for name in ("tinyed.list", "tinyed.postinst", "tinyed.md5sums", "tinyed.conffiles", "libtiny1:amd64.list"):
            self.assertIn("var/lib/dpkg/info/" + name, names)

    def test_above_a_base_of_another_tool(self):
        self.publish(editor(), library())
        image = self.above()
        self.assertEqual(titles(image)[1:3], ["system 2 packages", "system configuration of 2 packages"])
        self.check_files(image, *image.layers[1:3])
        self.assertEqual(image.digests[0], self.above(project=self.write_project({}, self.path("bare"))).digests[0])

    def test_above_a_composed_base(self):
        self.publish(*base_debs(), editor(), library())
        image = self.build_layout()
        self.assertEqual(titles(image)[:5],
                         ["base debian bookworm, 23 packages", "base python, 3 packages", "base configuration of 26 packages",
                          "system 2 packages", "system configuration of 2 packages"])
        self.check_files(image, *image.layers[3:5])
        self.assertEqual(image.labels["run.cog.cog-base-image-last-layer-idx"], "2", "system packages are the model's own")
        root = self.path("root")
        self.build("--output", "rootfs:" + root)
        audit = subprocess.run(["dpkg", f"--root={root}", "--audit"], capture_output=True, text=True)
        self.assertEqual((audit.returncode, audit.stdout, audit.stderr), (0, "", ""))

    def test_documents_stay_on_request(self):
        self.publish(editor(), library())
        tree = self.above("--keep-docs").tree()
        for path in ("usr/share/doc/tinyed/changelog.gz", "usr/share/man/man1/tinyed.1.gz"):
            self.assertIn(path, tree)

    def test_a_directory_that_the_base_has_as_a_link_is_followed(self):
        self.publish(editor(), library(), Deb("data", files={"usr/lib/data/models/a": b"a\n"}))
        other = self.path("linked")
        base.write_layout(other, [base.layer_tar([*base.DIRECTORIES, "usr/share", "usr/share/real"], base.FILES,
                                                 {**base.LINKS, "usr/lib/data": "../share/real"})])
        self.write_project({"cog.yaml": self.cog_yaml("data")})
        image = self.above(image_base=other)
        self.assertIn("usr/share/real/models/a", image.layers[1].files())
        self.assertTrue(image.tree()["usr/lib/data"].issym())

    def test_one_package_more_costs_one_download(self):
        self.publish(editor(), library(), tool("less"))
        self.above()
        self.assertEqual(self.fetched(), ["libtiny1", "tinyed"])
        self.archive.requests.clear()
        self.write_project({"cog.yaml": self.cog_yaml("tinyed", "less")})
        image = self.above()
        self.assertEqual(self.fetched(), ["less"])
        self.assertEqual(titles(image)[1], "system 3 packages")
        self.archive.requests.clear()
        self.above("--offline")
        self.assertEqual(self.archive.requests, [])

    def test_blanks_divide_names_as_in_a_shell(self):
        self.publish(tool("less"), tool("more"))
        self.write_project({"cog.yaml": self.cog_yaml("less more")})
        self.assertIn("system 2 packages", titles(self.above()))

    def test_the_same_from_another_cache(self):
        self.publish(editor(), library())
        first = self.above()
        self.cache = self.path("other-cache")
        self.assertEqual(self.above("-j", "1", umask=0o077).digest, first.digest)

    def test_what_the_base_has_is_not_installed_again(self):
        self.publish(tool("tini", "0.19.0-1+b3"), tool("libc6", "2.36-9"))
        self.write_project({"cog.yaml": self.cog_yaml("tini", "libc6")})
        image = self.above()
        self.assertEqual([title for title in titles(image) if title.startswith("system")], [])
        self.assertEqual(self.fetched(), [])

    def test_tini_comes_to_a_debian_base_that_lacks_it(self):
        self.publish(tool("tini", "0.19.0-1+b3"))
        self.write_project({"cog.yaml": self.cog_yaml()})
        other = self.path("no-tini")
        files = {name: value for name, value in base.FILES.items() if name != "usr/bin/tini"}
        files["var/lib/dpkg/status"] = (WITHOUT_TINI.encode(), 0o644)
        base.write_layout(other, [base.layer_tar(base.DIRECTORIES, files, base.LINKS)])
        image = self.above(image_base=other)
        self.assertEqual(titles(image)[1:3], ["system tini 0.19.0-1+b3", "system configuration of 1 package"])
        self.assertIn("usr/bin/tini", image.layers[1].files())
        self.assertEqual(image.tree()["usr/sbin/tini"].linkname, "/usr/bin/tini")
        self.assertEqual(image.config["config"]["Entrypoint"], ["/sbin/tini", "--"])

    def test_a_successor_is_taken_and_told(self):
        self.publish(tool("libgl1"))
        self.write_project({"cog.yaml": self.cog_yaml("libgl1-mesa-glx")})
        done = self.build(image_base=self.base)
        self.assertIn("`libgl1` is taken for `libgl1-mesa-glx`, which bookworm does not have:", done.err)

    def test_a_base_without_packages_of_debian_is_refused(self):
        other = self.path("bare-base")
        files = {name: value for name, value in base.FILES.items() if name != "var/lib/dpkg/status"}
        base.write_layout(other, [base.layer_tar(base.DIRECTORIES, files, base.LINKS)])
        self.publish(editor(), library())
        self.assert_fails("error: the base image has no database of Debian packages\n"
                          "hint: system_packages need a base of Debian or Ubuntu\n", image_base=other, code=2)


SCRIPT = """\
#!/bin/sh
set -e
make-everything --now
another thing
"""


class WhatCannotBeInstalledTest(DebianCase):
    def setUp(self):
        super().setUp()
        mta = {"fields": {"Provides": "mta"}}
        self.publish(tool("less"), tool("exim", **mta), tool("postfix", **mta), tool("needy", depends="missing (>= 2)"),
                     tool("one", fields={"Conflicts": "other"}), tool("other"), tool("wild", control={"postinst": SCRIPT}),
                     tool("wilder", control={"preinst": "#!/bin/sh\nformat-disk\n"}))

    def refuse(self, packages, expected, code=2):
        self.write_project({"cog.yaml": self.cog_yaml(*packages)})
        self.assert_fails(expected, image_base=self.base, code=code)
        self.assertEqual(self.fetched() if code == 2 else [], [], "nothing is fetched in vain")

    def excerpt(self, name):
        return f'  3 |     - "{name}"\n    |       ^\n'

    def test_names_and_versions(self):
        for name, message, hint in [
                ("lesss", "no package of bookworm is named `lesss`", "did you mean `less`?"),
                ("mta", "`mta` is not a package; 2 packages provide it", "choose one of `exim`, `postfix`"),
                ("less=2.0", "`less` has no version `2.0`", "there is 1.0 (bookworm)"),
                ("less/trixie", "no suite is named `trixie`", "there is bookworm")]:
            with self.subTest(name):
                self.refuse([name], f"cog.yaml:3:7: error: {message}\n{self.excerpt(name)}hint: {hint}\n")

    def test_what_contradicts_itself(self):
        self.refuse(["needy"], "cog.yaml:3:7: error: `needy` cannot be installed\n" + self.excerpt("needy") +
                    "  `needy` 1.0 depends on `missing (>= 2)`, which no package satisfies\n", code=1)
        self.refuse(["one", "other"], "cog.yaml:3:7: error: `one` and `other` cannot be installed together\n" +
                    self.excerpt("one") + "  `one` 1.0 conflicts with `other` 1.0\n", code=1)

    def test_two_wrong_names_are_told_at_once(self):
        self.write_project({"cog.yaml": self.cog_yaml("lesss", "eximm")})
        done = self.build(image_base=self.base, expect=2)
        for name in ("lesss", "eximm"):
            self.assertIn(f"error: no package of bookworm is named `{name}`", done.err)

    def test_unknown_maintainer_scripts_name_the_package_and_the_lines(self):
        self.refuse(["wild"], "error: the maintainer scripts of `wild` do more than is known\n"
                              "  postinst:3: make-everything --now\n  postinst:4: another thing\n"
                              "  while making the layer of configuration of 1 package\n  while installing system_packages\n"
                              "hint: `debian.skip_scripts: [wild]` in cogbuild.yaml takes the package without running the "
                              "scripts\n", code=1)
        self.write_project({"cog.yaml": self.cog_yaml("wild"), "cogbuild.yaml": self.settings(skip_scripts="[wild]")})
        done = self.build(image_base=self.base)
        self.assertIn("warning: the maintainer scripts of `wild` were followed in part only\n", done.err)
        self.write_project({"cog.yaml": self.cog_yaml("wild", "wilder")})
        self.assert_fails("preinst:2: format-disk\n", image_base=self.base)
        self.write_project({"cog.yaml": self.cog_yaml("wild", "wilder"),
                            "cogbuild.yaml": self.settings(skip_scripts="[wild, wilder]")})
        self.build(image_base=self.base)

    def test_a_file_of_another_package_is_a_conflict(self):
        self.publish(Deb("twin", files={"usr/bin/less": b"mine\n"}))
        self.write_project({"cog.yaml": self.cog_yaml("less", "twin")})
        self.assert_fails("error: less 1.0 and twin 1.0 both own `/usr/bin/less`\n  while installing system_packages\n",
                          image_base=self.base)


if __name__ == "__main__":
    unittest.main()
