#pragma once

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/pull/open_image.hpp>

#include <vector>

namespace cogbuild::pull {

// The base with further layers on top, its manifest and config included, and with the summary of
// all of them: only the new ones are read, and once (Table::tree). A layer whose recipe has no
// segments is one that the store keeps. Errors: as open_base.
Result<base::BaseImage> extend_base(base::BaseImage below, const std::vector<image::Layer>& layers,
                                    const PullServices& services);

}  // namespace cogbuild::pull
