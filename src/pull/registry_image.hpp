#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/image/reference.hpp>
#include <cogbuild/pull/open_image.hpp>

namespace cogbuild::pull {

// An image in a registry; its layers stay there. Manifests and config are kept in the store, and
// what a tag last meant in Table::response, so that offline and unchanged images need few requests
// or none. Errors: not_found, network, auth, integrity, unsupported.
Result<image::Image> open_registry_image(const image::Reference& reference,
                                         const image::Platform& platform,
                                         const PullServices& services);

}  // namespace cogbuild::pull
