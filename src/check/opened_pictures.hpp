#pragma once

#include <cogbuild/check/subject.hpp>
#include <cogbuild/syntax/module.hpp>

#include <vector>

namespace cogbuild::check {

enum class PictureReader { pillow, opencv };

// A place where the predictor opens a picture that a caller gave.
struct OpenedPicture {
  PictureReader reader = PictureReader::pillow;
  syntax::Node call{};      // `PIL.Image.open(…)` or `cv2.imread(…)`
  syntax::Node function{};  // the `def` it stands in
};

// Those of `predict`, and of functions and methods of the same file to which `predict` hands an
// input of type Path or File, in the order of the source. Only values that surely are such a path
// are followed (`image`, `str(image)`, the items of a list of them); a copy that the code makes of
// the file is not.
std::vector<OpenedPicture> opened_pictures(const Subject& subject);

}  // namespace cogbuild::check
