#pragma once

#include "file_parts.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/store/key_index.hpp>

#include <string>

namespace cogbuild::pull {

// An image in an archive of `docker save`, whose members `locate` finds: the one with a name of
// this tag, or without a tag the only one there. Its manifest is made here. The digest of a
// compressed layer is learned by reading it, once: it is kept in Table::file with the archive's
// stamp. Errors: not_found, usage (several images and no tag), integrity.
Result<image::Image> open_docker_archive(const Locate& locate, const std::string& tag,
                                         const image::Platform& platform, const std::string& name,
                                         store::KeyIndex& keys);

}  // namespace cogbuild::pull
