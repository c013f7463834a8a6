"""The size report: what is in each layer, what changed, and whether it fits the budget."""
import json
import os
import unittest

import make_wheels
from cli_test_case import CliTestCase


class ReportTest(CliTestCase):
    def setUp(self):
        super().setUp()
        weights = os.urandom(12_000_000)
        make_wheels.make_wheel(self.wheels, "dropped-lib", "3.1", {"dropped_lib/blob.bin": os.urandom(600_000)})
        make_wheels.make_wheel(self.wheels, "added-lib", "7.0", {"added_lib/blob.bin": os.urandom(2_400_000)})
        make_wheels.make_wheel(self.wheels, "kept-lib", "1.0", {"kept_lib/blob.bin": os.urandom(100_000)})
        self.write_project({"requirements.txt": "kept-lib==1.0\ndropped-lib==3.1\n", "weights/model.safetensors": weights})
        self.build(name="before")
        self.write_project({"requirements.txt": "kept-lib==1.0\nadded-lib==7.0\n", "more.py": os.urandom(2048)})
        self.image = self.build_layout(name="after")

    def report(self, *arguments, **options):
        return self.cogbuild("report", "after", *arguments, **options)

    def test_text_has_a_line_per_layer_in_words(self):
        out = self.report().out
        for word in ("added-lib", "weights/model.safetensors", "MB"):
            self.assertIn(word, out)
        self.assertNotIn(self.image.digests[-1], out)

    def test_comparison_names_what_came_and_went_and_what_is_downloaded(self):
        out = self.report("--compare", "before").out
        for word in ("added-lib", "7.0", "dropped-lib", "3.1"):
            self.assertIn(word, out)
        self.assertRegex(out, r"downloads? \d+\.\d MB")

    def test_json_is_complete_and_stable(self):
        first, second = (self.report("--format", "json").out for _ in range(2))
        self.assertEqual(first, second)
        report = json.loads(first)
        text = json.dumps(report)
        for layer in self.image.layers:
            self.assertIn(layer.digest, text)
            self.assertIn(str(layer.size), text)
        self.assertEqual((report["schema"], report["version"]), ("cogbuild.report", 1))

    def test_sizes_are_those_of_the_manifest(self):
        report = json.loads(self.report("--format", "json").out)
        layers = report["image"]["layers"]
        self.assertEqual(len(layers), len(self.image.layers))
        for entry, layer in zip(layers, self.image.layers):
            self.assertEqual(entry["digest"], layer.digest)
            self.assertEqual(entry["compressed_bytes"], layer.size)

    def test_markdown_can_be_found_again_and_fits_a_comment(self):
        out = self.report("--compare", "before", "--format", "markdown").out
        self.assertTrue(out.startswith("<!--"), out[:80])
        self.assertIn("<details>", out)
        self.assertLess(len(out.encode()), 60_000)

    def test_within_budget(self):
        self.report("--budget", "total=900MB", "--budget", "layer:code=5MB")

    def test_over_budget_is_exit_4_after_the_report(self):
        done = self.report("--budget", "total=1MB", "--budget", "package:*=1MB", expect=4)
        self.assertIn("added-lib", done.out)
        for word in ("total", "added-lib", "budget"):
            self.assertIn(word, done.err)

    def test_growth_budget(self):
        self.report("--compare", "before", "--budget", "growth=90%")
        self.report("--compare", "before", "--budget", "growth=1%", expect=4)

    def test_build_writes_reports_and_keeps_to_the_budget(self):
        self.build("--report", self.path("report.json"), "--report", self.path("report.md"),
                   "--budget", "total=1MB", expect=4)
        with open(self.path("report.json"), encoding="utf-8") as file:
            json.load(file)
        self.assertGreater(os.path.getsize(self.path("report.md")), 100)

    def test_the_summary_of_a_job_gets_the_markdown_added(self):
        summary = self.path("summary")
        self.write(summary, "before\n")
        self.report("--report", "github-step-summary", env=self.environment(GITHUB_STEP_SUMMARY=summary))
        with open(summary, encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.startswith("before\n"))
        self.assertIn("added-lib", text)
        self.assert_one_error(self.report("--report", "github-step-summary", expect=2))

    def test_a_report_made_from_json_is_compared_too(self):
        self.report("--report", self.path("after.json"))
        again = self.cogbuild("report", "--from", self.path("after.json"), "--compare", "before")
        self.assertEqual(again.out, self.report("--compare", "before").out)

    def test_an_option_of_several_values_leaves_the_image_alone(self):
        done = self.cogbuild("report", "--budget", "total=1GB", "after")
        self.assertIn("added-lib", done.out)

    def test_a_missing_image_to_compare_with_is_no_error(self):
        done = self.report("--compare", "never-built", "--budget", "growth=1%")
        self.assertIn("never-built", done.err + done.out)

    def test_a_report_of_a_layout(self):
        out = self.cogbuild("report", "oci:" + self.image.directory, "--format", "json").out
        self.assertEqual([entry["digest"] for entry in json.loads(out)["image"]["layers"]], self.image.digests)

    def test_a_report_reads_no_weights(self):
        trace = self.path("trace")
        self.report(before=["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace])
        with open(trace, encoding="utf-8", errors="replace") as file:
            self.assertNotIn("model.safetensors", file.read())

    def test_a_budget_that_makes_no_sense(self):
        for budget in ("total", "total=", "total=large", "nonsense=1MB", "total=10%"):
            with self.subTest(budget=budget):
                self.assert_one_error(self.report("--budget", budget, expect=2))


if __name__ == "__main__":
    unittest.main()
