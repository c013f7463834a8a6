"""`cogbuild check`: what it finds and prints, how it exits, and what --fix does to files."""
import json
import os
import stat
import subprocess
import unittest

from cli_test_case import COGBUILD, ROOT, CliTestCase

MODEL_YAML = """\
image: "registry.example/acme/Picture_Fixer"
build:
  python_version: "3.11"
predict: "predict.py:Predictor"
"""
MODEL_PY = '''\
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.ready = True

    def predict(
        self,
        seed: int = Input(description="Fix this to get the same picture again", default=None),
        n_prompt: str = Input(description="What to keep out of the picture", default=""),
        steps: int = Input(default=500),
        img: Path = Input(description="The picture to fix"),
        edge_strength: float = Input(description="How strongly edges are kept", ge=0, le=1, default=0.5),
        prompt: str = Input(description="What you want to see"),
        edge_image: Path = Input(description="Optional picture with edges", default=None),
        cfg: float = Input(description="CFG", default=7.5),
    ) -> Path:
        return img
'''
USUAL_PY = '''\
from cog import BaseRunner, Input


class Runner(BaseRunner):
    def run(
        self,
        prompt: str = Input(description="What the text is to be about"),
        num_inference_steps: int = Input(description="More steps take longer and look better", ge=1, le=100, default=28),
        top_k: int = Input(description="Only the k likeliest tokens are drawn from", ge=1, le=500, default=50),
        max_new_tokens: int = Input(description="Length of the answer in tokens", ge=1, le=4096, default=256),
        lora_scale: float = Input(description="How strongly the LoRA acts", ge=0, le=2, default=1.0),
        fps: int = Input(description="Frames per second of the video", ge=1, le=60, default=24),
        seed: int = Input(description="Set it to get the same answer again; 0 means a random one", default=0),
    ) -> str:
        return prompt
'''
UNKNOWN_KEY = "config-unknown-key"
WRONG_YAML = 'colour: red\nbuild:\n  python_version: "3.11"\nrun: "run.py:Runner"\n'


