#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/python/file_hash.hpp>
#include <cogbuild/python/package_name.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// One file of a project: a wheel or a source archive.
struct DistributionFile {
  std::string file_name{};
  std::string location{};  // URL without credentials, or a path; what the lock records
  std::vector<python::FileHash> hashes{};
  std::optional<std::uint64_t> size_bytes{};
  std::string requires_python{};  // as the index writes it; empty: any
  bool yanked = false;
  std::string yanked_reason{};
  std::size_t handle = 0;  // the source's own
};

struct FileIdentity {
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
};

// Where distributions come from: the seam between deciding and fetching. Used from one thread;
// `prefetch…` only starts requests, so it changes no answer.
class DistributionSource {
 public:
  virtual ~DistributionSource() = default;
  // Every file of a project, preferred sources first; empty when nobody knows it.
  // Errors: network, auth, unsupported, integrity.
  virtual Result<std::vector<DistributionFile>> files(const python::PackageName& name) = 0;
  virtual void prefetch(const std::vector<python::PackageName>& names) = 0;
  // A wheel's METADATA. Errors as above.
  virtual Result<std::string> metadata(const DistributionFile& file) = 0;
  virtual void prefetch_metadata(const std::vector<DistributionFile>& files) = 0;
  // A wheel named by URL (may hold credentials) or by path. Errors: not_found and as above.
  virtual Result<DistributionFile> direct(const std::string& location) = 0;
  // Digest and size, from the index if it says both, else from the file itself.
  virtual Result<FileIdentity> identify(const DistributionFile& file) = 0;
};

// Distributions as values, for tests and previews.
class MemorySource final : public DistributionSource {
 public:
  struct Entry {
    DistributionFile file{};
    std::string metadata{};
  };
  // Adds a wheel or source archive under its project's name; its digest is that of its file name
  // unless the file has hashes.
  void add(Entry entry);
  // Makes a wheel known to `direct` alone.
  void add_direct(const std::string& location, Entry entry);

  Result<std::vector<DistributionFile>> files(const python::PackageName& name) override;
  void prefetch(const std::vector<python::PackageName>& names) override;
  Result<std::string> metadata(const DistributionFile& file) override;
  void prefetch_metadata(const std::vector<DistributionFile>& files) override;
  Result<DistributionFile> direct(const std::string& location) override;
  Result<FileIdentity> identify(const DistributionFile& file) override;

 private:
  std::size_t keep(Entry entry);
  std::vector<Entry> entries_{};
  std::map<python::PackageName, std::vector<std::size_t>> projects_{};
  std::map<std::string, std::size_t> direct_{};
};

}  // namespace cogbuild::resolve
