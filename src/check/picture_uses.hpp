#pragma once

#include "opened_pictures.hpp"

#include <cogbuild/check/subject.hpp>
#include <cogbuild/syntax/module.hpp>

#include <string>

namespace cogbuild::check {

// What the code does with a picture, as far as it can be followed in the file: through variables,
// methods that return a changed picture, and functions of the same file.
struct PictureUses {
  bool mode_handled = false;         // converted, or its mode or channels are looked at
  bool orientation_handled = false;  // `ImageOps.exif_transpose`, `getexif`
  bool checked_for_none = false;
  bool only_measured = true;  // nothing but its size, format or the like is asked for
  syntax::Node sensitive{};   // the first call that needs three channels
  std::string sensitive_name{};
};

PictureUses uses_of(const OpenedPicture& picture, const PythonFile& file);

}  // namespace cogbuild::check
