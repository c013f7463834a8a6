"""Builds from where users are: other files, odd names, other users, directories nobody may write to."""
import os
import shutil
import subprocess
import unittest

import cli_test_case
import oci
from cli_test_case import COG_YAML, RUN_PY, SCHEMA, CliTestCase

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
OUTPUTS = ("oci:{}/layout", "oci-archive:{}/o.tar", "docker-archive:{}/d.tar", "rootfs:{}/root")


def copies(source, target):
    return subprocess.run(["skopeo", "copy", "-q", source, "dir:" + target], stderr=subprocess.PIPE, timeout=60)


class SurroundingsTest(CliTestCase):
    def test_a_directory_and_files_with_odd_names(self):
        names = ("日本.txt", "ünï/a b'c\"$.txt", "-x", "d" * 200 + "/" + "e" * 250)
        project = self.write_project({name: name for name in names}, self.path("my prøject ☃"))
        tree = self.build_layout(project=project).tree()
        for name in names:
            self.assertIn("src/" + name, tree)

    def test_another_config_file(self):
        self.write_project({"other.yaml": COG_YAML.replace("run.py:", "run2.py:"), "run2.py": RUN_PY})
        image = self.build_layout("-f", "other.yaml")
        self.assertIn("COG_PREDICT_TYPE_STUB=run2.py:Runner", image.config["config"]["Env"])

    def test_a_directory_below_the_project_and_relative_paths(self):
        inside = self.path("project/deep/er")
        self.write_project({"deep/er/x.txt": "x"})
        shutil.copy(SCHEMA, self.path("schema.json"))
        reference = self.build_layout().digest
        self.cogbuild("build", "-t", "app", "--base", "oci:../../../base", "--index-url", self.index.url,
                      "--openapi-schema", "../../../schema.json", "--output", "oci:../../../out", cwd=inside)
        self.assertEqual(oci.Layout(self.path("out")).digest, reference)

    def test_every_compression_is_read_by_skopeo(self):
        for compression, suffix in (("gzip", "+gzip"), ("none", ""), ("zstd", "+zstd")):
            with self.subTest(compression=compression):
                archive = self.path(compression + ".tar")
                image = self.build_layout("--compression", compression, "--output", "oci-archive:" + archive)
                self.assertEqual({layer["mediaType"] for layer in image.manifest["layers"][1:]},
                                 {"application/vnd.oci.image.layer.v1.tar" + suffix})
                for number, source in enumerate(("oci:" + image.directory, "oci-archive:" + archive)):
                    done = copies(source, self.path(f"{compression}-{number}"))
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_docker_archive_cannot_hold_zstd(self):
        done = self.build("--compression", "zstd", "--output", "docker-archive:" + self.path("d.tar"), expect=(1, 2))
        self.assert_one_error(done)
        self.assertIn("--compression gzip", done.err)
        self.assertFalse(os.path.exists(self.path("d.tar")))

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become another user")
    def test_as_a_user_without_rights(self):
        binary, home = self.path("cogbuild"), self.path("their-home")
        shutil.copy(cli_test_case.COGBUILD, binary)
        os.makedirs(os.path.join(home, "tmp"))
        for folder in (home, os.path.join(home, "tmp")):
            os.chown(folder, NOBODY, NOBODY)
        original, cli_test_case.COGBUILD = cli_test_case.COGBUILD, binary
        options = {"before": AS_NOBODY, "env": cli_test_case.clean_environment(home, os.path.join(home, "cache"))}
        try:
            # The project is root's: read, never written.
            self.cogbuild(*self.build_arguments(), *(word for form in OUTPUTS for word in ("-o", form.format(home))),
                          **options)
            tree = oci.Layout(os.path.join(home, "layout")).tree()
            for name in ("src/run.py", "usr/bin/tini"):
                status = os.lstat(os.path.join(home, "root", name))
                self.assertEqual((status.st_uid, status.st_mode & 0o777), (NOBODY, tree[name].mode & 0o777))
            for name, size in (("a.txt", 5), ("big.safetensors", 11_000_000)):
                self.write_project({name: b"x" * size})
                os.chmod(os.path.join(self.project, name), 0)
                done = self.cogbuild(*self.build_arguments(), expect=(1, 2), **options)
                self.assert_one_error(done)
                self.assertIn(f"{name}: Permission denied", done.err)
                os.remove(os.path.join(self.project, name))
        finally:
            cli_test_case.COGBUILD = original


if __name__ == "__main__":
    unittest.main()
