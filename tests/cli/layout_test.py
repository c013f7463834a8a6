"""An image written as a layout, an archive or a directory is what other tools take it for."""
import json
import os
import subprocess
import unittest

import make_wheels
import oci
from cli_test_case import RUN_PY, CliTestCase


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, **options)


class LayoutTest(CliTestCase):
    def setUp(self):
        super().setUp()
        make_wheels.make_wheel(self.wheels, "small-lib", "1.2", scripts={"small-tool": "small_lib:main"})
        make_wheels.make_wheel(self.wheels, "other-lib", "0.4", requires=["small-lib>=1"])
        self.write_project({"requirements.txt": "other-lib==0.4\nsmall-lib==1.2\n", "sub/data.txt": "data\n"})

    def test_the_image_is_a_cog_image(self):
        image = self.build_layout()
        config = image.config["config"]
        self.assertEqual(config["Cmd"], ["python", "-m", "cog.server.http"])
        self.assertEqual(config["Entrypoint"], ["/sbin/tini", "--"])
        self.assertEqual(config["WorkingDir"], "/src")
        self.assertEqual(config["ExposedPorts"], {"5000/tcp": {}})
        self.assertIn("PYTHONUNBUFFERED=1", config["Env"])
        self.assertIn("COG_PREDICT_TYPE_STUB=run.py:Runner", config["Env"])
        self.assertEqual(image.config["architecture"], "amd64")
        self.assertEqual(json.loads(image.labels["run.cog.config"])["predict"], "run.py:Runner")
        self.assertEqual(json.loads(image.labels["run.cog.openapi_schema"])["openapi"], "3.0.2")
        self.assertIn("other-lib==0.4\n", image.labels["run.cog.pip_freeze"])
        self.assertIn("small-lib==1.2\n", image.labels["run.cog.pip_freeze"])
        self.assertEqual(image.labels["run.cog.has_init"], "true")

    def test_files_are_where_python_and_cog_look(self):
        tree = self.build_layout().tree()
        site = "usr/local/lib/python3.11/dist-packages"
        for path in (f"{site}/other_lib/__init__.py", f"{site}/small_lib-1.2.dist-info/RECORD",
                     f"{site}/cog/server/http.py", "usr/local/bin/small-tool", "src/run.py", "src/sub/data.txt",
                     "src/cog.yaml", "src/.cog/openapi_schema.json"):
            self.assertIn(path, tree)
        self.assertTrue(tree["lib"].issym())
        self.assertEqual(tree["usr/local/bin/small-tool"].mode & 0o777, 0o755)
        self.assertEqual({(member.uid, member.gid) for member in tree.values()}, {(0, 0)})
        self.assertEqual({member.mtime for member in tree.values()}, {315532800})
        self.assertTrue({"usr/bin/python", "usr/local/bin/python"} & set(tree), "`python` must be a command")
        self.assertTrue("sbin/tini" in tree or "usr/sbin/tini" in tree or "usr/bin/tini" in tree)

    def test_base_layers_are_kept_as_they_are(self):
        base = oci.Layout(self.base)
        self.assertEqual(self.build_layout().digests[:1], base.digests)

    def test_skopeo_reads_and_copies_it(self):
        image = self.build_layout()
        seen = run("skopeo", "inspect", "oci:" + image.directory)
        self.assertEqual(json.loads(seen.stdout)["Digest"], image.digest, seen.stderr)
        copy = run("skopeo", "copy", "-q", "--preserve-digests", "oci:" + image.directory, "oci:" + self.path("copy:c"))
        self.assertEqual(copy.returncode, 0, copy.stderr)
        self.assertEqual(oci.Layout(self.path("copy")).digest, image.digest)

    def test_umoci_unpacks_it_and_links_of_the_base_stay(self):
        image = self.build_layout("--output", "oci:" + self.path("tagged") + ":v1")
        done = run("umoci", "unpack", "--rootless", "--image", self.path("tagged") + ":v1", self.path("bundle"))
        self.assertEqual(done.returncode, 0, done.stderr)
        root = self.path("bundle", "rootfs")
        with open(os.path.join(root, "src/run.py"), encoding="utf-8") as file:
            self.assertEqual(file.read(), RUN_PY)
        self.assertEqual(os.readlink(os.path.join(root, "lib")), "usr/lib")
        self.assertEqual(oci.Layout(self.path("tagged"), "v1").digest, image.digest)

    def test_archives_are_read_by_skopeo(self):
        image = self.build_layout("--output", "oci-archive:" + self.path("a.tar"),
                                  "--output", "docker-archive:" + self.path("d.tar"))
        seen = run("skopeo", "inspect", "oci-archive:" + self.path("a.tar"))
        self.assertEqual(json.loads(seen.stdout)["Digest"], image.digest, seen.stderr)
        seen = run("skopeo", "inspect", "--config", "docker-archive:" + self.path("d.tar"))
        self.assertEqual(json.loads(seen.stdout)["rootfs"], image.config["rootfs"], seen.stderr)

    def test_rootfs_output_is_the_merged_tree(self):
        image = self.build_layout("--output", "rootfs:" + self.path("root"))
        found = set()
        for folder, folders, names in os.walk(self.path("root")):
            found.update(os.path.relpath(os.path.join(folder, name), self.path("root")) for name in folders + names)
        self.assertEqual(found, set(image.tree()))

    def test_json_on_stdout_and_nothing_else(self):
        done = self.build("--json", "--output", "oci:" + self.path("out"))
        self.assertIn(oci.Layout(self.path("out")).digest, json.dumps(json.loads(done.out)))

    def test_plan_shows_layers_and_makes_no_image(self):
        done = self.build("--plan", "--output", "oci:" + self.path("out"))
        self.assertIn("other-lib", done.out)
        self.assertFalse(os.path.exists(self.path("out")))
        self.assertNotIn("/app:", self.cogbuild("cache", "show").out)

    def test_a_second_build_needs_no_network_and_changes_nothing(self):
        first = self.build_layout()
        self.index.requests.clear()
        second = self.build_layout("--offline")
        self.assertEqual(second.digest, first.digest)
        self.assertEqual(self.index.requests, [])

    def test_project_is_left_as_it_was(self):
        before = self.snapshot(self.project)
        self.build()
        self.assertEqual(self.snapshot(self.project), before)

    def test_an_output_in_the_project_is_warned_about_when_it_would_be_packed(self):
        output = "oci:" + os.path.join(self.project, "out")
        words = "`out` is an output of this build and goes into the image"
        self.assertNotIn(words, self.build("--output", output).err)
        self.assertIn(words, self.build("--output", output).err)
        self.write_project({".dockerignore": "out\n"})
        self.assertNotIn(words, self.build("--output", output).err)

    def test_an_index_that_speaks_only_html(self):
        first = self.build_layout()
        self.start_index(html_only=True)
        second = self.build_layout("--no-cache")
        self.assertEqual(second.digest, first.digest)

    def test_find_links_directory_serves_wheels(self):
        make_wheels.make_wheel(self.path("more"), "local-lib", "3.0")
        self.write_project({"requirements.txt": "local-lib==3.0\n"})
        self.assertIn("local-lib==3.0", self.build_layout("--find-links", self.path("more")).labels["run.cog.pip_freeze"])

    def test_inspect_describes_an_image_of_the_store_and_of_a_layout(self):
        image = self.build_layout()
        for name in ("app", "oci:" + image.directory):
            done = self.cogbuild("inspect", name, "--json")
            self.assertIn(image.digest, json.dumps(json.loads(done.out)))
            self.assertIn(image.digest, self.cogbuild("inspect", name).out)

    def test_cache_shows_and_prunes(self):
        self.build()
        self.assertRegex(self.cogbuild("cache", "show").out, r"\d")
        self.cogbuild("cache", "prune")
        self.assert_store_sound()
        self.build_layout()

    def test_version(self):
        self.assertRegex(self.cogbuild("--version").out, r"^(cogbuild )?(version )?\d+\.\d+\.\d+")


if __name__ == "__main__":
    unittest.main()
