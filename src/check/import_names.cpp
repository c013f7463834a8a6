#include "import_names.hpp"

#include <algorithm>
#include <array>

namespace cogbuild::check {
namespace {

struct Names {
  std::string_view distribution{};
  std::string_view modules{};  // separated by blanks
};

// Sorted by distribution.
constexpr std::array kNames = {
    Names{"antlr4-python3-runtime", "antlr4"},
    Names{"attrs", "attr attrs"},
    Names{"azure-storage-blob", "azure"},
    Names{"beautifulsoup4", "bs4"},
    Names{"biopython", "Bio"},
    Names{"clip-anytorch", "clip"},
    Names{"cog", "cog"},
    Names{"cupy-cuda11x", "cupy"},
    Names{"cupy-cuda12x", "cupy"},
    Names{"descript-audio-codec", "dac"},
    Names{"descript-audiotools", "audiotools"},
    Names{"diffusers", "diffusers"},
    Names{"discord-py", "discord"},
    Names{"elevenlabs", "elevenlabs"},
    Names{"encodec", "encodec"},
    Names{"faiss-cpu", "faiss"},
    Names{"faiss-gpu", "faiss"},
    Names{"ffmpeg-python", "ffmpeg"},
    Names{"flash-attn", "flash_attn"},
    Names{"gitpython", "git"},
    Names{"google-api-python-client", "googleapiclient"},
    Names{"google-cloud-storage", "google"},
    Names{"google-generativeai", "google"},
    Names{"groundingdino-py", "groundingdino"},
    Names{"hydra-core", "hydra"},
    Names{"imageio-ffmpeg", "imageio_ffmpeg"},
    Names{"invisible-watermark", "imwatermark"},
    Names{"ipython", "IPython"},
    Names{"jupyter", "jupyter notebook"},
    Names{"levenshtein", "Levenshtein"},
    Names{"lightning", "lightning lightning_fabric pytorch_lightning"},
    Names{"mmcv-full", "mmcv"},
    Names{"ml-collections", "ml_collections"},
    Names{"opencv-contrib-python", "cv2"},
    Names{"opencv-contrib-python-headless", "cv2"},
    Names{"opencv-python", "cv2"},
    Names{"opencv-python-headless", "cv2"},
    Names{"open-clip-torch", "open_clip"},
    Names{"openai-clip", "clip"},
    Names{"openai-whisper", "whisper"},
    Names{"pillow", "PIL"},
    Names{"pillow-simd", "PIL"},
    Names{"progressbar2", "progressbar"},
    Names{"protobuf", "google"},
    Names{"psycopg2-binary", "psycopg2"},
    Names{"pyannote-audio", "pyannote"},
    Names{"pycryptodome", "Crypto Cryptodome"},
    Names{"pyjwt", "jwt"},
    Names{"pymupdf", "fitz pymupdf"},
    Names{"pyopengl", "OpenGL"},
    Names{"pyopenssl", "OpenSSL"},
    Names{"pysoundfile", "soundfile"},
    Names{"python-dateutil", "dateutil"},
    Names{"python-docx", "docx"},
    Names{"python-dotenv", "dotenv"},
    Names{"python-ffmpeg", "ffmpeg"},
    Names{"python-levenshtein", "Levenshtein"},
    Names{"python-magic", "magic"},
    Names{"python-multipart", "multipart python_multipart"},
    Names{"python-pptx", "pptx"},
    Names{"pytorch-lightning", "pytorch_lightning"},
    Names{"pytube3", "pytube"},
    Names{"pywavelets", "pywt"},
    Names{"pyyaml", "yaml"},
    Names{"scikit-image", "skimage"},
    Names{"scikit-learn", "sklearn"},
    Names{"scikit-video", "skvideo"},
    Names{"sentence-transformers", "sentence_transformers"},
    Names{"sklearn", "sklearn"},
    Names{"speechrecognition", "speech_recognition"},
    Names{"stable-ts", "stable_whisper"},
    Names{"taming-transformers", "taming"},
    Names{"taming-transformers-rom1504", "taming"},
    Names{"tb-nightly", "tensorboard"},
    Names{"tensorflow-cpu", "tensorflow"},
    Names{"tensorflow-gpu", "tensorflow"},
    Names{"torch-fidelity", "torch_fidelity"},
    Names{"umap-learn", "umap"},
    Names{"webrtcvad-wheels", "webrtcvad"},
    Names{"websocket-client", "websocket"},
    Names{"yt-dlp", "yt_dlp"},
};

constexpr auto kWithoutImport = std::to_array<std::string_view>({"accelerate",
                                                                 "aiofiles",
                                                                 "albumentations",
                                                                 "annotated-types",
                                                                 "antlr4-python3-runtime",
                                                                 "apex",
                                                                 "asteroid-filterbanks",
                                                                 "audioread",
                                                                 "auto-gptq",
                                                                 "autoawq",
                                                                 "av",
                                                                 "backports-zoneinfo",
                                                                 "bitsandbytes",
                                                                 "blobfile",
                                                                 "blosc2",
                                                                 "brotli",
                                                                 "certifi",
                                                                 "cffi",
                                                                 "charset-normalizer",
                                                                 "click",
                                                                 "cmake",
                                                                 "cog",
                                                                 "compel",
                                                                 "ctranslate2",
                                                                 "cython",
                                                                 "datasets",
                                                                 "decord",
                                                                 "deepspeed",
                                                                 "dill",
                                                                 "dlib",
                                                                 "einops",
                                                                 "einops-exts",
                                                                 "eva-decord",
                                                                 "exceptiongroup",
                                                                 "facexlib",
                                                                 "filelock",
                                                                 "filterpy",
                                                                 "flash-attn",
                                                                 "flatbuffers",
                                                                 "fonttools",
                                                                 "fsspec",
                                                                 "ftfy",
                                                                 "future",
                                                                 "fvcore",
                                                                 "greenlet",
                                                                 "gunicorn",
                                                                 "h5py",
                                                                 "hf-transfer",
                                                                 "hf-xet",
                                                                 "httptools",
                                                                 "httpx",
                                                                 "huggingface-hub",
                                                                 "imageio",
                                                                 "imageio-ffmpeg",
                                                                 "importlib-metadata",
                                                                 "importlib-resources",
                                                                 "invisible-watermark",
                                                                 "iopath",
                                                                 "jinja2",
                                                                 "joblib",
                                                                 "kaleido",
                                                                 "kernels",
                                                                 "kornia",
                                                                 "lightning",
                                                                 "lightning-utilities",
                                                                 "lion-pytorch",
                                                                 "llama-cpp-python",
                                                                 "llvmlite",
                                                                 "lmdb",
                                                                 "lxml",
                                                                 "markupsafe",
                                                                 "matplotlib",
                                                                 "mediapipe",
                                                                 "mmcv",
                                                                 "mmcv-full",
                                                                 "msgpack",
                                                                 "mypy-extensions",
                                                                 "ninja",
                                                                 "numba",
                                                                 "numpy",
                                                                 "omegaconf",
                                                                 "onnx",
                                                                 "onnxruntime",
                                                                 "onnxruntime-gpu",
                                                                 "openpyxl",
                                                                 "optimum",
                                                                 "orjson",
                                                                 "packaging",
                                                                 "pandas",
                                                                 "peft",
                                                                 "pillow",
                                                                 "pip",
                                                                 "plyfile",
                                                                 "protobuf",
                                                                 "psutil",
                                                                 "pyarrow",
                                                                 "pydantic",
                                                                 "pyopenjtalk",
                                                                 "pyparsing",
                                                                 "python-multipart",
                                                                 "pytorch-lightning",
                                                                 "pytz",
                                                                 "pyyaml",
                                                                 "regex",
                                                                 "requests",
                                                                 "rich",
                                                                 "rotary-embedding-torch",
                                                                 "safetensors",
                                                                 "scikit-image",
                                                                 "scikit-learn",
                                                                 "scipy",
                                                                 "sentencepiece",
                                                                 "setuptools",
                                                                 "six",
                                                                 "sniffio",
                                                                 "soundfile",
                                                                 "sympy",
                                                                 "tensorboard",
                                                                 "tensorrt",
                                                                 "tiktoken",
                                                                 "timm",
                                                                 "tokenizers",
                                                                 "tomli",
                                                                 "torch",
                                                                 "torchaudio",
                                                                 "torchmetrics",
                                                                 "torchvision",
                                                                 "tqdm",
                                                                 "transformers",
                                                                 "transformers-stream-generator",
                                                                 "triton",
                                                                 "typing-extensions",
                                                                 "urllib3",
                                                                 "uvicorn",
                                                                 "uvloop",
                                                                 "watchdog",
                                                                 "websockets",
                                                                 "wheel",
                                                                 "xformers",
                                                                 "xxhash",
                                                                 "yapf",
                                                                 "zstandard"});

}  // namespace

std::vector<std::string> import_names(std::string_view distribution) {
  const auto found = std::ranges::find(kNames, distribution, &Names::distribution);
  if (found == kNames.end()) {
    std::string module(distribution);
    std::ranges::replace(module, '-', '_');
    return {std::move(module)};
  }
  std::vector<std::string> out;
  for (auto rest = found->modules; !rest.empty();) {
    const auto blank = std::min(rest.find(' '), rest.size());
    out.emplace_back(rest.substr(0, blank));
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return out;
}

std::vector<std::string> distributions_of(std::string_view module) {
  std::vector<std::string> out;
  for (const auto& known : kNames)
    if (std::ranges::count(import_names(known.distribution), module) != 0)
      out.emplace_back(known.distribution);
  if (!out.empty()) return out;
  out.emplace_back(module);
  std::ranges::replace(out.front(), '_', '-');
  return out;
}

bool is_used_without_import(std::string_view distribution) {
  return std::ranges::find(kWithoutImport, distribution) != kWithoutImport.end() ||
         distribution.starts_with("nvidia-") || distribution.starts_with("types-") ||
         distribution.starts_with("cupy");
}

}  // namespace cogbuild::check
