#include "rule_case.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::check {
namespace {

const std::string kConfig = "build:\n  python_version: \"3.11\"\npredict: predict.py:Predictor\n";

// Put together here, so that no scanner takes this file for a leak.
std::string secret(const std::string& prefix, const std::string& rest) { return prefix + rest; }
const std::string kRandom = "kZq7Rt2WmXv9LpYs4BnJc8HdGf3QaEuT5iKo";  // 36 characters

Files project(const std::string& predict) {
  return {{"cog.yaml", kConfig}, {"predict.py", predict}};
}

TEST_CASE("secret-in-file: tokens by their form, never printed whole") {
  struct Case {
    std::string text;
    std::string found;
  };
  for (const Case& one : std::vector<Case>{
           {secret("hf_", kRandom.substr(0, 34)), "`hf_k…` looks like a token of Hugging Face"},
           {secret("ghp_", kRandom), "`ghp_…` looks like a token of GitHub"},
           {secret("r8_", kRandom + "x"), "`r8_k…` looks like a token of Replicate"},
           {secret("AKIA", "Q3ZT7WXV5LPYRNJ2"), "`AKIA…` looks like an access key of AWS"},
           {secret("sk-", kRandom + kRandom.substr(0, 12)),
            "`sk-k…` looks like an API key of OpenAI"},
           // Stand-ins, names, and parts of other words.
           {secret("hf_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), ""},
           {secret("hf_", "hub_download_with_retry_and_timeout"), ""},
           {secret("ghp_", kRandom.substr(0, 20)), ""},
           {"task" + secret("sk-", kRandom + kRandom.substr(0, 12)), ""}}) {
    CAPTURE(one.text);
    const auto found = findings_of("secret-in-file", project("t = '" + one.text + "'\n"));
    if (one.found.empty())
      CHECK(found.empty());
    else
      CHECK(found == Strings{"predict.py:1:6 " + one.found + " and goes into the image"});
  }
}

TEST_CASE("secret-in-file: long random values of names that say so") {
  CHECK(findings_of("secret-in-file", project("API_KEY = '" + kRandom + "'\n")) ==
        Strings{"predict.py:1:12 `kZq7…` looks like a key or password and goes into the image"});
  for (const std::string line :
       {"api_key = os.environ['API_KEY']",
        "max_tokens = '"
        "kZq7Rt2WmXv9LpYs4BnJc8HdGf3QaEuT5iKo"
        "'",
        "api_key = 'your-api-key-goes-here-1'", "password = 'short1'",
        "secret = 'https://example.com/kZq7Rt2WmXv9Lp'", "API_KEY = 'aaaaaaaaaaaaaaaaaaaaaaa1'"}) {
    CAPTURE(line);
    CHECK(findings_of("secret-in-file", project(line + "\n")).empty());
  }
}

TEST_CASE("secret-in-file: other files that ship, not those that are left out") {
  auto files = project("");
  files["deploy.sh"] = "#!/bin/sh\nexport T=" + secret("ghp_", kRandom) + "\n";
  CHECK(findings_of("secret-in-file", files) ==
        Strings{"deploy.sh:2:10 `ghp_…` looks like a token of GitHub and goes into the image"});
  files[".dockerignore"] = "deploy.sh\n";
  CHECK(findings_of("secret-in-file", files).empty());
  files["id"] = "-----BEGIN OPENSSH PRIVATE KEY-----\n" + kRandom + kRandom + "\n" + kRandom + "\n";
  CHECK(findings_of("secret-in-file", files) ==
        Strings{"id:1:1 a private key goes into the image"});
}

TEST_CASE("secret-in-file: the login of a server in JSON that is named for settings") {
  const auto login = [](const std::string& host, const std::string& password) {
    return "{\n  \"host\": \"" + host + "\",\n  \"username\": \"sa\",\n  \"password\": \"" +
           password + "\"\n}\n";
  };
  auto files = project("");
  files["data/db_config.json"] = login("192.168.7.9", "hkwqzuvt");
  CHECK(findings_of("secret-in-file", files) ==
        Strings{"data/db_config.json:4:16 `h…` looks like a password and goes into the image"});
  for (const auto& [host, password] :
       std::vector<std::pair<std::string, std::string>>{{"localhost", "hkwqzuvt"},
                                                        {"db.example.com", "hkwqzuvt"},
                                                        {"192.168.7.9", "password1"},
                                                        {"192.168.7.9", "${DB_PASSWORD}"},
                                                        {"192.168.7.9", ""},
                                                        {"", "hkwqzuvt"}}) {
    files["data/db_config.json"] = login(host, password);
    CHECK(findings_of("secret-in-file", files).empty());
  }
  files["data/db_config.json"] = "{}";
  files["vocabulary.json"] = login("192.168.7.9", "hkwqzuvt");
  CHECK(findings_of("secret-in-file", files).empty());
}

TEST_CASE("secret-in-file: the line of a secret is not quoted") {
  const io::MemoryTree tree(
      {{"cog.yaml", kConfig}, {"predict.py", "t = '" + secret("ghp_", kRandom) + "'\n"}});
  const auto findings = run_rule("secret-in-file", tree);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].location.line_text.empty());
  CHECK(findings[0].message.find(kRandom.substr(0, 5)) == std::string::npos);
}

TEST_CASE("secret-file: by its name") {
  auto files = project("");
  files[".env"] = "MODEL=llama\nAPI_KEY=\n";
  CHECK(findings_of("secret-file", files).empty());
  files[".env"] = "MODEL=llama\nAPI_KEY=" + kRandom + "\n";
  CHECK(findings_of("secret-file", files) ==
        Strings{".env `.env` goes into the image and may hold secrets"});
  files[".dockerignore"] = ".env\n";
  CHECK(findings_of("secret-file", files).empty());
}

TEST_CASE("dockerignore-leaves-out-code: the predictor, and what it imports at its top") {
  auto files = project("import os\nfrom tools.resize import fit\n");
  files["tools/resize.py"] = "import numpy\n";
  CHECK(findings_of("dockerignore-leaves-out-code", files).empty());
  files[".dockerignore"] = "tools\n";
  CHECK(findings_of("dockerignore-leaves-out-code", files) ==
        Strings{"predict.py:2:1 `tools/resize.py` is imported here, but left out of the image by "
                ".dockerignore"});
  files["predict.py"] = "try:\n    from tools.resize import fit\nexcept ImportError:\n    pass\n";
  CHECK(findings_of("dockerignore-leaves-out-code", files).empty());
  files[".dockerignore"] = "*.py\n";
  CHECK(findings_of("dockerignore-leaves-out-code", files) ==
        Strings{"cog.yaml:3:10 `predict.py` is left out of the image by .dockerignore"});
}

TEST_CASE("dockerignore-missing") {
  auto files = project("");
  CHECK(findings_of("dockerignore-missing", files) ==
        Strings{".dockerignore without it nearly everything in the project goes into the image"});
  files[".dockerignore"] = "";
  CHECK(findings_of("dockerignore-missing", files).empty());
}

TEST_CASE("tool-directory-shipped: each directory once") {
  auto files = project("");
  files[".dockerignore"] = "";
  files[".git/config"] = "x";
  files[".git/objects/aa"] = "x";
  files["env/pyvenv.cfg"] = "x";
  files["web/node_modules/a/node_modules/b.js"] = "x";
  CHECK(findings_of("tool-directory-shipped", files) ==
        Strings{".git `.git` goes into the image: the history of the project",
                "env `env` goes into the image: a virtual environment, which the image does not "
                "use",
                "web/node_modules `web/node_modules` goes into the image: packages of Node.js"});
  files[".dockerignore"] = ".git\nenv\n**/node_modules\n";
  CHECK(findings_of("tool-directory-shipped", files).empty());
}

TEST_CASE("notebook-shipped, training-state-shipped: told once for all, once for a directory") {
  auto files = project("");
  files["a.ipynb"] = "{}";
  files["b/c.ipynb"] = "{}";
  files["out/checkpoint-5/optimizer.pt"] = "x";
  files["out/checkpoint-5/rng_state_0.pth"] = "x";
  files["runs/events.out.tfevents.1"] = "x";
  CHECK(findings_of("notebook-shipped", files) ==
        Strings{"a.ipynb 2 notebooks go into the image, the first is `a.ipynb`"});
  CHECK(findings_of("training-state-shipped", files) ==
        Strings{"out/checkpoint-5/optimizer.pt `out/checkpoint-5/optimizer.pt` goes into the "
                "image: the state of a training",
                "runs/events.out.tfevents.1 `runs/events.out.tfevents.1` goes into the image: a "
                "log of a training"});
  CHECK(findings_of("notebook-shipped", project("")).empty());
  CHECK(findings_of("training-state-shipped", project("")).empty());
}

TEST_CASE("sample-shipped, archive-shipped, large-file-in-code: by size, unless code names them") {
  auto files = project("");
  files["demo.mp4"] = std::string(std::size_t{10} << 20U, 'x');
  files["weights.tar"] = std::string(std::size_t{1} << 20U, 'x');
  files["weights/m.txt"] = "x";
  files["data.csv"] = std::string(std::size_t{5} << 20U, 'x');
  CHECK(findings_of("sample-shipped", files) ==
        Strings{"demo.mp4 `demo.mp4` (10.0 MiB) goes into the image, and no code names it"});
  CHECK(findings_of("archive-shipped", files) ==
        Strings{"weights.tar `weights.tar` (1.0 MiB) lies beside `weights`, which it seems to hold "
                "once more"});
  CHECK(findings_of("large-file-in-code", files) ==
        Strings{"data.csv `data.csv` (5.0 MiB) lies in the layer of the code, which each change of "
                "the code sends anew"});
  files["predict.py"] = "A = ['demo.mp4', 'weights.tar', 'data.csv']\n";
  CHECK(findings_of("sample-shipped", files).empty());
  CHECK(findings_of("archive-shipped", files).empty());
  CHECK(findings_of("large-file-in-code", files).empty());
}

TEST_CASE("path-of-the-author: homes of people in code that runs") {
  CHECK(findings_of("path-of-the-author", project("p = '/home/jane/m.pth'\n")) ==
        Strings{"predict.py:1:5 `/home/jane/m.pth` lies on the author's machine, not in the "
                "image"});
  for (const std::string line :
       {"p = '/home/user/m.pth'", "# '/home/jane/m.pth'", "p = 'https://a.b/home/jane/x'",
        "p = '/home/jane'", "p = 'weights/m.pth'"}) {
    CAPTURE(line);
    CHECK(findings_of("path-of-the-author", project(line + "\n")).empty());
  }
}

}  // namespace
}  // namespace cogbuild::check
