"""`cogbuild init`: what it writes is a project that passes every check, and it overwrites nothing."""
import json
import os
import re
import subprocess
import unittest

import yaml

from cli_test_case import ROOT, CliTestCase

TEMPLATES = ("text", "image", "diffusers", "training")
WORKFLOW = ".github/workflows/cogbuild.yaml"


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def section(readme, title):
    """The lines of a README below a heading."""
    return re.search(rf"(?ms)^## {re.escape(title)}\n\n(.*?)\n*(?=^## |\Z)", readme).group(1)


class InitTest(CliTestCase):
    def init(self, template, *arguments, **options):
        directory = self.path("made", template)
        done = self.cogbuild("init", "--template", template, *arguments, directory, **options)
        return directory, done

    def test_every_template_passes_a_strict_check(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                directory, _ = self.init(template, "--workflow")
                self.cogbuild("check", "-C", directory, "--strict")

    def test_every_template_has_a_schema(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                directory, _ = self.init(template)
                schemas = json.loads(self.cogbuild("schema", "-C", directory).out)["components"]["schemas"]
                inputs = schemas["Input"]["properties"]
                self.assertTrue(all(each.get("description") for each in inputs.values()), inputs)
                self.assertEqual("TrainingInput" in schemas, template == "training")

    def test_the_tables_of_a_readme_are_those_of_the_schema(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                directory, _ = self.init(template)
                readme = read(directory, "README.md")
                command = ["schema", "-C", directory, "--format", "markdown"]
                self.assertEqual(section(readme, "Inputs"), self.cogbuild(*command).out.strip())
                if template == "training":
                    self.assertEqual(section(readme, "Inputs of a training"),
                                     self.cogbuild(*command, "--train").out.strip())

    def test_the_directorys_name_is_the_images(self):
        self.cogbuild("init", self.path("My First_Model"))
        self.assertIn('image: "my-first-model"\n', read(self.path("My First_Model", "cog.yaml")))
        done = self.cogbuild("init", cwd=self.path("home"))
        self.assertIn('image: "home"\n', read(self.home, "cog.yaml"))
        self.assertNotIn("cd ", done.err)

    def test_the_next_steps_are_told(self):
        _, done = self.init("text")
        for word in ("made cog.yaml", "cogbuild check", "cogbuild build", "cogbuild push REGISTRY/NAME"):
            self.assertIn(word, done.err)
        self.assertEqual(done.out, "")
        _, done = self.init("diffusers", "--image", "registry.example/me/painter")
        self.assertIn("python script/download_weights.py\n  cogbuild check\n  cogbuild build\n  cogbuild push\n", done.err)

    def test_nothing_is_overwritten_and_nothing_is_written_when_something_is_in_the_way(self):
        directory = self.path("made", "text")
        self.write(os.path.join(directory, "cog.yaml"), "mine\n")
        self.write(os.path.join(directory, "run.py"), "mine\n")
        before = self.snapshot(directory)
        _, done = self.init("text", expect=1)
        self.assert_one_error(done)
        self.assertIn("`cog.yaml`, `run.py`", done.err)
        self.assertEqual(self.snapshot(directory), before)

    def test_a_fresh_repositorys_files_are_kept(self):
        directory = self.path("made", "text")
        for name in ("README.md", ".gitignore", "LICENSE"):
            self.write(os.path.join(directory, name), "mine\n")
        _, done = self.init("text")
        self.assertIn("kept README.md\n", done.err)
        for name in ("README.md", ".gitignore", "LICENSE"):
            self.assertEqual(read(directory, name), "mine\n")
        self.assertTrue(os.path.exists(os.path.join(directory, "cog.yaml")))

    def test_the_same_again_changes_nothing(self):
        directory, _ = self.init("image", "--workflow")
        before = self.snapshot(directory)
        self.init("image", "--workflow")
        self.assertEqual(self.snapshot(directory), before)

    def test_a_directory_that_cannot_be_written_is_one_error(self):
        self.write(self.path("file"), "a file\n")
        self.assert_one_error(self.cogbuild("init", self.path("file"), expect=1))
        self.assert_one_error(self.cogbuild("init", self.path("file", "below"), expect=1))

    def test_the_workflow_is_whole(self):
        directory, _ = self.init("diffusers", "--workflow", "--image", "registry.example/me/painter")
        text = read(directory, WORKFLOW)
        job = yaml.safe_load(text)["jobs"]["image"]
        self.assertEqual(job["env"]["IMAGE"], "${{ vars.IMAGE || 'registry.example/me/painter' }}")
        script = "\n".join(step.get("run", "") for step in job["steps"])
        for word in ("cogbuild check --format github", "cogbuild build", "cogbuild push", "--budget", "--compare",
                     "sha256sum --check"):
            self.assertIn(word, script)
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
        self.cogbuild("report", "nothing", "--budget", job["env"]["BUDGET"], expect=1)  # not 2: it can be read

    def test_the_workflow_names_no_host(self):
        directory, _ = self.init("text", "--workflow")
        hosts = re.findall(r"(?i)\b(?:[a-z0-9-]+\.)+(?:com|org|io|im|net|dev|co)\b|//[a-z0-9]", read(directory, WORKFLOW))
        self.assertEqual(hosts, [])

    def test_without_the_flag_there_is_no_workflow(self):
        directory, _ = self.init("text")
        self.assertFalse(os.path.exists(os.path.join(directory, ".github")))

    def test_the_list(self):
        out = self.cogbuild("init", "--list").out
        self.assertEqual(tuple(line.split()[0] for line in out.splitlines()), TEMPLATES)

    def test_wrong_words(self):
        for arguments, word in [(("--template", "imgae"), "did you mean `image`?"),
                                (("--image", "Me/Model"), "is not an image name"),
                                (("--image", "me/model:v1"), "has a tag or digest")]:
            with self.subTest(arguments=arguments):
                done = self.cogbuild("init", *arguments, self.path("made"), expect=2)
                self.assert_one_error(done)
                self.assertIn(word, done.err)
                self.assertFalse(os.path.exists(self.path("made")))

    def test_the_python_of_every_template_compiles(self):
        for folder, _, names in os.walk(os.path.join(ROOT, "templates")):
            for name in names:
                if name.endswith(".py"):
                    compile(read(folder, name), name, "exec")


if __name__ == "__main__":
    unittest.main()
