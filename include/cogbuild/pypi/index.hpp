#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/pypi/simple_index.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

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

// What all sources together know of a project.
struct Project {
  python::PackageName name{};
  bool known = false;  // some source has a page or a file of it
  // By source in order of preference (find-links, then the main index, then the further ones),
  // within one in the page's order. A file name counts once, from the first source that has it.
  std::vector<ProjectFile> files{};
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

  // Each source as a message names it, in order of preference.
  [[nodiscard]] const std::vector<std::string>& sources() const;

  // Errors: auth (401, 403: never taken for "not there", else a public index could shadow a private
  // one), network, unsupported, integrity. A project nobody knows is no error.
  Result<std::shared_ptr<const Project>> project(const python::PackageName& name);
  void prefetch(const std::vector<python::PackageName>& names);

  // The header fields of a wheel's METADATA (the description may be cut off): its own file (PEP
  // 658) where the index has one, else read from the whole wheel. Errors: as `project`; unsupported
  // for a source archive.
  Result<std::string> metadata(const ProjectFile& file);
  void prefetch_metadata(const std::vector<ProjectFile>& files);

  // The file as something to fetch, and fetched into the store.
  [[nodiscard]] fetch::Wanted wanted(const ProjectFile& file) const;
  Result<fetch::Fetched> fetch(const ProjectFile& file);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::pypi
