#include "rule_case.hpp"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace cogbuild::check {
namespace {

Files yaml(std::string text, Files others = {}) {
  others.insert_or_assign("cog.yaml", std::move(text));
  return others;
}
std::string fixed_yaml(std::string_view id, std::string text, Files others = {}) {
  auto fixed = fixed_by(id, yaml(std::move(text), std::move(others)));
  return fixed["cog.yaml"];
}

const std::string kBuild = "build:\n  python_version: \"3.12\"\n";

}  // namespace

TEST_CASE("config-invalid: every fault of cog.yaml, at its place") {
  CHECK(findings_of("config-invalid", yaml("build:\n  python_version: \"3\"\n  gpu: maybe\n")) ==
        Strings{"cog.yaml:2:19 `python_version` `3` has no minor version",
                "cog.yaml:3:8 `gpu` must be true or false, not `maybe`"});
  CHECK(findings_of("config-invalid", yaml("build: [\n")).size() == 1);
  CHECK(findings_of("config-invalid", yaml(kBuild)).empty());
}

TEST_CASE("config-invalid: a project without the file") {
  const io::MemoryTree project(Files{{"run.py", ""}});
  const auto findings = run_rule("config-invalid", project);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].location.file == "cog.yaml");
  CHECK(findings[0].message == "there is no `cog.yaml`");
}

TEST_CASE("config-invalid: what a build would stop at besides, with nothing passed over") {
  const std::string with_requirements = kBuild + "  python_requirements: r.txt\n";
  CHECK(
      findings_of("config-invalid", yaml(with_requirements, {{"r.txt", "numpy==1.0\n==2\n"}})) ==
      Strings{"r.txt:2:1 `==2` is not a valid requirement: it does not start with a project name"});
  CHECK(findings_of("config-invalid", yaml(with_requirements, {{"r.txt", "-r ../secret.txt\n"}}))
            .size() == 1);
  CHECK(findings_of("config-invalid", yaml(kBuild, {{"a\nb.txt", ""}})).size() == 1);
  CHECK(
      findings_of("config-invalid", yaml(with_requirements, {{"r.txt", "numpy==1.0\n"}})).empty());
}

TEST_CASE("config-invalid: a Git LFS pointer is told of by its own rule alone") {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
      "\nsize 1073741824\n";
  const Files files = yaml(kBuild, {{"w.safetensors", pointer}});
  CHECK(findings_of("config-invalid", files).empty());
  CHECK(findings_of("weights-lfs-pointer", files).size() == 1);
}

TEST_CASE("config-unknown-key: what Cog would drop, also beside faults") {
  const auto bad = yaml(kBuild + "  system_package:\n    - ffmpeg\n");
  CHECK(findings_of("config-unknown-key", bad) ==
        Strings{"cog.yaml:3:3 unknown key `system_package` under `build`"});
  CHECK(findings_of("config-unknown-key", yaml("runn: x\nbuild: {python_version: \"3\"}\n")) ==
        Strings{"cog.yaml:1:1 unknown key `runn` at the top level"});
  CHECK(findings_of("config-unknown-key", yaml(kBuild)).empty());
  const io::MemoryTree project(bad);
  CHECK(run_rule("config-unknown-key", project)[0].fix == "did you mean `system_packages`?");
}

TEST_CASE("config-deprecated: each key that Cog has replaced") {
  CHECK(findings_of("config-deprecated",
                    yaml(kBuild + "  python_packages: [torch]\n  pre_install: [ls]\n"
                                  "predict: \"p.py:P\"\nconcurrency: {max: 1}\n")) ==
        Strings{"cog.yaml:3:3 `python_packages` is deprecated",
                "cog.yaml:4:3 `pre_install` is deprecated", "cog.yaml:5:1 `predict` is deprecated",
                "cog.yaml:6:1 `concurrency` is deprecated"});
  CHECK(findings_of("config-deprecated", yaml(kBuild + "run: \"p.py:P\"\n")).empty());
}

TEST_CASE("config-deprecated: `predict` is told of in a file with faults too") {
  const auto bad = yaml("build: {python_version: \"3\"}\npredict: \"p.py:P\"\n");
  CHECK(findings_of("config-deprecated", bad) == Strings{"cog.yaml:2:1 `predict` is deprecated"});
  CHECK(fixed_by("config-deprecated", bad).empty());
}

