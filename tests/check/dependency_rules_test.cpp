#include "rule_case.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::check {
namespace {

std::string listing(const std::string& lines) {
  return "build:\n  python_version: \"3.11\"\n  python_requirements: requirements.txt\n" + lines +
         "predict: predict.py:Predictor\n";
}

Files project(const std::string& requirements, const std::string& predict = "",
              const std::string& more = "") {
  return {{"cog.yaml", listing(more)}, {"requirements.txt", requirements}, {"predict.py", predict}};
}

TEST_CASE("dependency-unpinned: what leaves the version open is told, once for each line") {
  CHECK(findings_of("dependency-unpinned",
                    project("torch\nnumpy==1.26.4\ntransformers[torch]>=4.30\nx==2.*\n")) ==
        Strings{"requirements.txt:1:1 `torch` has no version: the next build may take another one",
                "requirements.txt:3:1 `transformers[torch]>=4.30` allows more than one version: "
                "the next build may take another one",
                "requirements.txt:4:1 `x==2.*` allows more than one version: the next build may "
                "take another one"});
}

TEST_CASE("dependency-unpinned: a pin, a URL, a marker for other systems and a lock are silent") {
  CHECK(findings_of("dependency-unpinned", project("torch==2.5.1\n"
                                                   "clip @ git+https://github.com/openai/CLIP.git\n"
                                                   "https://example.com/demo-1.0-py3-none-any.whl\n"
                                                   "pywin32; sys_platform == 'win32'\n"))
            .empty());
  auto locked = project("torch\n");
  locked.emplace("pylock.toml", "lock-version = \"1.0\"\n");
  CHECK(findings_of("dependency-unpinned", locked).empty());
}

TEST_CASE("dependency-unpinned: packages of cog.yaml are read where they stand") {
  CHECK(findings_of("dependency-unpinned",
                    {{"cog.yaml",
                      "build:\n  python_version: \"3.11\"\n  python_packages:\n"
                      "    - \"PyYAML\"\n    - pandas==2.0.3\n"}}) ==
        Strings{"cog.yaml:4:8 `PyYAML` has no version: the next build may take another one"});
}

TEST_CASE("dependency-git-unpinned: a branch or nothing moves; a commit or a release does not") {
  struct Case {
    std::string url;
    std::string message;
  };
  for (const Case& one : std::vector<Case>{
           {"git+https://github.com/openai/CLIP.git",
            "the repository `CLIP` is taken without a commit: the next build may take other code"},
           {"git+https://github.com/openai/CLIP.git@main#egg=clip",
            "the repository `CLIP` is taken at `main`, which moves: the next build may take other "
            "code"},
           {"git+https://user:pw@github.com/openai/CLIP",
            "the repository `CLIP` is taken without a commit: the next build may take other code"},
           {"git+https://github.com/openai/CLIP.git@a1d0717", ""},
           {"git+https://github.com/openai/CLIP.git@v1.2", ""},
           {"git+ssh://git@github.com/openai/CLIP.git@a1d071733d7111c9c014f024669f959182114e33",
            ""}}) {
    CAPTURE(one.url);
    const auto found = findings_of("dependency-git-unpinned", project("clip @ " + one.url + "\n"));
    if (one.message.empty())
      CHECK(found.empty());
    else
      CHECK(found == Strings{"requirements.txt:1:1 " + one.message});
  }
}

TEST_CASE("dependency-duplicate: equal lines lose the second one, others are only told") {
  const auto equal = project("pandas==2.0.3\nnumpy==1.25.1\nPandas==2.0.3\n");
  CHECK(findings_of("dependency-duplicate", equal) ==
        Strings{"requirements.txt:3:1 `Pandas` is listed twice, first in line 1"});
  CHECK(fixed_by("dependency-duplicate", equal) ==
        Files{{"requirements.txt", "pandas==2.0.3\nnumpy==1.25.1\n"}});
  const auto other = project("pandas==2.0.3\npandas>=2\n");
  CHECK(findings_of("dependency-duplicate", other) ==
        Strings{"requirements.txt:2:1 `pandas>=2` is listed twice: line 1 says `pandas==2.0.3`"});
  CHECK(fixed_by("dependency-duplicate", other).empty());
}

TEST_CASE("dependency-duplicate: lists of cog.yaml keep their shape") {
  const std::string head = "build:\n  python_version: \"3.11\"\n  python_packages:\n";
  CHECK(fixed_by(
            "dependency-duplicate",
            {{"cog.yaml", head + "    - pandas==2.0.3\n    - \"pandas==2.0.3\"\n    - fire\n"}}) ==
        Files{{"cog.yaml", head + "    - pandas==2.0.3\n    - fire\n"}});
  // Two on one line: nothing is cut.
  const Files flow{{"cog.yaml",
                    "build:\n  python_version: \"3.11\"\n"
                    "  python_packages: [pandas, pandas]\n"}};
  CHECK(findings_of("dependency-duplicate", flow).size() == 1);
  CHECK(fixed_by("dependency-duplicate", flow).empty());
}

TEST_CASE("dependency-duplicate: one line for each of two conditions is no duplicate") {
  CHECK(findings_of("dependency-duplicate",
                    project("numpy==1.26; python_version >= '3.9'\nnumpy==1.24\n"))
            .empty());
}

TEST_CASE("dependency-same-module: two distributions of one module") {
  CHECK(findings_of("dependency-same-module",
                    project("opencv-python==4.10.0.84\nopencv-python-headless==4.10.0.84\n")) ==
        Strings{"requirements.txt:2:1 `opencv-python` and `opencv-python-headless` both install "
                "the module `cv2`"});
  CHECK(findings_of("dependency-same-module", project("onnxruntime-gpu==1.19\nonnx==1.16\n"))
            .empty());
}

TEST_CASE("opencv-with-windows: the name is swapped and its version kept") {
  const auto files = project("numpy==1.26.4\nopencv-python>=4.8  # pictures\n", "import cv2\n");
  CHECK(findings_of("opencv-with-windows", files) ==
        Strings{"requirements.txt:2:1 `opencv-python` is the build for desktops: cogbuild installs "
                "`opencv-python-headless` in its place"});
  CHECK(fixed_by("opencv-with-windows", files) ==
        Files{{"requirements.txt", "numpy==1.26.4\nopencv-python-headless>=4.8  # pictures\n"}});
}

TEST_CASE("opencv-with-windows: not for code with windows; no edit where another package has it") {
  CHECK(findings_of("opencv-with-windows",
                    project("opencv-python\n", "import cv2\ncv2.imshow('a', b)\n"))
            .empty());
  const auto with_gfpgan = project("opencv-python\ngfpgan\n");
  CHECK(findings_of("opencv-with-windows", with_gfpgan).size() == 1);
  CHECK(fixed_by("opencv-with-windows", with_gfpgan).empty());
}

TEST_CASE("cuda-build-without-gpu, cpu-build-with-gpu: the build must fit `gpu`") {
  CHECK(findings_of("cuda-build-without-gpu", project("torch==2.5.1+cu124\n")) ==
        Strings{"requirements.txt:1:1 `torch==2.5.1+cu124` brings CUDA, but `gpu` is not true"});
  CHECK(findings_of("cuda-build-without-gpu", project("torch==2.5.1\n")).empty());
  CHECK(findings_of("cuda-build-without-gpu", project("torch==2.5.1+cu124\n", "", "  gpu: true\n"))
            .empty());
  CHECK(findings_of("cpu-build-with-gpu", project("torch==2.5.1+cpu\n", "", "  gpu: true\n")) ==
        Strings{"requirements.txt:1:1 `torch==2.5.1+cpu` cannot use a GPU, but `gpu` is true"});
  CHECK(findings_of("cpu-build-with-gpu", project("torch==2.5.1+cpu\n")).empty());
  const std::string asks = "s = InferenceSession(p, providers=['CUDAExecutionProvider'])\n";
  CHECK(findings_of("cpu-build-with-gpu", project("onnxruntime==1.19\n", asks, "  gpu: true\n")) ==
        Strings{"requirements.txt:1:1 the code asks for `CUDAExecutionProvider`, which "
                "`onnxruntime` does not have"});
  CHECK(findings_of("cpu-build-with-gpu",
                    project("onnxruntime==1.19\nonnxruntime-gpu==1.19\n", asks, "  gpu: true\n"))
            .empty());
}

TEST_CASE("dependency-development-tool: unless the model imports it") {
  CHECK(findings_of("dependency-development-tool",
                    project("pytest==8.3.3\nipython==8.0\ntorch==2.5.1\n",
                            "from IPython.display import display\n")) ==
        Strings{"requirements.txt:1:1 `pytest` is a tool for developing that the model does not "
                "import"});
  CHECK(findings_of("dependency-development-tool", project("yapf==0.40.1\n")).empty());
  // Jupyter brings IPython; and the code may be written in a notebook.
  CHECK(findings_of("dependency-development-tool",
                    project("jupyter==1.0.0\n", "from IPython.display import display\n"))
            .empty());
  auto notebook = project("jupyterlab==3.2.4\n", "import hello\n");
  CHECK(findings_of("dependency-development-tool", notebook).size() == 1);
  notebook.emplace("hello.ipynb", "{}");
  CHECK(findings_of("dependency-development-tool", notebook).empty());
}

TEST_CASE("dependency-unused: what no file names; tables know other names and silent uses") {
  const std::string code = "import cv2\nfrom PIL import Image\n";
  CHECK(findings_of(
            "dependency-unused",
            project("gradio==4.0\nopencv-python==4.8\npillow==10\naccelerate==1.0\n", code)) ==
        Strings{"requirements.txt:1:1 nothing in the project imports `gradio` of `gradio`"});
  // A word of it anywhere, or code that is fetched from elsewhere, is a use.
  CHECK(findings_of("dependency-unused", project("gradio\n", "importlib.import_module('gradio')\n"))
            .empty());
  CHECK(findings_of("dependency-unused",
                    project("gradio\n", "m = f('x/y', trust_remote_code=True)\n"))
            .empty());
}

TEST_CASE("dependency-installed-at-run-time: only in code that the model reaches") {
  const std::string call =
      "import subprocess, sys\n\ndef f():\n"
      "    subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'einops'])\n";
  auto files = project("torch==2.5.1\n", "import extra\nextra.f()\n");
  files["extra.py"] = call;
  CHECK(findings_of("dependency-installed-at-run-time", files) ==
        Strings{"extra.py:4:5 the model installs Python packages while it starts or runs"});
  files["predict.py"] = "import torch\n";
  CHECK(findings_of("dependency-installed-at-run-time", files).empty());
  files["predict.py"] =
      "import os\nif __name__ == '__main__':\n    os.system('pip install einops')\n";
  CHECK(findings_of("dependency-installed-at-run-time", files).empty());
  files["predict.py"] =
      "import os\ntry:\n    import a\nexcept ImportError:\n    os.system('pip install a')\n";
  CHECK(findings_of("dependency-installed-at-run-time", files).empty());
  files["predict.py"] = "import os\nos.system('cd x && pip install einops')\nos.system('ls pip')\n";
  CHECK(findings_of("dependency-installed-at-run-time", files) ==
        Strings{"predict.py:2:1 the model installs Python packages while it starts or runs"});
}

TEST_CASE("system-package-renamed: the new name is written unless it is there already") {
  const Files files{{"cog.yaml",
                     "build:\n  python_version: \"3.11\"\n  system_packages:\n"
                     "    - \"libgl1-mesa-glx\"  # for cv2\n    - ffmpeg\n"}};
  CHECK(findings_of("system-package-renamed", files) ==
        Strings{"cog.yaml:4:7 new releases of Debian and Ubuntu do not have `libgl1-mesa-glx` any "
                "more"});
  CHECK(fixed_by("system-package-renamed", files) ==
        Files{{"cog.yaml",
               "build:\n  python_version: \"3.11\"\n  system_packages:\n"
               "    - \"libgl1\"  # for cv2\n    - ffmpeg\n"}});
}

TEST_CASE("system packages: of another Python, without a use, for windows") {
  const auto with = [](const std::string& package, const std::string& predict) {
    return Files{{"cog.yaml", "build:\n  python_version: \"3.11\"\n  system_packages:\n    - " +
                                  package + "\npredict: predict.py:P\n"},
                 {"predict.py", predict}};
  };
  CHECK(findings_of("system-package-python", with("python3-opencv", "")) ==
        Strings{"cog.yaml:4:7 `python3-opencv` belongs to the Python of the distribution, which "
                "the model does not run on"});
  CHECK(findings_of("system-package-python", with("ffmpeg", "")).empty());
  CHECK(findings_of("system-package-unused", with("wget", "import torch\n")) ==
        Strings{"cog.yaml:4:7 no code and no `run` command calls `wget`"});
  CHECK(findings_of("system-package-unused", with("wget", "os.system('wget ' + url)\n")).empty());
  CHECK(findings_of("system-package-unused", with("ffmpeg", "")).empty());
  CHECK(findings_of("system-package-for-windows", with("libsm6", "")) ==
        Strings{"cog.yaml:4:7 `libsm6` serves OpenCV's build for desktops, which cogbuild "
                "replaces"});
}

}  // namespace
}  // namespace cogbuild::check
