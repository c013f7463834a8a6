#pragma once

#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/recipe/reader.hpp>

namespace cogbuild::push {

// What the writers of local files need. The opener is used from several threads at once.
struct ExportServices {
  recipe::SegmentOpener& opener;
  progress::Reporter& reporter;
};

}  // namespace cogbuild::push