TEST_CASE("config-deprecated: --fix renames the key `predict` and nothing else") {
  struct Case {
    const char* about;
    std::string before;
    std::string after;
  };
  const Case cases[] = {
      {"plain", kBuild + "predict: \"predict.py:Predictor\" # predict\n",
       kBuild + "run: \"predict.py:Predictor\" # predict\n"},
      {"first, with a byte order mark", "\xef\xbb\xbfpredict: p.py:P\n",
       "\xef\xbb\xbfrun: p.py:P\n"},
      {"lines that end in CR LF", "image: predict\r\npredict: p.py:P\r\n",
       "image: predict\r\nrun: p.py:P\r\n"},
      {"a quoted key", "\"predict\": p.py:P\n", "\"run\": p.py:P\n"},
      {"a mapping in braces", "{image: x, predict: \"p.py:P\"}\n", "{image: x, run: \"p.py:P\"}\n"},
      {"nothing to do", kBuild + "run: \"p.py:P\"\n", ""},
  };
  for (const auto& item : cases) {
    CAPTURE(item.about);
    CHECK(fixed_yaml("config-deprecated", item.before) == item.after);
  }
}

TEST_CASE("config-deprecated: `predict` stays where an older Cog reads the file in the image") {
  const std::string tail = "predict: \"p.py:P\"\n";
  CHECK(fixed_yaml("config-deprecated", "build:\n  python_version: \"3.9\"\n" + tail).empty());
  CHECK(fixed_yaml("config-deprecated", kBuild + "  sdk_version: \"0.19.3\"\n" + tail).empty());
  CHECK_FALSE(
      fixed_yaml("config-deprecated", kBuild + "  sdk_version: \"0.20.0\"\n" + tail).empty());
  CHECK(fixed_yaml("config-deprecated", kBuild + "  python_requirements: r.txt\n" + tail,
                   {{"r.txt", "cog==0.16.9\n"}})
            .empty());
  CHECK(fixed_yaml("config-deprecated", kBuild + "  python_requirements: r.txt\n" + tail,
                   {{"r.txt", "cog<0.20\n"}})
            .empty());
  CHECK_FALSE(fixed_yaml("config-deprecated", kBuild + "  python_requirements: r.txt\n" + tail,
                         {{"r.txt", "cog>=0.9\nnumpy<1.20\n"}})
                  .empty());
  CHECK(fixed_yaml("config-deprecated", kBuild + tail,
                   {{"pylock.toml", "[[packages]]\nname = \"cog\"\nversion = \"0.17.2\"\n"}})
            .empty());
  const io::MemoryTree project(yaml("build:\n  python_version: \"3.9\"\n" + tail));
  CHECK(run_rule("config-deprecated", project)[0].fix ==
        "write `run` instead, together with cog 0.20 or newer in the image");
}

TEST_CASE("config-doubtful: values that are ignored or mean something else") {
  CHECK(findings_of("config-doubtful",
                    yaml(kBuild + "  python_packages:\n    - torch --pre\n    - ''\n")) ==
        Strings{"cog.yaml:4:7 the option `--pre` cannot apply to one package: it applies to the "
                "whole list",
                "cog.yaml:5:7 an empty item of `python_packages` is ignored"});
  CHECK(findings_of("config-doubtful", yaml(kBuild + "  python_packages: [torch]\n")).empty());
}

TEST_CASE("config-old-python: what Cog 0.22 refuses") {
  CHECK(findings_of("config-old-python", yaml("build:\n  python_version: \"3.9\"\n")) ==
        Strings{"cog.yaml:2:19 Python 3.9 gets no fixes any more, and Cog 0.22 refuses it"});
  for (const auto* good : {"\"3.10\"", "3.10", "\"3.14.1\""})
    CHECK(findings_of("config-old-python",
                      yaml(std::string("build:\n  python_version: ") + good + "\n"))
              .empty());
}

