#include "rule_case.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::check {
namespace {

std::string config_with(const std::vector<std::string>& packages) {
  std::string out = "build:\n  python_version: \"3.11\"\n  python_packages:\n";
  for (const auto& package : packages) out += "    - " + package + "\n";
  return out + "predict: predict.py:P\n";
}

Files project(const std::vector<std::string>& packages, const std::string& predict) {
  return {{"cog.yaml", config_with(packages)}, {"predict.py", predict}};
}

TEST_CASE("dependency-heavy: one light use of a large package") {
  struct Case {
    std::string package;
    std::string code;
    std::string uses;
  };
  for (const Case& one : std::vector<Case>{
           {"tensorflow==2.17.0",
            "import tensorflow as tf\nx = tf.image.resize(tf.io.read_file(p), s)\n",
            "of `tensorflow` the code uses nothing but `tensorflow.image.resize`, "
            "`tensorflow.io.read_file`"},
           {"tensorflow", "from tensorflow.keras.utils import get_file\nget_file('a')\n",
            "of `tensorflow` the code uses nothing but `tensorflow.keras.utils.get_file`"},
           {"pandas", "import pandas as pd\nrows = pd.read_csv('tags.csv')\n",
            "of `pandas` the code uses nothing but `pandas.read_csv`"},
           {"matplotlib", "from matplotlib import cm\nc = cm.get_cmap('jet')\n",
            "of `matplotlib` the code uses nothing but `matplotlib.cm.get_cmap`"},
           {"torch", "import torch\ndevice = 'cuda' if torch.cuda.is_available() else 'cpu'\n",
            "of `torch` the code uses nothing but `torch.cuda.is_available`"}}) {
    CAPTURE(one.code);
    CHECK(findings_of("dependency-heavy", project({one.package, "numpy==2.0.0"}, one.code)) ==
          Strings{"cog.yaml:4:7 " + one.uses});
  }
  CHECK(run_rule("dependency-heavy",
                 io::MemoryTree(project({"torch"}, "import torch\ntorch.manual_seed(1)\n")))[0]
            .fix ==
        "do without it: the library that computes knows its devices; `urllib.request` downloads");
}

TEST_CASE("dependency-heavy: not what is really used, handed on, or needed by another package") {
  const std::string light = "import torch\nx = torch.cuda.is_available()\n";
  CHECK(findings_of("dependency-heavy", project({"torch"}, light)).size() == 1);
  for (const std::string code : {"import torch\nx = torch.zeros(torch.cuda.device_count())\n",
                                 "import torch\nprint(torch.cuda.is_available(), torch)\n",
                                 "from torch import *\nimport torch\ntorch.manual_seed(1)\n",
                                 "import torch\n", "import os\n"}) {
    CAPTURE(code);
    CHECK(findings_of("dependency-heavy", project({"torch"}, code)).empty());
  }
  for (const std::string other : {"onnxruntime-gpu", "transformers", "some-model"})
    CHECK(findings_of("dependency-heavy", project({"torch", other}, light)).empty());
  const std::string resizes = "import tensorflow as tf\ntf.image.resize(x, s)\n";
  CHECK(findings_of("dependency-heavy", project({"tensorflow", "torch"}, resizes)).size() == 1);
  CHECK(findings_of("dependency-heavy", project({"tensorflow", "transformers"}, resizes)).empty());
}

TEST_CASE("dependency-heavy: a use in another file of the project counts") {
  auto files = project({"pandas"}, "import pandas as pd\nimport part\npd.read_csv('a')\n");
  files["part.py"] = "def f():\n    return 1\n";
  CHECK(findings_of("dependency-heavy", files).size() == 1);
  files["part.py"] = "import pandas\ndef f():\n    return pandas.DataFrame([])\n";
  CHECK(findings_of("dependency-heavy", files).empty());
}

TEST_CASE("dependency-undeclared: an import that nothing listed gives") {
  CHECK(findings_of("dependency-undeclared",
                    project({"torch==2.5.1"}, "import os\nimport torch\nimport librosa.core\n")) ==
        Strings{"predict.py:3:1 `librosa` is imported, but no requirement names it"});
  for (const std::string code :
       {"import tomllib, asyncore, _thread\n", "from cog import BasePredictor\n",
        "from . import part\n", "import part\n", "import deep\n", "import torch.nn as nn\n",
        "try:\n    import librosa\nexcept ImportError:\n    pass\n",
        "def unused():\n    import librosa\n", "import numpy as np\nfrom PIL import Image\n"}) {
    CAPTURE(code);
    auto files = project({"torch==2.5.1"}, code);
    files["part.py"] = "";
    files["lib/deep/net.py"] = "";
    CHECK(findings_of("dependency-undeclared", files).empty());
  }
}

TEST_CASE("dependency-undeclared: by the table, by a likeness of names, by a command") {
  for (const auto& [package, module] :
       std::vector<std::pair<std::string, std::string>>{{"opencv-python-headless", "cv2"},
                                                        {"scikit-learn", "sklearn"},
                                                        {"pyzmq", "zmq"},
                                                        {"dnspython", "dns"},
                                                        {"ruamel.yaml", "ruamel"}}) {
    CAPTURE(module);
    CHECK(findings_of("dependency-undeclared", project({package}, "import " + module + "\n"))
              .empty());
    CHECK(findings_of("dependency-undeclared", project({"torch"}, "import " + module + "\n"))
              .size() == (module == "sklearn" ? 0 : 1));
  }
  auto files = project({"torch"}, "import librosa\n");
  files["cog.yaml"] =
      "build:\n  python_packages:\n    - torch\n  run:\n    - pip install librosa\n"
      "predict: predict.py:P\n";
  CHECK(findings_of("dependency-undeclared", files).empty());
  files["cog.yaml"] =
      "build:\n  python_packages:\n    - torch\n  run:\n    - git clone https://a.b/c\n"
      "predict: predict.py:P\n";
  CHECK(findings_of("dependency-undeclared", files).empty());
}

TEST_CASE("dependency-undeclared: the fix names the distribution") {
  for (const auto& [module, name] :
       std::vector<std::pair<std::string, std::string>>{{"cv2", "opencv-python-headless"},
                                                        {"PIL", "pillow"},
                                                        {"soundfile", "soundfile"},
                                                        {"pytorch_msssim", "pytorch-msssim"}}) {
    auto files = project({"gdown"}, "import " + module + "\n");
    files["pylock.toml"] = "[[packages]]\nname = \"gdown\"\n";
    const auto found = run_rule("dependency-undeclared", io::MemoryTree(std::move(files)));
    REQUIRE(found.size() == 1);
    CHECK(found[0].fix == "list `" + name + "` with a version");
  }
}

TEST_CASE("dependency-undeclared: a lock says what there is") {
  auto files = project({"torch==2.5.1"}, "import torch\nimport numpy\nimport yaml\n");
  CHECK(findings_of("dependency-undeclared", files).empty());
  files["pylock.toml"] =
      "lock-version = \"1.0\"\n[[packages]]\nname = \"torch\"\nversion = \"2.5.1\"\n"
      "[[packages]]\nname = \"pyyaml\"\nversion = \"6.0\"\n[packages.tool]\nname = \"numpy\"\n";
  CHECK(findings_of("dependency-undeclared", files) ==
        Strings{"predict.py:2:1 `numpy` is imported, but nothing that is locked brings it"});
}

TEST_CASE("system-package-in-base: the line goes, where others stay") {
  const std::string start = "build:\n  python_version: \"3.11\"\n  system_packages:\n";
  const Files files{{"cog.yaml", start + "    - \"ca-certificates\"  # for TLS\n    - ffmpeg\n"
                                         "    - libgomp1\n    - zlib1g\n"}};
  CHECK(findings_of("system-package-in-base", files) ==
        Strings{"cog.yaml:4:7 every base that cogbuild composes has `ca-certificates`",
                "cog.yaml:6:7 every base that cogbuild composes has `libgomp1`",
                "cog.yaml:7:7 every base that cogbuild composes has `zlib1g`"});
  CHECK(fixed_by("system-package-in-base", files) ==
        Files{{"cog.yaml", start + "    - ffmpeg\n    - libgomp1\n"}});
  const Files alone{{"cog.yaml", start + "    - tini\n"}};
  CHECK(findings_of("system-package-in-base", alone).size() == 1);
  CHECK(fixed_by("system-package-in-base", alone).empty());
  const Files flow{
      {"cog.yaml", "build:\n  python_version: \"3.11\"\n  system_packages: [tini, ffmpeg]\n"}};
  CHECK(findings_of("system-package-in-base", flow).size() == 1);
  CHECK(fixed_by("system-package-in-base", flow).empty());
}

TEST_CASE("system-package-in-base: not of a base that is named, nor a version, nor another suite") {
  const auto with = [](const std::string& package, const std::string& version) {
    return Files{{"cog.yaml", "build:\n  python_version: \"" + version +
                                  "\"\n  system_packages:\n    - " + package + "\n"}};
  };
  CHECK(findings_of("system-package-in-base", with("libssl3", "3.11")).size() == 1);
  CHECK(findings_of("system-package-in-base", with("libssl3", "3.13")).empty());
  CHECK(findings_of("system-package-in-base", with("tini=0.19*", "3.11")).empty());
  CHECK(findings_of("system-package-in-base", with("ffmpeg", "3.11")).empty());
  auto named = with("tini", "3.11");
  named["cogbuild.yaml"] = "base: python:3.11-slim\n";
  CHECK(findings_of("system-package-in-base", named).empty());
  named["cogbuild.yaml"] = "base: debian:bookworm\n";
  CHECK(findings_of("system-package-in-base", named).size() == 1);
}

}  // namespace
}  // namespace cogbuild::check
