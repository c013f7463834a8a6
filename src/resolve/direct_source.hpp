#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/git/commits.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/pypi/index.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/python/direct_fragment.hpp>
#include <cogbuild/python/static_metadata.hpp>
#include <cogbuild/resolve/distribution_source.hpp>
#include <cogbuild/resolve/index_source.hpp>
#include <cogbuild/url/url.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// What URLs and paths name, apart from any index. Its handles are far above those of an index, so
// that a file tells where it came from. Everything passed in must outlive it.
class DirectSource {
 public:
  DirectSource(const pypi::IndexConfig& config, const pypi::IndexServices& services,
               const io::Tree& project, const GitAccess& git);

  [[nodiscard]] static bool knows(const DistributionFile& file) {
    return file.handle >= kFirstHandle;
  }

  // As those of DistributionSource; `metadata` and `identify` for files that it knows.
  // - A wheel or source archive lies in the store afterwards, verified by the URL's `sha256`.
  // - A directory's location is relative to the project where it lies below it.
  // - A commit's location is the repository's URL without `git+`, credentials and fragment.
  // Directories and commits have no digest.
  Result<DistributionFile> direct(const std::string& location);
  Result<std::string> metadata(const DistributionFile& file) const;
  Result<FileIdentity> identify(const DistributionFile& file) const;

 private:
  Result<DistributionFile> commit_at(const std::string& location);
  Result<DistributionFile> directory_at(const std::string& path) const;
  Result<DistributionFile> archive_at(const std::string& location, const std::string& file_name,
                                      const std::optional<url::Url>& url);
  DistributionFile keep(DistributionFile file, const FileIdentity& identity);
  [[nodiscard]] std::filesystem::path disk_path(const std::string& path) const;
  Result<std::string> archive_metadata(const DistributionFile& file) const;
  Result<std::string> directory_metadata(const DistributionFile& file) const;
  Result<std::string> commit_metadata(const DistributionFile& file) const;

  static constexpr std::size_t kFirstHandle = std::size_t{1} << 48U;

  const pypi::IndexConfig& config_;
  const pypi::IndexServices& services_;
  const io::Tree& project_;
  std::optional<git::Commits> commits_{};
  std::vector<FileIdentity> known_{};
};

}  // namespace cogbuild::resolve