TEST_CASE("config-unquoted-version: a version whose number is another one") {
  CHECK(findings_of("config-unquoted-version", yaml("build:\n  python_version: 3.10\n")) ==
        Strings{"cog.yaml:2:19 `python_version: 3.10` is a number to other readers of YAML: 3.1"});
  CHECK(fixed_yaml("config-unquoted-version", "build:\n  python_version: 3.10 # old\n") ==
        "build:\n  python_version: \"3.10\" # old\n");
  for (const auto* good : {"3.11", "\"3.10\"", "'3.10'", "3.10.4", "3.12"})
    CHECK(findings_of("config-unquoted-version",
                      yaml(std::string("build:\n  python_version: ") + good + "\n"))
              .empty());
  // An alias: its text stands elsewhere.
  CHECK(fixed_yaml("config-unquoted-version",
                   "build:\n  cuda: &v 12.10\n  python_version: \"3.12\"\n")
            .find("&\"") == std::string::npos);
}

TEST_CASE("config-empty-key: a key without a value") {
  const std::string text =
      "build:\n  python_version: \"3.12\"\n  system_packages: # none\n    # - a\n"
      "  run:\nimage:\nrun: \"p.py:P\"\n";
  CHECK(findings_of("config-empty-key", yaml(text)) ==
        Strings{"cog.yaml:3:3 `system_packages` is empty: it says nothing",
                "cog.yaml:5:3 `run` is empty: it says nothing",
                "cog.yaml:6:1 `image` is empty: it says nothing"});
  CHECK(fixed_yaml("config-empty-key", text) ==
        "build:\n  python_version: \"3.12\"\n    # - a\nrun: \"p.py:P\"\n");
  CHECK(fixed_yaml("config-empty-key", kBuild + "train:") == kBuild);
}

TEST_CASE("config-empty-key: keys that have one") {
  for (const std::string& good :
       {kBuild + "  run:\n    - ls\n", kBuild + "  run:\n  - ls\n",
        kBuild + "  run:\n\n  # x\n  -\n    ls\n",
        kBuild +
            "  run:\n    - command: ls\n      mounts:\n        - type: secret\n          id: a\n"
            "          target: b\n",
        kBuild + "environment:\n- run=\n", std::string("build:\n"),
        kBuild + "train:\n  \"t.py:train\"\n"})
    CHECK(findings_of("config-empty-key", yaml(good)) == Strings{});
}

TEST_CASE("config-secret: secrets of the environment, without showing them") {
  const std::string token = "hf_qWeRtYuIoPaSdFgHjKl0192837465mnbvC";
  const auto bad = yaml(kBuild + "environment:\n  - A=1\n  - HF_TOKEN=" + token +
                        "\n  - \"DB_PASSWORD=correct-horse\"\n  - OPENAI_API_KEY=abcdef0123\n");
  CHECK(
      findings_of("config-secret", bad) ==
      Strings{"cog.yaml:6:6 `DB_PASSWORD` holds what looks like a secret, which everyone who gets "
              "the image can read",
              "cog.yaml:5:5 `HF_TOKEN` holds a token of Hugging Face, which everyone who gets the "
              "image can read",
              "cog.yaml:7:5 `OPENAI_API_KEY` holds what looks like a secret, which everyone who "
              "gets the image can read"});
  const io::MemoryTree project(bad);
  for (const auto& finding : run_rule("config-secret", project))
    CHECK(finding.location.line_text.empty());
  CHECK(findings_of("config-secret",
                    yaml(kBuild + "  run:\n    - hf login --token " + token + "\n")) ==
        Strings{"cog.yaml:4:7 a command of `run` holds a token of Hugging Face"});
}

TEST_CASE("config-secret: what only looks like one") {
  for (const auto* good :
       {"TOKENIZERS_PARALLELISM=false", "MAX_TOKENS=100000000", "HF_TOKEN=", "HF_TOKEN=${HF_TOKEN}",
        "TOKEN_FILE=/run/secrets/token", "API_TOKEN=/run/secrets/token", "SECRET=changeme-now",
        "API_KEY=your-key-goes-here", "HF_HOME=/src/hf_cache_of_the_model_and_its_files",
        "MODEL=sk-learn-based-thing-with-a-long-name-indeed", "SEED_KEY=1234567890"})
    CHECK(findings_of("config-secret", yaml(kBuild + "environment:\n  - \"" + good + "\"\n")) ==
          Strings{});
}