class CheckTest(CliTestCase):
    def check(self, *arguments, **options):
        return self.cogbuild("check", "-C", self.project, *arguments, **options)

    def findings(self, *arguments, expect=(0, 5)):
        document = json.loads(self.check("--format", "json", *arguments, expect=expect).out)
        self.assertEqual((document["schema"], document["version"]), ("cogbuild.check", 1))
        return document["findings"]

    def places(self, *arguments):
        return {(found["file"], found["line"], found["rule"]) for found in self.findings(*arguments)}

    def write_wrong_project(self, **files):
        self.write_project({"cog.yaml": WRONG_YAML, **files})

    def test_names_and_inputs_of_a_model(self):
        self.write_project({"cog.yaml": MODEL_YAML, "predict.py": MODEL_PY, "run.py": None, "requirements.txt": None})
        found = {(os.path.basename(file), line, rule) for file, line, rule in self.places()}
        for expected in [("cog.yaml", 1, "image-name-invalid"),
                         ("predict.py", 11, "input-short-name"),
                         ("predict.py", 13, "input-short-name"),
                         ("predict.py", 17, "input-short-name"),
                         ("predict.py", 12, "input-undescribed"),
                         ("predict.py", 12, "input-unbounded"),
                         ("predict.py", 12, "input-unusual-default"),
                         ("predict.py", 17, "input-vague-description"),
                         ("predict.py", 10, "input-default-none"),
                         ("predict.py", 16, "input-default-none")]:
            self.assertIn(expected, found)
        for rule, lines in {"input-order": {10}, "input-related-apart": {15, 16}}.items():
            self.assertTrue(lines & {line for _, line, name in found if name == rule}, f"{rule}: {sorted(found)}")
        errors = {item["rule"] for item in self.findings() if item["severity"] == "error"}
        self.assertEqual(errors, {"image-name-invalid"})
        self.check(expect=5)

    def test_usual_names_are_not_short(self):
        self.write_project({"run.py": USUAL_PY})
        self.assertEqual([found for found in self.findings("--only", "inputs") if found["rule"] == "input-short-name"],
                         [])

    def test_exit_codes(self):
        self.write_wrong_project()
        self.check("--only", UNKNOWN_KEY, expect=0)
        self.check("--only", UNKNOWN_KEY, "--strict", expect=5)
        self.check("--only", "unused-ignore", "--strict", expect=0)
        self.write_project({"cog.yaml": "build: 5\n"})
        self.check(expect=5)

    def test_a_wrong_command_line_is_an_error(self):
        for arguments, message in [
                (["--only", "config-unknown-kee"],
                 "error: there is no rule `config-unknown-kee`\nhint: did you mean `config-unknown-key`?\n"),
                (["--explain", "config-unknown-kee"],
                 "error: there is no rule `config-unknown-kee`\nhint: did you mean `config-unknown-key`?\n"),
                (["--list", "--format", "sarif"],
                 "error: --list cannot print sarif\nhint: allowed are text and markdown\n"),
                (["--format", "markdown"],
                 "error: findings cannot be printed as markdown\n"
                 "hint: allowed are text, json, sarif and github; --list prints markdown\n")]:
            outcome = self.check(*arguments, expect=2)
            self.assertEqual((outcome.out, outcome.err), ("", message))

    def test_no_project_is_an_error(self):
        os.makedirs(self.path("empty"))
        outcome = self.cogbuild("check", cwd=self.path("empty"), expect=2)
        self.assertIn("error: there is no `cog.yaml` in", outcome.err)
        self.assertEqual(outcome.out, "")

    def test_all_formats_carry_the_same_findings_in_the_same_order(self):
        self.write_project({"cog.yaml": MODEL_YAML + "colour: red\n", "predict.py": MODEL_PY})
        wanted = [(item["file"], item["line"], item["rule"], item["message"]) for item in self.findings()]
        self.assertGreater(len(wanted), 10)
        text = self.check(expect=5).out
        shown = [line for line in text.splitlines() if line.endswith("]") and ": " in line and not line.startswith(" ")]
        self.assertEqual(len(shown), len(wanted))
        for line, (file, number, rule, message) in zip(shown, wanted):
            self.assertTrue(line.startswith(f"{file}:{number}:" if number else f"{file}: "), line)
            self.assertTrue(line.endswith(f"{message} [{rule}]"), line)
        sarif = json.loads(self.check("--format", "sarif", expect=5).out)
        results = []
        for result in sarif["runs"][0]["results"]:
            place = result["locations"][0]["physicalLocation"]
            results.append((place["artifactLocation"]["uri"], place.get("region", {}).get("startLine"), result["ruleId"],
                            result["message"]["text"].split("\n")[0]))
        self.assertEqual(results, wanted)
        github = self.check("--format", "github", expect=5).out.splitlines()
        kinds = {"error": "error", "warning": "warning", "hint": "notice"}
        counts, expected = {}, []
        for item in self.findings():
            counts[item["severity"]] = counts.get(item["severity"], 0) + 1
            if counts[item["severity"]] <= 10:
                expected.append((kinds[item["severity"]], item["rule"]))
        self.assertEqual([(line.split(" ")[0].strip(":"), line.split("title=")[1].split("::")[0])
                          for line in github if line.startswith("::")], expected)
        self.assertTrue(github[-1].startswith("cogbuild check: "), github[-1])

    def test_paths_are_those_of_the_repository_in_annotations(self):
        os.makedirs(self.path(".git"))
        self.write_wrong_project()
        out = self.check("--format", "github", "--only", UNKNOWN_KEY).out
        self.assertTrue(out.startswith("::warning file=project/cog.yaml,line=1,col=1,title=config-unknown-key::"), out)
        environment = self.environment(GITHUB_WORKSPACE=self.project)
        out = self.check("--format", "github", "--only", UNKNOWN_KEY, env=environment).out
        self.assertTrue(out.startswith("::warning file=cog.yaml,"), out)

    def test_output_goes_to_a_file(self):
        self.write_wrong_project()
        outcome = self.check("--only", UNKNOWN_KEY, "--format", "json", "-o", self.path("out.json"))
        self.assertEqual((outcome.out, outcome.err), ("", "1 warning\n"))
        with open(self.path("out.json")) as file:
            self.assertEqual(len(json.load(file)["findings"]), 1)

    def test_comments_and_settings_silence(self):
        silenced = {"cog.yaml": WRONG_YAML.replace("red", f"red  # cogbuild: ignore[{UNKNOWN_KEY}]")}
        self.write_project(silenced)
        self.assertEqual(self.check("--only", f"{UNKNOWN_KEY},unused-ignore").out, "nothing found; 1 silenced\n")
        self.write_wrong_project(**{"cogbuild.yaml": f"check:\n  ignore: [{UNKNOWN_KEY}]\n"})
        self.assertEqual(self.check("--only", "config").out.splitlines()[-1].split("; ")[-1], "1 silenced")
        self.write_wrong_project(**{"cogbuild.yaml": "check:\n  exclude: ['*.yaml']\n"})
        self.assertEqual(self.check("--only", UNKNOWN_KEY).out, "nothing found; 1 silenced\n")

    def test_explain_and_list(self):
        out = self.cogbuild("check", "--explain", "unused-ignore").out
        for part in ("unused-ignore (config, warning)\n", "\nBad:\n", "\nGood:\n", "`cogbuild check --fix` mends it.",
                     "# cogbuild: ignore[unused-ignore]"):
            self.assertIn(part, out)
        self.assertIn("\n  unused-ignore ", self.cogbuild("check", "--list").out)

    def test_the_page_of_rules_lists_each_as_it_is(self):
        listed = self.cogbuild("check", "--list", "--format", "markdown").out.splitlines()[2:]
        with open(os.path.join(ROOT, "docs/rules.md")) as file:
            page = file.read().splitlines()
        rows = [line for line in page if line.startswith("| `")]
        self.assertEqual([row.rsplit("|", 2)[0] + "|" for row in rows], listed, "run scripts/update-rules")

    def test_fix_changes_files_once_and_keeps_what_they_are(self):
        before = "x = 1  # cogbuild: ignore[config-unknown-key, config-invalid]\r\ny = 'ü'\r\n"
        self.write_project({"more.py": before})
        path = os.path.join(self.project, "more.py")
        os.chmod(path, 0o750)
        rules = ("--only", "unused-ignore,config-unknown-key,config-invalid")
        outcome = self.check("--fix", *rules)
        self.assertEqual(outcome.out, "nothing found\n")
        self.assertEqual(outcome.err, "fixed more.py (1 change)\nfixed more.py (1 change)\n")
        with open(path, "rb") as file:
            self.assertEqual(file.read(), "x = 1\r\ny = 'ü'\r\n".encode())
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o750)
        snapshot = self.snapshot(self.project)
        outcome = self.check("--fix", *rules)
        self.assertEqual((outcome.out, outcome.err), ("nothing found\n", ""))
        self.assertEqual(self.snapshot(self.project), snapshot)

    def test_fix_leaves_other_files_alone(self):
        self.write_project({"cog.yaml": MODEL_YAML, "predict.py": MODEL_PY})
        self.check("--fix", expect=(0, 5))
        with open(os.path.join(self.project, "predict.py")) as file:
            kept = file.read()
        for name in ("seed", "n_prompt", "steps", "img", "edge_strength", "prompt", "edge_image", "cfg"):
            self.assertIn(f"\n        {name}: ", kept)
        snapshot = self.snapshot(self.project)
        self.check("--fix", expect=(0, 5))
        self.assertEqual(self.snapshot(self.project), snapshot)

    def test_fix_does_not_write_through_a_link_out_of_the_project(self):
        outside = self.path("cog.yaml")
        self.write(outside, WRONG_YAML + "# cogbuild: ignore[config-invalid]\n")
        self.write_project({"cog.yaml": None})
        os.symlink(outside, os.path.join(self.project, "cog.yaml"))
        outcome = self.check("--fix", "--only", "unused-ignore,config-invalid", expect=(0, 1, 5))
        with open(outside) as file:
            self.assertIn("config-invalid", file.read(), str(outcome))

    def test_hostile_projects(self):
        self.write_project({"binary.py": bytes(range(256)) * 100, "large.py": b"x = 1\n" * 2_000_000,
                            "deep.py": b"(" * 100_000, "empty.py": b"", "bom.py": b"\xef\xbb\xbfx = 1\n"})
        os.symlink("loop", os.path.join(self.project, "loop"))
        os.symlink(".", os.path.join(self.project, "self"))
        os.symlink("/nowhere", os.path.join(self.project, "gone.py"))
        os.mkfifo(os.path.join(self.project, "README.md"))
        outcome = self.check("--enable", "all", expect=(0, 5), timeout=60)
        self.assertNotEqual(outcome.out, "")
        for text in ("", "a: [", "\t", "- 1\n- 2\n", "\x00", "&a [*a]", "run: {}\n"):
            self.write_project({"cog.yaml": text})
            self.check(expect=(0, 5), timeout=60)

    def test_no_file_of_a_project_makes_a_command_wait_or_shows_a_file_outside(self):
        outside = self.path("outside")
        self.write(outside, "sesame: open\nsesame==open\n# sesame\n")
        for name in ("cog.yaml", "cogbuild.yaml", ".dockerignore", "requirements.txt", "run.py", "README.md",
                     ".gitattributes", "pylock.toml", "cogbuild.lock", "others.py"):
            for kind in ("pipe", "device", "link", "folder"):
                self.write_project({})
                path = os.path.join(self.project, name)
                if os.path.lexists(path):
                    os.remove(path)
                if kind == "pipe":
                    os.mkfifo(path)
                elif kind == "folder":
                    os.symlink("..", os.path.join(self.project, "up"))
                    os.symlink("up/outside", path)
                else:
                    os.symlink("/dev/zero" if kind == "device" else outside, path)
                for command in (["check"], ["schema"], ["doctor", "--offline"]):
                    with self.subTest(name=name, kind=kind, command=command):
                        outcome = self.cogbuild(*command, "-C", self.project, expect=(0, 1, 2, 5), timeout=20)
                        self.assertNotIn("sesame", outcome.out + outcome.err)
                os.remove(path)
                if kind == "folder":
                    os.remove(os.path.join(self.project, "up"))

    def test_what_a_build_refuses_is_never_nothing(self):
        self.write_project({"requirements.txt": "numpy==2.0\n==3\n"})
        self.assertIn("requirements.txt:2:1: error: ", self.check(expect=5).out)
        self.write_project({"a\nb.txt": ""})
        self.assertIn("[config-invalid]", self.check(expect=5).out)

    def test_results_that_cannot_be_written_are_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([COGBUILD, "check", "-C", self.project], stdout=full, stderr=subprocess.PIPE,
                                  env=self.environment(), timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"error: cannot write to standard output: No space left on device", done.stderr)

    def test_unreadable_files(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        os.chmod(os.path.join(self.project, "run.py"), 0)
        self.check(expect=(0, 5))

    def test_opens_no_cache_and_starts_no_program(self):
        self.check(expect=(0, 5))
        self.assertFalse(os.path.exists(self.cache))

    def test_colours_only_on_a_terminal(self):
        self.write_wrong_project()
        self.assertNotIn("\x1b", self.check("--only", UNKNOWN_KEY).out)
        leader, follower = os.openpty()
        try:
            for variables, colored in (({}, True), ({"NO_COLOR": "1"}, False)):
                subprocess.run([COGBUILD, "check", "-C", self.project, "--only", UNKNOWN_KEY], stdout=follower,
                               env=self.environment(**variables), check=True, timeout=60)
                self.assertEqual(b"\x1b[33mwarning:" in os.read(leader, 65536), colored)
        finally:
            os.close(leader)
            os.close(follower)


if __name__ == "__main__":
    unittest.main()
