"""`cogbuild schema` says what a model takes, and a build writes that into the image."""
import json
import os
import unittest

from cli_test_case import COG_YAML, ROOT, SCHEMA, CliTestCase

RUNNER = """\
from cog import BaseRunner, Input, Path


class Runner(BaseRunner):
    \"\"\"Traces a photo with ink.\"\"\"

    def run(
        self,
        photo: Path = Input(description="Photo to trace", accept="image/*"),
        steps: int = Input(description="More are finer", default=4, ge=1, le=8),
    ) -> Path:
        return photo
"""
BROKEN = """\
from cog import BaseRunner, Input


class Runner(BaseRunner):
    def run(self, steps: int = Input(default=0, ge=1), name: str = Input(default="a", regex="(?=b)")) -> str:
        return name
"""
TRAIN = """\
from cog import Path


def train(images: Path) -> Path:
    return images
"""
CONCURRENT = """\
import cog


class Runner(cog.BaseRunner):
    @cog.concurrent(max=3)
    async def run(self, text: str) -> str:
        return text
"""


class SchemaTest(CliTestCase):
    def setUp(self):
        super().setUp()
        self.write_project({"run.py": RUNNER})

    def schema(self, *arguments, **options):
        return self.cogbuild("schema", "-C", self.project, *arguments, **options)

    def test_the_document_is_what_a_build_writes(self):
        done = self.schema()
        document = json.loads(done.out)
        self.assertFalse(done.out.endswith("\n"), "its bytes are those of the image")
        self.assertEqual(done.err, "")
        self.assertEqual(document["info"], {"title": "Cog", "version": "0.22.0"})
        properties = document["components"]["schemas"]["Input"]["properties"]
        self.assertEqual(list(properties), ["photo", "steps"])
        self.assertEqual(properties["steps"], {"default": 4, "description": "More are finer", "maximum": 8, "minimum": 1,
                                               "title": "Steps", "type": "integer", "x-order": 1})
        image = self.build_layout(schema=False)
        self.assertEqual(image.labels["run.cog.openapi_schema"], done.out)
        self.assertEqual(image.layer_of("src/.cog/openapi_schema.json").read("src/.cog/openapi_schema.json").decode(), done.out)
        indented = self.schema("--pretty").out
        self.assertIn('\n  "components": {', indented)
        self.assertEqual(json.loads(indented), document)

    def test_it_is_found_from_below_and_under_another_name(self):
        self.write_project({"sub/a.txt": "", "cog-small.yaml": COG_YAML})
        here = self.schema().out
        self.assertEqual(self.cogbuild("schema", cwd=os.path.join(self.project, "sub")).out, here)
        self.assertEqual(self.schema("-f", "cog-small.yaml").out, here)

    def test_tables_and_examples(self):
        self.assertEqual(self.schema("--format", "table").out,
                         "Traces a photo with ink.\n"
                         "\n"
                         "INPUT  TYPE     DEFAULT   DESCRIPTION\n"
                         "photo  file     required  Photo to trace\n"
                         "                          image/*\n"
                         "steps  integer  4         More are finer\n"
                         "                          1 to 8\n"
                         "\n"
                         "Output: file\n")
        self.assertIn("| `steps` | integer | `4` | 1 to 8 | More are finer |\n", self.schema("--format", "markdown").out)
        self.assertEqual([row["name"] for row in json.loads(self.schema("--format", "json").out)], ["photo", "steps"])
        body = {"input": {"photo": "https://example.com/photo.png"}}
        self.assertEqual(json.loads(self.schema("--format", "example").out), body)
        body["input"]["steps"] = 4
        self.assertEqual(json.loads(self.schema("--format", "example", "--all").out), body)
        self.assertTrue(self.schema("--format", "curl").out.startswith("curl -X POST http://localhost:5000/predictions \\\n"))

    def test_it_goes_into_a_file(self):
        target = self.path("schema.json")
        self.assertEqual(self.schema("-o", target).out, "")
        with open(target, encoding="utf-8") as file:
            self.assertEqual(file.read(), self.schema().out)
        self.schema("-o", "/proc/nowhere/schema.json", expect=1)

    def test_both_modes_are_one_document(self):
        self.write_project({"run.py": RUNNER, "train.py": TRAIN, "cog.yaml": COG_YAML + 'train: "train.py:train"\n'})
        document = self.schema().out
        self.assertTrue(document.startswith('{\n  "components"'))
        self.assertIn("/trainings", json.loads(document)["paths"])
        self.assertIn("images", self.schema("--train", "--format", "table").out)
        self.write_project({"run.py": RUNNER})
        self.assertIn("the project has no `train`", self.schema("--train", "--format", "table", expect=2).err)

    def test_faults_are_shown_where_they_stand(self):
        self.write_project({"run.py": BROKEN})
        for done in (self.schema(expect=2), self.build(schema=False, expect=2)):
            self.assertIn("run.py:5:19: error: the default of `steps` is 0, below the minimum of 1\n"
                          "  5 |     def run(self, steps: int", done.err)
            self.assertIn("run.py:5:56: error: the pattern `(?=b)` of `name` is not RE2", done.err)
            self.assertEqual(done.out, "")
        self.assertEqual(self.index.requests, [], "nothing is resolved before the code is read")
        self.assertIn("run.py:5:19", self.build("--plan", schema=False, expect=2).err)

    def test_a_class_that_is_not_there_is_a_fault_of_cog_yaml(self):
        self.write_project({"run.py": RUNNER.replace("Runner(", "Tracer(")})
        for done in (self.schema(expect=2), self.build(schema=False, expect=2)):
            self.assertRegex(done.err, r"cog\.yaml:\d+:\d+: error: `run\.py` has no class or function `Runner`\n"
                                       r".*run: .*\n.*\nhint: it has `Tracer`: name one of these in cog\.yaml\n")

    def test_the_examples_have_the_schema_that_cog_made_of_them(self):
        examples = os.path.join(ROOT, "examples")
        for name in sorted(os.listdir(examples)):
            with self.subTest(name), open(os.path.join(examples, name, "openapi_schema.json"), encoding="utf-8") as file:
                self.assertEqual(self.cogbuild("schema", "-C", os.path.join(examples, name)).out, file.read())

    def test_nothing_is_run(self):
        mark = self.path("ran")
        self.write_project({"run.py": f"open({mark!r}, 'w')\n" + RUNNER})
        self.schema()
        self.assertFalse(os.path.exists(mark))

    def test_a_schema_of_ones_own_is_taken_as_it_is(self):
        self.write_project({"run.py": BROKEN})
        with open(SCHEMA, encoding="utf-8") as file:
            given = file.read() + "\n\n"
        own = self.path("own.json")
        self.write(own, given)
        environment = self.environment(COG_OPENAPI_SCHEMA=own)
        self.assertEqual(self.schema(env=environment).out, given)
        self.assertEqual(self.build_layout(schema=False, env=environment).labels["run.cog.openapi_schema"], given)
        self.assertEqual(self.build_layout("--openapi-schema", own, schema=False).labels["run.cog.openapi_schema"], given)
        broken = self.path("broken.json")
        self.write(broken, given.replace('"3.0.2"', '"2.0"').replace('"paths"', '"pats"'))
        done = self.build("--openapi-schema", broken, schema=False, expect=2)
        self.assertIn(f"{broken}: error: `#/openapi` is `2.0`, not a version of OpenAPI 3\n", done.err)
        self.assertIn(f"{broken}: error: `#/pats` is no field of a document", done.err)

    def test_an_image_may_have_none(self):
        self.write_project({"run.py": BROKEN})
        image = self.build_layout("--skip-schema-validation", schema=False)
        self.assertEqual(image.labels["run.cog.openapi_schema"], "")
        self.assertNotIn("src/.cog/openapi_schema.json", image.tree())

    def test_the_decorator_says_how_many_run_at_once(self):
        self.write_project({"run.py": CONCURRENT})
        image = self.build_layout(schema=False)
        self.assertIn("COG_MAX_CONCURRENCY=3", image.config["config"]["Env"])
        self.assertEqual(json.loads(image.labels["run.cog.config"])["concurrency"], {"max": 3})
        self.write_project({"run.py": CONCURRENT, "cog.yaml": COG_YAML + "concurrency:\n  max: 2\n"})
        self.assertIn("COG_MAX_CONCURRENCY=2", self.build_layout(schema=False).config["config"]["Env"])
        self.write_project({"run.py": RUNNER, "cog.yaml": COG_YAML + "concurrency:\n  max: 2\n"})
        self.assertIn("run.py:7:9: error: `concurrency.max` is 2, but `run` is not async\n",
                      self.build(schema=False, expect=2).err)
        self.write_project({"run.py": CONCURRENT, "cog.yaml": COG_YAML.replace("3.11", "3.10")})
        self.assertIn("needs Python 3.11, but `python_version` is 3.10", self.build(schema=False, expect=2).err)


if __name__ == "__main__":
    unittest.main()
