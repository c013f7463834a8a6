"""The same inputs give the same digest, whoever builds, wherever and whenever."""
import os
import random
import shutil
import stat
import unittest

import cli_test_case
import make_wheels
from cli_test_case import CliTestCase

NOBODY = 65534


class DeterminismTest(CliTestCase):
    def setUp(self):
        super().setUp()
        for name in ("lib-a", "Lib.B", "lib_c"):
            make_wheels.make_wheel(self.wheels, name, "1.0", {
                f"{make_wheels.normalized(name)}/{part}.py": f"# {name} {part}\n" * 99 for part in "zyxéß"})
        self.files = {"requirements.txt": "lib-c==1.0\nlib.b==1.0\nLIB_A==1.0\n",
                      "weights/model.safetensors": random.Random(5).randbytes(11_000_000),
                      "nested/ünïcode/ß.txt": "text\n", "nested/a": "a", "nested/a.b": "b", "nested/a-b": "c",
                      "tool.sh": "#!/bin/sh\n"}
        self.write_project(self.files)
        os.chmod(os.path.join(self.project, "tool.sh"), 0o755)
        self.reference = self.build_layout().digest

    def rebuild(self, project=None, cache=None, base=None, **options):
        """The digest of a build with nothing cached."""
        self.cache = cache or self.path(f"cache-{random.randrange(10**9)}")
        return self.build_layout(project=project, image_base=base, **options).digest

    def copy_of_project(self, name):
        shutil.copytree(self.project, self.path(name))
        return self.path(name)

    def test_an_empty_cache(self):
        self.assertEqual(self.rebuild(), self.reference)

    def test_another_directory(self):
        self.assertEqual(self.rebuild(self.copy_of_project("somewhere else")), self.reference)

    def test_files_made_in_another_order_at_another_time(self):
        target = self.path("reversed")
        for name in sorted(self.snapshot(self.project), reverse=True):
            source = os.path.join(self.project, name)
            if os.path.isfile(source):
                os.makedirs(os.path.dirname(os.path.join(target, name)), exist_ok=True)
                shutil.copyfile(source, os.path.join(target, name))
                os.utime(os.path.join(target, name), (1_000_000_000, random.randrange(10**9)))
        os.chmod(os.path.join(target, "tool.sh"), 0o755)
        self.assertEqual(self.rebuild(target), self.reference)

    def test_modes_that_a_umask_would_leave(self):
        project = self.copy_of_project("group-writable")
        for folder, folders, names in os.walk(project):
            for name in folders:
                os.chmod(os.path.join(folder, name), 0o775)
            for name in names:
                path = os.path.join(folder, name)
                executable = os.stat(path).st_mode & stat.S_IXUSR
                os.chmod(path, 0o770 if executable else 0o660)
        self.assertEqual(self.rebuild(project), self.reference)

    def test_another_umask(self):
        for umask in (0o000, 0o077):
            self.assertEqual(self.rebuild(umask=umask), self.reference)

    def test_another_time_zone_and_locale(self):
        for zone, language in (("Pacific/Kiritimati", "tr_TR.UTF-8"), ("America/Caracas", "C"), ("UTC", "POSIX")):
            self.cache = self.path("cache-" + zone.replace("/", "-"))
            env = self.environment(TZ=zone, LANG=language, LC_ALL=language, COLUMNS="40", USER="somebody")
            self.assertEqual(self.build_layout(env=env).digest, self.reference, (zone, language))

    def test_one_processor_or_all(self):
        self.assertEqual(self.rebuild(before=["taskset", "-c", str(min(os.sched_getaffinity(0)))]), self.reference)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become another user")
    def test_another_user(self):
        binary = self.path("bin", "cogbuild")
        os.makedirs(self.path("bin"))
        shutil.copy(cli_test_case.COGBUILD, binary)
        project = self.copy_of_project("theirs")
        home = self.path("their-home")
        os.makedirs(os.path.join(home, "tmp"))
        os.makedirs(self.path("their-out"))
        for top in (project, home, self.path("their-out")):
            for folder, folders, names in os.walk(top):
                for path in [folder] + [os.path.join(folder, name) for name in names]:
                    os.chown(path, NOBODY, NOBODY)
        original = cli_test_case.COGBUILD
        cli_test_case.COGBUILD = binary
        try:
            out = self.path("their-out", "layout")
            self.cogbuild(*self.build_arguments(project), "--output", "oci:" + out,
                          env=cli_test_case.clean_environment(home, os.path.join(home, "cache")),
                          before=["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"])
        finally:
            cli_test_case.COGBUILD = original
        self.assertEqual(cli_test_case.oci.Layout(out).digest, self.reference)

    def test_source_date_epoch_is_an_input(self):
        self.cache = self.path("cache-epoch")
        image = self.build_layout(env=self.environment(SOURCE_DATE_EPOCH="1700000000"))
        self.assertNotEqual(image.digest, self.reference)
        self.assertEqual({member.mtime for layer in image.layers[1:] for member in layer.members()}, {1700000000})

    def test_a_source_date_epoch_that_is_no_time_is_refused(self):
        for value in ("abc", "-1", "1e3", " 5", "8589934592", "99999999999999999999"):
            done = self.build(expect=2, env=self.environment(SOURCE_DATE_EPOCH=value))
            self.assert_one_error(done)
            self.assertIn(f"SOURCE_DATE_EPOCH is `{value}`", done.err)
        self.assertEqual(self.build_layout(env=self.environment(SOURCE_DATE_EPOCH="")).digest, self.reference)


if __name__ == "__main__":
    unittest.main()
