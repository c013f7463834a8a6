#include "rule_case.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::check {
namespace {

const std::string kConfig = "build:\n  python_version: \"3.11\"\npredict: predict.py:Predictor\n";

Files project(const std::string& predict) {
  return {{"cog.yaml", kConfig}, {"predict.py", predict}};
}

TEST_CASE("weights-downloaded: a wrapper is told where it is given a URL") {
  CHECK(findings_of("weights-downloaded",
                    project("import subprocess\n"
                            "URL = 'https://weights.replicate.delivery/default/sdxl/safety.tar'\n"
                            "def download_weights(url, dest):\n"
                            "    subprocess.check_call(['pget', '-x', url, dest])\n"
                            "class Predictor:\n"
                            "    def setup(self):\n"
                            "        download_weights(URL, 'safety')\n"
                            "    def predict(self, weights):\n"
                            "        download_weights(weights, 'own')\n")) ==
        Strings{"predict.py:7:9 `pget` fetches `safety.tar` from `weights.replicate.delivery` at "
                "run time"});
}

TEST_CASE("weights-downloaded: programs, shells and libraries") {
  struct Case {
    std::string code;
    std::string found;
  };
  for (const Case& one : std::vector<Case>{
           {"import os\nos.system('wget https://a.b/m.pth -O m.pth')\n",
            "2:1 `wget` fetches `m.pth` from `a.b` at run time"},
           {"import subprocess as sp\nU = 'https://a.b/'\nsp.run(f'aria2c {U}m.ckpt', "
            "shell=True)\n",
            "3:1 `aria2c` fetches `m.ckpt` from `a.b` at run time"},
           {"import urllib.request\nurllib.request.urlretrieve('https://a.b/m.onnx', 'm')\n",
            "2:1 `urllib.request.urlretrieve` fetches `m.onnx` from `a.b` at run time"},
           {"from basicsr.utils.download_util import load_file_from_url\n"
            "p = load_file_from_url(url='https://a.b/m')\n",
            "2:5 `load_file_from_url` fetches `m` from `a.b` at run time"},
           {"import gdown\nfor u in ['https://a.b/1']:\n    gdown.download(u, 'x')\n",
            "3:5 `gdown.download` fetches `1` from `a.b` at run time"},
           // Other things than weights, other places than the model.
           {"import subprocess\nsubprocess.run(['pget', 'https://a.b/list.json', 'x'])\n", ""},
           {"import subprocess as sp\nWEIGHTS = f'https://a.b/list.json?t={f()}'\n"
            "sp.run(['pget', WEIGHTS, 'x'])\n",
            ""},
           {"import subprocess as sp\nU = {'a': 'https://a.b/a.pth', 'b': 'https://a.b/b.pth'}\n"
            "def get(url):\n    sp.run(['pget', url, 'x'])\ndef f(n):\n    fetch(U[n])\n"
            "def fetch(url):\n    sp.run(['pget', url, 'x'])\n",
            "6:5 `pget` fetches weights such as `a.pth` from `a.b` at run time"},
           {"import requests\nrequests.get('https://api.a.b/users')\n", ""},
           {"import os\nos.system('curl https://a.b/status.json')\n", ""},
           {"import os\nif __name__ == '__main__':\n    os.system('wget https://a.b/m.pth')\n", ""},
           {"import os\n# os.system('wget https://a.b/m.pth')\n", ""},
           {"import os\nos.system('ls m.pth')\n", ""}}) {
    CAPTURE(one.code);
    const auto found = findings_of("weights-downloaded", project(one.code));
    if (one.found.empty())
      CHECK(found.empty());
    else
      CHECK(found == Strings{"predict.py:" + one.found});
  }
}

TEST_CASE("weights-downloaded: not what is there, or what a script fetches before the build") {
  const std::string code =
      "import os\nif not os.path.exists('m.pth'):\n    os.system('wget https://a.b/m.pth')\n";
  CHECK(findings_of("weights-downloaded", project(code)).size() == 1);
  auto there = project(code);
  there["m.pth"] = "x";
  CHECK(findings_of("weights-downloaded", there).empty());
  auto script = project(code);
  script["script/download-weights"] = "#!/bin/sh\nwget https://a.b/m.pth\n";
  CHECK(findings_of("weights-downloaded", script).empty());
}

TEST_CASE("weights-downloaded: in a library of the project only what the model can come to call") {
  auto files = project("from lib.nets import build\nnet = build()\n");
  files["lib/nets.py"] =
      "from gdown import download\n\n"
      "def build():\n    return part()\n\n"
      "def part():\n    download('https://a.b/part.pth')\n\n"
      "def evaluate():\n    download('https://a.b/inception.pth')\n";
  CHECK(findings_of("weights-downloaded", files) ==
        Strings{"lib/nets.py:7:5 `gdown.download` fetches `part.pth` from `a.b` at run time"});
}

TEST_CASE("weights-from-hub: names of the hub, not directories") {
  struct Case {
    std::string call;
    std::string name;  // empty: nothing
  };
  for (const Case& one : std::vector<Case>{
           {"M.from_pretrained('openai/clip-vit-large-patch14')", "openai/clip-vit-large-patch14"},
           {"M.from_pretrained(\n  pretrained_model_name_or_path=ID)", "a/b"},
           {"M.from_pretrained('bert-base-uncased')", "bert-base-uncased"},
           {"M.from_pretrained('a/b', local_files_only=True)", ""},
           {"M.from_pretrained('./a/b')", ""},
           {"M.from_pretrained('/src/a')", ""},
           {"M.from_pretrained('weights/sdxl')", ""},
           {"M.from_pretrained('local/model')", ""},
           {"M.from_pretrained(path)", ""},
           {"M.from_pretrained({'x': 'a/b', 'y': 'a/c'}[n])", ""},
           {"M.from_pretrained('a/model.safetensors')", ""}}) {
    CAPTURE(one.call);
    auto files = project("ID = 'a/b'\nm = " + one.call + "\n");
    files["local/model/config.json"] = "{}";
    const auto found = findings_of("weights-from-hub", files);
    if (one.name.empty())
      CHECK(found.empty());
    else
      CHECK(found == Strings{"predict.py:2:5 `from_pretrained` fetches `" + one.name +
                             "` from the Hugging Face hub at run time"});
  }
  CHECK(findings_of("weights-from-hub", project("a = M.from_pretrained('a/b')\n"
                                                "b = N.from_pretrained('a/b')\n"))
            .size() == 1);
  CHECK(findings_of("weights-from-hub", project("from modelscope import snapshot_download\n"
                                                "snapshot_download(model_id='a/b')\n")) ==
        Strings{"predict.py:2:1 `snapshot_download` fetches `a/b` from ModelScope at run time"});
  CHECK(findings_of("weights-from-hub",
                    project("from huggingface_hub import hf_hub_download as get\n"
                            "from huggingface_hub import snapshot_download\n"
                            "snapshot_download(repo_id='a/b', local_dir='x')\n")) ==
        Strings{"predict.py:3:1 `snapshot_download` fetches `a/b` from the Hugging Face hub at run "
                "time"});
}

TEST_CASE("weights-from-hub: silent where a script, a command or the mode says that it is there") {
  const std::string call = "m = M.from_pretrained('a/b', cache_dir='cache')\n";
  CHECK(findings_of("weights-from-hub", project(call)).size() == 1);
  auto script = project(call);
  script["script/download_weights.py"] = "M.from_pretrained(ID, cache_dir='cache')\n";
  CHECK(findings_of("weights-from-hub", script).empty());
  CHECK(findings_of("weights-from-hub",
                    {{"cog.yaml",
                      "build:\n  python_version: \"3.11\"\n  run:\n"
                      "    - python -c \"M.from_pretrained('a/b')\"\npredict: predict.py:P\n"},
                     {"predict.py", "m = M.from_pretrained('a/b')\n"}})
            .empty());
  CHECK(findings_of("weights-from-hub", project("os.environ['HF_HUB_OFFLINE'] = '1'\n" + call))
            .empty());
}

TEST_CASE("weights-from-library: short names and pretrained=True") {
  struct Case {
    std::string code;
    std::string found;
  };
  for (const Case& one : std::vector<Case>{
           {"import whisper\nm = whisper.load_model('large-v3')\n",
            "2:5 `whisper.load_model` fetches `large-v3` at run time"},
           {"import timm\nm = timm.create_model('vit_base', pretrained=True)\n",
            "2:5 `timm.create_model` fetches `vit_base` at run time"},
           {"import torchvision.models as models\nm = models.resnet50(pretrained=True)\n",
            "2:5 `torchvision.models.resnet50` fetches its weights at run time"},
           {"import torch\nm = torch.hub.load('facebookresearch/dinov2', 'vitb')\n",
            "2:5 `torch.hub.load` fetches `facebookresearch/dinov2` at run time"},
           {"from vllm import LLM\nm = LLM(model='a/b-7b')\n",
            "2:5 `vllm.LLM` fetches `a/b-7b` at run time"},
           {"from vllm import LLM\nm = LLM(model='./b-7b')\n", ""},
           {"import timm\nm = timm.create_model('vit_base', pretrained=False)\n", ""},
           {"import whisper\nm = whisper.load_model('./large.pt')\n", ""},
           {"import whisper\nm = whisper.load_model('large.pt')\n", ""},
           {"import torch\nm = torch.hub.load('dinov2', 'vitb', source='local')\n", ""},
           {"import torchvision.models as models\nm = models.resnet50()\n", ""},
           {"import whisper\nm = whisper.load_model(size)\n", ""}}) {
    CAPTURE(one.code);
    const auto found = findings_of("weights-from-library", project(one.code));
    if (one.found.empty())
      CHECK(found.empty());
    else
      CHECK(found == Strings{"predict.py:" + one.found});
  }
}

TEST_CASE("weights-lfs-pointer: a note in place of the file") {
  auto files = project("");
  files["weights/m.pth"] =
      "version https://git-lfs.github.com/spec/v1\n"
      "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
      "size 12345678\n";
  CHECK(findings_of("weights-lfs-pointer", files) ==
        Strings{"weights/m.pth `weights/m.pth` is a Git LFS pointer (133 bytes) for a 11.8 MiB "
                "file"});
  files["weights/m.pth"] = std::string(133, 'x');
  CHECK(findings_of("weights-lfs-pointer", files).empty());
}

TEST_CASE("weights-left-out: loaded, there, and named by .dockerignore") {
  auto files = project("import torch\nm = torch.load('./weights/m.pth')\n");
  files["weights/m.pth"] = "x";
  CHECK(findings_of("weights-left-out", files).empty());
  files[".dockerignore"] = "weights\n";
  CHECK(findings_of("weights-left-out", files) ==
        Strings{"predict.py:2:16 `weights/m.pth` is loaded, but .dockerignore leaves it out"});
  files.erase("weights/m.pth");
  CHECK(findings_of("weights-left-out", files).empty());
}

}  // namespace
}  // namespace cogbuild::check
