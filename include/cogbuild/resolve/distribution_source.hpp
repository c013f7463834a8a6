#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/python/file_hash.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// One file of a project, or what a URL or path names: a wheel, or a source to build one from.
struct DistributionFile {
  lock::Form form = lock::Form::wheel;
  std::string file_name{};  // empty for version control and directories
  std::string location{};   // URL without credentials, or a path; what the lock records
  std::string index{};      // the index or find-links that lists it, without credentials
  std::vector<python::FileHash> hashes{};
  std::optional<std::uint64_t> size_bytes{};
  std::string requires_python{};  // as the index writes it; empty: any
  bool yanked = false;
  std::string yanked_reason{};
  std::string upload_time{};  // RFC 3339, as the index writes it; empty: unknown
  // Version control alone.
  std::string commit{};              // full hexadecimal identifier
  std::string requested_revision{};  // branch, tag or commit as asked for; empty: none
  std::string subdirectory{};        // of the project within an archive or a repository
  std::size_t handle = 0;            // the source's own
};

// A project's releases, oldest first. The files of one are decoded when asked for: most never are.
class Releases {
 public:
  virtual ~Releases() = default;
  // Ascending, each once. Files whose name does not parse or names another project are left out.
  [[nodiscard]] virtual const std::vector<python::Version>& versions() const = 0;
  // Of one version, preferred sources first. Wheels and source archives.
  [[nodiscard]] virtual std::vector<DistributionFile> files(std::size_t position) const = 0;
};

// What can be had without waiting since the last question.
struct Arrivals {
  std::vector<python::PackageName> projects{};
  std::vector<std::size_t> metadata{};  // handles of files
  [[nodiscard]] bool empty() const { return projects.empty() && metadata.empty(); }
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
  // Every file of a project by release; none when nobody knows it. Errors: network, auth,
  // unsupported, integrity.
  virtual Result<std::shared_ptr<const Releases>> releases(const python::PackageName& name) = 0;
  virtual void prefetch(const std::vector<python::PackageName>& names) = 0;
  // METADATA of a wheel, or of a source whose metadata is static. Errors as above; unsupported, in
  // words that end a sentence about the file, when it must be built to know it.
  virtual Result<std::string> metadata(const DistributionFile& file) = 0;
  virtual void prefetch_metadata(const std::vector<DistributionFile>& files) = 0;
  // Waits until an answer to `prefetch` or `prefetch_metadata` is at hand, be it a failure, and
  // tells of each once; empty when nothing is under way. What arrives first is no input of a lock.
  virtual Arrivals wait() = 0;
  // What a URL (may hold credentials) or a path names: a wheel, a source archive, a directory, or
  // `git+…` at a commit. Errors: not_found and as above.
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
    std::string must_be_built{};  // instead of metadata
  };
  // Adds a wheel or source archive under its project's name; its digest is that of its file name
  // unless the file has hashes.
  void add(Entry entry);
  // Makes a wheel known to `direct` alone.
  void add_direct(const std::string& location, Entry entry);

  Result<std::shared_ptr<const Releases>> releases(const python::PackageName& name) override;
  void prefetch(const std::vector<python::PackageName>& names) override;
  Result<std::string> metadata(const DistributionFile& file) override;
  void prefetch_metadata(const std::vector<DistributionFile>& files) override;
  Arrivals wait() override;
  Result<DistributionFile> direct(const std::string& location) override;
  Result<FileIdentity> identify(const DistributionFile& file) override;

 private:
  std::size_t keep(Entry entry);
  std::vector<Entry> entries_{};
  std::map<python::PackageName, std::vector<std::size_t>> projects_{};
  std::map<std::string, std::size_t> direct_{};
  Arrivals arrived_{};
};

}  // namespace cogbuild::resolve
