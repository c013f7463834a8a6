#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/process/runner.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/registry/client.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace cogbuild::build {

// Every seam in one place. Only cmd and build see this struct: what lies below takes the seams it
// uses.
struct Services {
  store::BlobStore& blobs;
  store::KeyIndex& keys;
  http::Client& http;
  http::Client& uploads;  // a second one: bodies sent may themselves be downloads of the first
  process::Runner& runner;
  clock::Clock& clock;
  progress::Reporter& reporter;
  std::map<std::string, std::string> environment{};
  std::string default_index{};
  std::filesystem::path git_directory{};  // commits of `git+…` requirements, kept between runs
  bool insecure = false;                  // registries over http or with unverified TLS
};

// One registry client per host, with the user's credentials, for as long as this object lives.
class Registries {
 public:
  explicit Registries(Services& services) : services_(services) {}
  Result<registry::Client*> client_for(const std::string& registry);
  [[nodiscard]] pull::ClientFor as_function() {
    return [this](const std::string& registry) { return client_for(registry); };
  }

 private:
  Services& services_;
  std::mutex mutex_{};
  std::map<std::string, std::unique_ptr<registry::Client>> clients_{};
};

// pip's configuration files, netrc and environment, read for `pypi::choose_indexes`.
pypi::IndexSources index_sources(const Services& services,
                                 const std::filesystem::path& project_root);

}  // namespace cogbuild::build
