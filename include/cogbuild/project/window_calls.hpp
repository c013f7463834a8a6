#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::project {

// A call of an OpenCV function that needs a window on a screen.
struct WindowCall {
  std::string function{};  // `imshow`
  std::size_t line = 0;    // from 1
  std::size_t column = 0;  // of the call's first byte, from 1
  friend bool operator==(const WindowCall&, const WindowCall&) = default;
};

// The calls in a Python file, in reading order: `cv2.imshow(…)`, also by the names that `import cv2
// as …` and `from cv2 import …` give. Comments and strings do not count. A scan over words: what a
// program does with them (rebinding, `getattr`, code that never runs) is not seen.
std::vector<WindowCall> find_window_calls(std::string_view python);

}  // namespace cogbuild::project
