#include "rule_case.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace cogbuild::check {
namespace {

// A project whose predictor has an image and a mask; `body` are the lines of `predict`, from line
// 11 on, `rest` what follows the class.
Files picture_project(std::string_view body, std::string_view rest = "") {
  std::string source =
      "import cv2\n"
      "import numpy as np\n"
      "from typing import List\n"
      "from PIL import Image, ImageOps\n"
      "from cog import BasePredictor, Input, Path\n"
      "class Predictor(BasePredictor):\n"
      "    def predict(self,\n"
      "        image: Path = Input(description=\"The picture\"),\n"
      "        mask: Path = None, images: List[Path] = [],\n"
      "    ) -> Path:\n";
  source += body;
  source += "        return image\n";
  source += rest;
  return {{"cog.yaml",
           "build:\n  python_version: \"3.12\"\n  gpu: true\npredict: predict.py:Predictor\n"},
          {"predict.py", source}};
}

std::size_t count(std::string_view rule, std::string_view body, std::string_view rest = "") {
  return findings_of(rule, picture_project(body, rest)).size();
}

TEST_CASE("image-mode: a picture that is used as it was opened") {
  CHECK(findings_of("image-mode", picture_project("        picture = Image.open(image)\n"
                                                  "        array = np.array(picture)\n")) ==
        Strings{"predict.py:11:19 the picture comes to `numpy.array` in line 12 as its file has "
                "it: with alpha, a palette or grey it has other channels than RGB"});
  for (const auto* const body :
       {"        a = np.asarray(Image.open(str(image)).resize((8, 8)))\n",
        "        path = str(image)\n        out = self.pipe(image=Image.open(path))\n",
        "        p = Image.open(image)\n        p = p.resize((8, 8))\n        self.pipe(p)\n",
        "        Image.open(image).save(\"/tmp/a.jpg\")\n",
        "        with Image.open(image) as p:\n            a = np.array(p)\n",
        "        for one in images:\n            a = np.array(Image.open(one))\n",
        "        a = [np.array(Image.open(i)) for i in images]\n",
        "        with open(image, 'rb') as f:\n            a = np.array(Image.open(f))\n",
        "        p = ImageOps.exif_transpose(Image.open(image))\n        a = np.array(p)\n"})
    CHECK_MESSAGE(count("image-mode", body) == 1, std::string(body));
}

TEST_CASE("image-mode: through functions and methods of the file") {
  CHECK(count("image-mode", "        a = load(image)\n",
              "def load(path):\n    return np.array(Image.open(path))\n") == 1);
  CHECK(count("image-mode", "        a = self.load(8, path=image)\n",
              "    def load(self, size, path):\n        return np.array(Image.open(path))\n") == 1);
  CHECK(count("image-mode", "        p = Image.open(image)\n        a = use(p)\n",
              "def use(picture):\n    return np.array(picture)\n") == 1);
  CHECK(count("image-mode", "        p = Image.open(image)\n        a = use(p)\n",
              "def use(picture):\n    return np.array(picture.convert('RGB'))\n") == 0);
}

TEST_CASE("image-mode: handled, unknown, or not of a caller") {
  for (const auto* const body :
       {"        a = np.array(Image.open(image).convert(\"RGB\"))\n",
        "        p = Image.open(image)\n        p = p.convert(\"RGB\")\n        self.pipe(p)\n",
        "        p = Image.open(image)\n        if p.mode != \"RGB\":\n            p = flat(p)\n"
        "        self.pipe(p)\n",
        "        p = Image.open(image)\n        out = self.processor(images=p)\n",
        "        a = np.array(Image.open(mask))\n",
        "        a = np.array(Image.open(\"assets/logo.png\"))\n",
        "        p = Image.open(image)\n        w, h = p.size\n",
        "        a = np.array(Image.open(image))\n        if a.shape[2] == 4:\n            a = "
        "a[:, :, :3]\n",
        "        image = self.run(image)\n        a = np.array(Image.open(image))\n",
        "        p = Image.open(image)\n        p.save(\"/tmp/a.png\")\n",
        "        a = np.array(Image.open(other if image else None))\n"})
    CHECK_MESSAGE(count("image-mode", body) == 0, std::string(body));
}

TEST_CASE("image-mode: functions that call each other in a circle end") {
  CHECK(count("image-mode", "        a = one(image)\n",
              "def one(a):\n    return two(a)\n"
              "def two(b):\n    return one(b)\n") == 0);
}

TEST_CASE("image-exif: orientation is ignored") {
  CHECK(findings_of("image-exif",
                    picture_project("        p = Image.open(image).convert(\"RGB\")\n")) ==
        Strings{"predict.py:11:13 photos of phones may come out lying on their side: what EXIF "
                "says about their orientation is ignored"});
  CHECK(count("image-exif", "        p = ImageOps.exif_transpose(Image.open(image))\n") == 0);
  CHECK(count("image-exif", "        use(Image.open(image))\n") == 1);
  CHECK(count("image-exif", "        all = [Image.open(i) for i in images]\n") == 1);
  CHECK(count("image-exif", "        use(Image.open(mask))\n") == 0);
  CHECK(count("image-exif", "        with Image.open(image) as p:\n            w, h = p.size\n") ==
        0);
  CHECK(count("image-exif", "        p = cv2.imread(str(image))\n") == 0);
}

TEST_CASE("image-cv2-flags: alpha dropped, or let in unnoticed") {
  CHECK(findings_of("image-cv2-flags", picture_project("        p = cv2.imread(str(image))\n")) ==
        Strings{"predict.py:11:13 `cv2.imread` without flags drops alpha: what is transparent gets "
                "the colour hidden below, often black"});
  CHECK(
      findings_of("image-cv2-flags",
                  picture_project("        p = cv2.imread(str(image), cv2.IMREAD_UNCHANGED)\n")) ==
      Strings{"predict.py:11:13 `cv2.IMREAD_UNCHANGED` gives one, three or four channels and 8 "
              "or 16 bits, and nothing looks at which"});
  for (const auto* const body :
       {"        p = cv2.imread(str(image), cv2.IMREAD_COLOR)\n",
        "        p = cv2.imread(str(image), flags=0)\n",
        "        p = cv2.imread(str(image), cv2.IMREAD_UNCHANGED)\n        c = p.shape[2]\n",
        "        p = cv2.imread(str(mask))\n", "        p = cv2.imread('logo.png')\n"})
    CHECK_MESSAGE(count("image-cv2-flags", body) == 0, std::string(body));
}

TEST_CASE("image-unreadable: None goes unnoticed") {
  CHECK(count("image-unreadable", "        p = cv2.imread(str(image))\n        s = p.shape\n") ==
        1);
  CHECK(count("image-unreadable", "        use(cv2.imread(str(image)))\n") == 1);
  for (const auto* const body :
       {"        p = cv2.imread(str(image))\n        if p is None:\n            raise ValueError\n",
        "        p = cv2.imread(str(image))\n        assert p is not None\n",
        "        p = Image.open(image)\n"})
    CHECK_MESSAGE(count("image-unreadable", body) == 0, std::string(body));
}

TEST_CASE("image-size-unbounded: only on a GPU, and only where nothing scales") {
  auto files = picture_project("        self.model(Image.open(image).convert(\"RGB\"))\n");
  CHECK(findings_of("image-size-unbounded", files) ==
        Strings{"predict.py:11:20 a picture of any size goes to the GPU, and nothing scales it "
                "down"});
  files["cog.yaml"] = "predict: predict.py:Predictor\n";
  CHECK(findings_of("image-size-unbounded", files).empty());
  CHECK(
      count(
          "image-size-unbounded",
          "        p = Image.open(image)\n        p.thumbnail((9, 9))\n        self.model(p)\n") ==
      0);
}

TEST_CASE("image-aspect: fixed sides") {
  CHECK(findings_of("image-aspect",
                    picture_project("        p = Image.open(image).resize((512, 512))\n")) ==
        Strings{"predict.py:11:13 `resize((512, 512))` distorts every picture of another aspect "
                "ratio"});
  CHECK(
      count(
          "image-aspect",
          "        p = Image.open(image)\n        w, h = p.size\n        p = p.resize((8, 8))\n") ==
      0);
  CHECK(count("image-aspect", "        p = Image.open(image).resize((a, b))\n") == 0);
}

Files diffusion_project(std::string_view body, std::string_view width = "512") {
  std::string source =
      "from diffusers import StableDiffusionPipeline\n"
      "from cog import BasePredictor, Input, Path\n"
      "class Predictor(BasePredictor):\n"
      "    def predict(self,\n"
      "        width: int = Input(default=512),\n"
      "        height: int = Input(default=";
  source += width;
  source += "),\n    ) -> Path:\n";
  source += body;
  return {{"cog.yaml", "predict: predict.py:Predictor\n"}, {"predict.py", source}};
}

TEST_CASE("image-multiple: sides of a diffusers pipeline") {
  CHECK(findings_of("image-multiple",
                    diffusion_project("        return self.pipe(width=width, height=height)\n")) ==
        Strings{"predict.py:5:9 `width` and `height` take any number, but the pipelines of "
                "diffusers need multiples of 8"});
  for (const auto* const body :
       {"        return self.pipe(width=width - width % 8, height=height)\n",
        "        return self.pipe(width=width // 64 * 64)\n",
        "        return self.pipe(rounded(width, multiple_of=16))\n"})
    CHECK_MESSAGE(findings_of("image-multiple", diffusion_project(body)).empty(),
                  std::string(body));
  CHECK(findings_of("image-multiple",
                    diffusion_project("        return width % 7 + 10 // 2  # multiple runs\n"))
            .size() == 1);
  CHECK(findings_of("image-multiple",
                    diffusion_project("        return 1\n", "512, choices=[512, 768]"))
            .empty());
}

}  // namespace
}  // namespace cogbuild::check
