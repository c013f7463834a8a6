#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/pypi/simple_index.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cogbuild::pypi {

struct ProjectFile {
  File file{};
  std::size_t source = 0;  // position in Index::sources()
};

// What all sources together know of a project, by version. Files are decoded when asked for: those
// of most versions never are.
class Project {
 public:
  virtual ~Project() = default;
  [[nodiscard]] virtual bool known() const = 0;  // some source has a page or a file of it
  // Ascending, each once. Files whose name does not parse or names another project are left out.
  [[nodiscard]] virtual const std::vector<python::Version>& versions() const = 0;
  // Of one version, by source in order of preference, within one in the page's order. A file name
  // counts once, from the first source that has it. Warns, once in a run, of a file that is not
  // safe to take and of one that two sources have with different content.
  [[nodiscard]] virtual std::vector<ProjectFile> files(std::size_t position) const = 0;
};

// What can be had without waiting.
struct Arrivals {
  std::vector<python::PackageName> projects{};
  std::vector<std::size_t> metadata{};  // tickets
  [[nodiscard]] bool empty() const { return projects.empty() && metadata.empty(); }
};

struct IndexServices {
  http::Client& http;
  store::BlobStore& blobs;
  store::KeyIndex& keys;
  clock::Clock& clock;
  progress::Reporter& reporter;
  bool offline = false;  // use what is cached, however old; what is not is an error
  bool refresh = false;  // revalidate pages even while they are fresh
};

// Reads METADATA out of a wheel on disk.
using ReadWheelMetadata = std::function<Result<std::string>(const std::filesystem::path& wheel)>;

// The configured indexes and find-links seen as one. Pages are cached between runs and revalidated
// (ETag, max-age); metadata is cached for good. Use from one thread; `prefetch…` starts requests
// that run while the caller does something else.
class Index {
 public:
  Index(IndexConfig config, IndexServices services, ReadWheelMetadata read_wheel_metadata);
  ~Index();
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  // Each source as a message names it: find-links, indexes, the framework's index.
  [[nodiscard]] const std::vector<std::string>& sources() const;

  // Errors: auth (401, 403: never taken for "not there", else a public index could shadow a private
  // one), network, unsupported, integrity. A project nobody knows is no error. Must not outlive the
  // index.
  Result<std::shared_ptr<const Project>> project(const python::PackageName& name);
  void prefetch(const std::vector<python::PackageName>& names);

  // The header fields of a wheel's METADATA (the description may be cut off): its own file (PEP
  // 658) where the index has one, else read from the whole wheel. Errors: as `project`; unsupported
  // for a source archive.
  Result<std::string> metadata(const ProjectFile& file);
  // `ticket`: what `wait` calls the file.
  void prefetch_metadata(const ProjectFile& file, std::size_t ticket);
  // Waits until something that was prefetched is at hand, be it a failure, and tells of all that
  // is: each project and ticket once. Empty when nothing is under way.
  Arrivals wait();

  // The file as something to fetch, and fetched into the store.
  [[nodiscard]] fetch::Wanted wanted(const ProjectFile& file) const;
  Result<fetch::Fetched> fetch(const ProjectFile& file);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::pypi
