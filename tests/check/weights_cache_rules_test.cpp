#include "rule_case.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::check {
namespace {

Files project(const std::string& predict, const std::string& more = "") {
  return {{"cog.yaml", "build:\n  python_version: \"3.11\"\n" + more + "predict: predict.py:P\n"},
          {"predict.py", predict}};
}

const std::string kLocal = "m = M.from_pretrained('a/b', local_files_only=True)\n";

TEST_CASE("weights-cache-not-shipped: a directory outside of the project that nothing fills") {
  CHECK(findings_of("weights-cache-not-shipped",
                    project("m = M.from_pretrained('a/b', cache_dir='/root/.cache/m', "
                            "local_files_only=True)\n")) ==
        Strings{"predict.py:1:40 `cache_dir` is `/root/.cache/m`, outside of the project: what was "
                "fetched there before the build is not in the image, and the code fetches "
                "nothing"});
  CHECK(findings_of("weights-cache-not-shipped",
                    project("import os\nos.environ['HF_HOME'] = '/tmp/hf'\n" + kLocal)) ==
        Strings{"predict.py:2:1 `HF_HOME` is `/tmp/hf`, outside of the project: what was fetched "
                "there before the build is not in the image, and the code fetches nothing"});
  CHECK(findings_of("weights-cache-not-shipped",
                    project("import os\nos.environ['HF_HUB_OFFLINE'] = '1'\n"
                            "os.environ.setdefault('HF_HUB_CACHE', '~/hf')\n"
                            "m = M.from_pretrained('a/b')\n"))
            .size() == 1);
  CHECK(findings_of("weights-cache-not-shipped",
                    project("m = M.from_pretrained('a/b')\n",
                            "environment:\n  - HF_HUB_OFFLINE=1\n  - HF_HOME=/root/hf\n")) ==
        Strings{"cog.yaml:5:5 `HF_HOME` is `/root/hf`, outside of the project: what was fetched "
                "there before the build is not in the image, and the code fetches nothing"});
}

TEST_CASE("weights-cache-not-shipped: a directory that .dockerignore leaves out") {
  auto files =
      project("m = M.from_pretrained('a/b', cache_dir='./cache', local_files_only=True)\n");
  files["cache/models--a--b/refs/main"] = "x";
  CHECK(findings_of("weights-cache-not-shipped", files).empty());
  files[".dockerignore"] = "cache\n";
  CHECK(findings_of("weights-cache-not-shipped", files) ==
        Strings{"predict.py:1:40 `cache_dir` is `./cache`, which .dockerignore leaves out, and the "
                "code fetches nothing"});
}

TEST_CASE("weights-cache-not-shipped: not what is fetched, filled, or in the project") {
  const std::string outside = "import os\nos.environ['HF_HOME'] = '/root/hf'\n";
  CHECK(findings_of("weights-cache-not-shipped", project(outside + kLocal)).size() == 1);
  CHECK(
      findings_of("weights-cache-not-shipped", project(outside + "m = M.from_pretrained('a/b')\n"))
          .empty());
  CHECK(findings_of("weights-cache-not-shipped", project(outside + "try:\n    " + kLocal +
                                                         "except OSError:\n    "
                                                         "m = M.from_pretrained('a/b')\n"))
            .empty());
  CHECK(findings_of("weights-cache-not-shipped",
                    project(outside + kLocal + "os.system('pget https://a.b/c.tar /root/hf')\n"))
            .empty());
  CHECK(findings_of("weights-cache-not-shipped",
                    project("import os\nos.environ['HF_HOME'] = '/src/hf'\n" + kLocal))
            .empty());
  CHECK(findings_of("weights-cache-not-shipped",
                    project("import os\nos.environ['HF_HOME'] = where\n" + kLocal))
            .empty());
  auto files = project(outside + kLocal);
  files["cog.yaml"] =
      "build:\n  run:\n    - python fetch.py --to /root/hf\npredict: predict.py:P\n";
  CHECK(findings_of("weights-cache-not-shipped", files).empty());
}

}  // namespace
}  // namespace cogbuild::check
