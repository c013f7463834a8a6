#include "rule_case.hpp"

namespace cogbuild::check {
namespace {

// Messages and fixes for one command of `run`.
std::string said(std::string_view id, const std::string& command) {
  const io::MemoryTree project(
      {{"cog.yaml",
        "build:\n  python_version: \"3.12\"\n  run:\n    - >-\n      " + command + "\n"}});
  std::string out;
  for (const auto& finding : run_rule(id, project)) out += finding.message + " | " + finding.fix;
  return out;
}

}  // namespace

TEST_CASE("run-apt: packages of the base's own archives") {
  CHECK(said("run-apt",
             "apt-get update && apt-get install -y --no-install-recommends ffmpeg libgl1") ==
        "`apt-get install` in `run` is not locked and runs anew in each build | list under "
        "`system_packages`: ffmpeg, libgl1");
  CHECK(said("run-apt", "DEBIAN_FRONTEND=noninteractive sudo apt install -y g++") ==
        "`apt install` in `run` is not locked and runs anew in each build | list under "
        "`system_packages`: g++");
  CHECK(said("run-apt", "apt install -y python3-opencv libopencv-dev") ==
        "`apt install` in `run` is not locked and runs anew in each build | list under "
        "`system_packages`: libopencv-dev");
  for (const auto* good :
       {"apt-get update", "apt-get install -y ffmpeg=7:4.4", "apt-get install -y ./local.deb",
        "add-apt-repository ppa:x/y && apt-get install -y thing", "echo apt-get install x",
        "apt-get install -y $PACKAGES", "apt-get install -y", "apt-get install -y python3-pip"})
    CHECK(said("run-apt", good) == "");
}

TEST_CASE("run-apt: not after a command that adds an archive") {
  const auto text =
      "build:\n  python_version: \"3.12\"\n  run:\n    - curl https://x.example/setup_18.x | bash "
      "-\n"
      "    - apt-get install -y nodejs\n";
  CHECK(findings_of("run-apt", {{"cog.yaml", text}}) == Strings{});
}

TEST_CASE("run-pip: what a line of a requirements file could say") {
  CHECK(said("run-pip", "pip install -U 'diffusers>=0.30' transformers") ==
        "`pip install` in `run` is not locked and shares no layer | list among the Python "
        "requirements: diffusers>=0.30, transformers");
  CHECK(
      said("run-pip", "pip install --pre torch --extra-index-url=https://a.example -f https://b") ==
      "`pip install` in `run` is not locked and shares no layer | move into the requirements "
      "file: torch, with `--pre` and `--extra-index-url https://a.example` and "
      "`--find-links https://b` on a line of its own");
  for (const auto* bad : {"python3 -m pip install x", "uv pip install x", "/usr/bin/pip3 install x",
                          "cd /opt && pip install --index-url https://index.example x",
                          "pip install git+https://a/b"})
    CHECK(said("run-pip", bad) != "");
  for (const auto* good :
       {"pip install --upgrade pip setuptools wheel", "pip install -e .", "pip install .",
        "pip install flash-attn --no-build-isolation", "pip install --no-deps x", "pip download x",
        "pip install /opt/x.whl", "pip install x.whl", "echo pip install x", "pip install -r x.txt",
        "pip install pip==24.0", "pip uninstall -y x", "pip install $X"})
    CHECK(said("run-pip", good) == "");
}

TEST_CASE("run-unpinned: what may be another thing tomorrow") {
  struct Case {
    const char* command;
    const char* message;
  };
  const Case bad[] = {
      {"curl -fsSL https://x.example/i.sh | bash", "a script that `curl` fetches is run unseen"},
      {"wget -qO- https://x.example/i.sh | sudo sh -s --",
       "a script that `wget` fetches is run unseen"},
      {"curl -L https://github.com/a/b/releases/latest/download/b -o /b",
       "the latest release is fetched, whichever that is"},
      {"git clone https://github.com/a/b /b && cd /b && make",
       "a repository is cloned as it is on that day"},
  };
  for (const auto& item : bad) CHECK(said("run-unpinned", item.command).starts_with(item.message));
  for (const auto* good :
       {"curl -L https://github.com/a/b/releases/download/v1/b -o /b", "echo x | bash",
        "git clone https://github.com/a/b && cd b && git checkout 1234abc",
        "git clone -b v1.2 https://github.com/a/b", "curl https://x.example/a | tar -x",
        "git clone --branch=v1 https://a/b", "git config clone.x y", "curl x || bash y"})
    CHECK(said("run-unpinned", good) == "");
}

}  // namespace cogbuild::check
