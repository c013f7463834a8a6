#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/pypi/index.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <string>
#include <vector>

namespace cogbuild::resolve {

// What URLs and paths name, apart from any index. Its handles are far above those of an index, so
// that a file tells where it came from. Everything passed in must outlive it.
class DirectSource {
 public:
  DirectSource(const pypi::IndexConfig& config, const pypi::IndexServices& services,
               const io::Tree& project)
      : config_(config), services_(services), project_(project) {}

  [[nodiscard]] static bool knows(const DistributionFile& file) {
    return file.handle >= kFirstHandle;
  }

  // As those of DistributionSource; `metadata` and `identify` for files that it knows.
  Result<DistributionFile> direct(const std::string& location);
  Result<std::string> metadata(const DistributionFile& file) const;
  Result<FileIdentity> identify(const DistributionFile& file) const;

 private:
  static constexpr std::size_t kFirstHandle = std::size_t{1} << 48U;

  const pypi::IndexConfig& config_;
  const pypi::IndexServices& services_;
  const io::Tree& project_;
  std::vector<FileIdentity> known_{};
};

}  // namespace cogbuild::resolve
