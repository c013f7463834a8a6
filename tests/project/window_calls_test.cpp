#include <cogbuild/project/window_calls.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using cogbuild::project::find_window_calls;

namespace {

// `imshow 1:1` for each call.
std::vector<std::string> calls(const std::string& python) {
  std::vector<std::string> shown;
  for (const auto& call : find_window_calls(python))
    shown.push_back(call.function + " " + std::to_string(call.line) + ":" +
                    std::to_string(call.column));
  return shown;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("find_window_calls: every function that needs a window") {
  CHECK(calls("import cv2\n"
              "cv2.imshow('a', image)\n"
              "def f():\n"
              "    cv2.namedWindow(\"w\")\n"
              "\tcv2.waitKey(1)\n"
              "    if cv2.waitKey(0) == 27: cv2.destroyAllWindows()\n"
              "    cv2.createTrackbar('t', 'w', 0, 1, f)\n"
              "    cv2.setMouseCallback('w', f)\n"
              "    x = [cv2.selectROI(image)]\n") ==
        Lines{"imshow 2:1", "namedWindow 4:5", "waitKey 5:2", "waitKey 6:8",
              "destroyAllWindows 6:30", "createTrackbar 7:5", "setMouseCallback 8:5",
              "selectROI 9:10"});
}

TEST_CASE("find_window_calls: other names of the module and of its functions") {
  CHECK(calls("import cv2 as cv\ncv.imshow('a', b)\n") == Lines{"imshow 2:1"});
  CHECK(calls("import numpy as np, cv2 as cv\ncv.imshow('a', b)\nnp.imshow(1)\n") ==
        Lines{"imshow 2:1"});
  CHECK(calls("from cv2 import imread, imshow\nimshow('a', b)\nplt.imshow(b)\n") ==
        Lines{"imshow 2:1"});
  CHECK(calls("from cv2 import (imread as r,\n  imshow as show, waitKey)  # both\n"
              "show('a', b)\nimshow('a', b)\nwaitKey()\n") == Lines{"imshow 3:1", "waitKey 5:1"});
  CHECK(calls("from cv2 import imread\nimshow(b)\n") == Lines{});
  CHECK(calls("from matplotlib.pyplot import imshow\nimshow(cv2)\n") == Lines{});
}

TEST_CASE("find_window_calls: spaces and line breaks as Python allows them") {
  CHECK(calls("cv2 . imshow ('a', b)\n") == Lines{"imshow 1:1"});
  CHECK(calls("cv2.\\\n  imshow('a', b)\n") == Lines{"imshow 1:1"});
  CHECK(calls("x = (cv2\n  .imshow('a', b))\n") == Lines{"imshow 1:6"});
  CHECK(calls("cv2.imshow('a', b)\r\ncv2.waitKey(0)\r\n") == Lines{"imshow 1:1", "waitKey 2:1"});
  CHECK(calls("cv2.imshow(cv2.imread(cv2.waitKey()))") == Lines{"imshow 1:1", "waitKey 1:23"});
}

TEST_CASE("find_window_calls: comments, strings and what only looks alike do not count") {
  for (const std::string text : {
           "# cv2.imshow('a', b)\n",
           "x = 1  # cv2.imshow('a', b)\n",
           "'cv2.imshow(1)'\n",
           "\"it's cv2.imshow(1)\"\n",
           "r'\\' cv2.imshow(1)'\n",
           "'\\' cv2.imshow(1)'\n",
           "'''\ncv2.imshow(1)\n'''\n",
           "\"\"\"a \"quoted\" cv2.imshow(1) '''\n\"\"\"\n",
           "f\"{x}\" 'cv2.imshow(1)'\n",
           "'a\\\n cv2.imshow(1)'\n",
           "my.cv2.imshow(1)\n",
           "cv2.gui.imshow(1)\n",
           "cv2x.imshow(1)\n",
           "xcv2.imshow(1)\n",
           "cv2.imshow\n",
           "cv2.imshow = None\n",
           "cv2.imshowx(1)\n",
           "cv2.imread('x')\n",
           "cv2\n.imshow(1)\n",
           "plt.imshow(cv2.imread('x'))\n",
           "cv2",
           "cv2.",
           "import cv2 as",
           "from cv2 import",
           "'cv2",
           "'''cv2\\",
           "",
       }) {
    CAPTURE(text);
    CHECK(calls(text) == Lines{});
  }
  // A string ends where it ends.
  CHECK(calls("''; cv2.imshow(1)\n") == Lines{"imshow 1:5"});
  CHECK(calls("\"\"\"a\nb\"\"\"; cv2.imshow(1)\n") == Lines{"imshow 2:7"});
  CHECK(calls("'\\\\'; cv2.imshow(1)\n") == Lines{"imshow 1:7"});
  CHECK(calls("x = 'not closed\ncv2.imshow(1)\n") == Lines{"imshow 2:1"});
  CHECK(calls("é = cv2.imshow(1)\n") == Lines{"imshow 1:6"});
}
