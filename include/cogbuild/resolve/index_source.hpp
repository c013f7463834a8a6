#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/pypi/index.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <filesystem>
#include <memory>

namespace cogbuild::process {
class Runner;
}

namespace cogbuild::resolve {

// What `git+…` locations are fetched with and to. Without a runner they are unsupported.
struct GitAccess {
  process::Runner* runner = nullptr;
  std::filesystem::path directory{};  // kept between runs; made when it is needed
};

// Distributions of package indexes, find-links, URLs, repositories and the project itself.
// Everything passed in must outlive the source. Paths in locations are relative to the project's
// root.
std::unique_ptr<DistributionSource> open_index_source(const pypi::IndexConfig& config,
                                                      const pypi::IndexServices& services,
                                                      const io::Tree& project,
                                                      const GitAccess& git = {});

}  // namespace cogbuild::resolve
