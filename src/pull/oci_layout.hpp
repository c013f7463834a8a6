#pragma once

#include "file_parts.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>

#include <string>

namespace cogbuild::pull {

// An image in an OCI layout (image-spec image-layout.md), whose files `locate` finds: the one that
// index.json calls `tag`, or without a tag the only one there. `name` is for messages.
// Errors: not_found, usage (several images and no tag), integrity, unsupported (no layout 1.0).
Result<image::Image> open_layout(const Locate& locate, const std::string& tag,
                                 const image::Platform& platform, const std::string& name);

}  // namespace cogbuild::pull