TEST_CASE("config-entry-point: files, names and .dockerignore") {
  const std::string text = kBuild + "run: \"run.py:Runner\"\n";
  CHECK(findings_of("config-entry-point", yaml(text, {{"runn.py", ""}})) ==
        Strings{"cog.yaml:3:6 there is no file `run.py`"});
  CHECK(findings_of("config-entry-point", yaml(text, {{"run.py", "class Runer:\n  pass\n"}})) ==
        Strings{"cog.yaml:3:6 `run.py` defines no `Runner` at its top level"});
  CHECK(findings_of("config-entry-point", yaml(text, {{"run.py", "class Runner: pass\n"},
                                                      {".dockerignore", "*.py\n"}})) ==
        Strings{"cog.yaml:3:6 `run.py` is left out of the image by .dockerignore"});
  for (const auto* good : {"class Runner:\n  def run(self) -> str: pass\n",
                           "@dataclass\nclass Runner: pass\n", "def Runner(): pass\n"})
    CHECK(findings_of("config-entry-point", yaml(text, {{"run.py", good}})) == Strings{});
  CHECK(findings_of("config-entry-point", yaml(kBuild + "run: ./a/run.py:R\n",
                                               {{"a/run.py", "class R: pass\n"}})) == Strings{});
  CHECK(findings_of("config-entry-point",
                    yaml(kBuild + "train: \"t.py:train\"\n", {{"t.py", "def trains(): pass\n"}})) ==
        Strings{"cog.yaml:3:8 `t.py` defines no `train` at its top level"});
}

TEST_CASE("config-entry-point: a file outside the project, and one behind a link") {
  const auto said = [](const std::string& reference) {
    return findings_of("config-entry-point", yaml(kBuild + "run: \"" + reference + "\"\n"));
  };
  CHECK(said("../run.py:R") == Strings{"cog.yaml:3:6 `../run.py` is outside the project"});
  CHECK(said("/etc/run.py:R") == Strings{"cog.yaml:3:6 `/etc/run.py` is outside the project"});

  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "cogbuild-check-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  const fs::path folder = name;
  fs::create_directories(folder / "project/src");
  const std::string code = "class R:\n  def run(self) -> str: pass\n";
  std::ofstream(folder / "outside.py") << code;
  std::ofstream(folder / "project/src/run.py") << code;
  fs::create_symlink("src/run.py", folder / "project/near.py");
  fs::create_symlink("../outside.py", folder / "project/far.py");
  REQUIRE(::mkfifo((folder / "project/pipe.py").c_str(), 0600) == 0);
  const auto message = [&](const std::string& file) {
    std::ofstream(folder / "project/cog.yaml") << kBuild << "run: " << file << ":R\n";
    const auto findings = run_rule("config-entry-point", io::DiskTree(folder / "project"));
    return findings.empty() ? std::string() : findings[0].message;
  };
  CHECK(message("near.py") == "");
  CHECK(message("far.py") == "`far.py` leads out of the project");
  CHECK(message("pipe.py") == "`pipe.py` is not a file");
  fs::remove_all(folder);
}

TEST_CASE("config-entry-point: the fix names what is there") {
  const auto fix = [](std::string source) {
    const io::MemoryTree project(
        yaml(kBuild + "run: \"run.py:Runner\"\n", {{"run.py", std::move(source)}}));
    return run_rule("config-entry-point", project)[0].fix;
  };
  CHECK(fix("class Runer: pass\n") == "did you mean `Runer`?");
  CHECK(fix("class Model: pass\ndef load(): pass\n") == "the file defines Model, load");
  CHECK(fix("x = 1\n") == "define `Runner` in the file, or correct the name");
}

TEST_CASE("config-no-entry-point: a project that can do nothing") {
  CHECK(findings_of("config-no-entry-point", yaml(kBuild)) ==
        Strings{"cog.yaml neither `run` nor `train` is set: the image could do nothing"});
  CHECK(findings_of("config-no-entry-point", yaml(kBuild + "train: t.py:train\n")) == Strings{});
}

TEST_CASE("config-concurrency: several predictions at a time need async") {
  const std::string text = kBuild + "run: \"run.py:Runner\"\nconcurrency: {max: 4}\n";
  const auto runner = [](const char* definition) {
    return std::string("class Runner:\n  ") + definition + " run(self) -> str:\n    return ''\n";
  };
  CHECK(findings_of("config-concurrency", yaml(text, {{"run.py", runner("def")}})) ==
        Strings{"run.py:2:7 `concurrency.max` is 4, but `run` is not `async def`"});
  CHECK(findings_of("config-concurrency", yaml(text, {{"run.py", runner("async def")}})) ==
        Strings{});
}

}  // namespace cogbuild::check
