#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/pypi/index.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <memory>

namespace cogbuild::resolve {

// Distributions of package indexes, find-links, URLs and files of the project. Everything passed in
// must outlive the source. Paths in locations are relative to the project's root.
std::unique_ptr<DistributionSource> open_index_source(const pypi::IndexConfig& config,
                                                      const pypi::IndexServices& services,
                                                      const io::Tree& project);

}  // namespace cogbuild::resolve
