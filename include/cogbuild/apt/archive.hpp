#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/debian/package.hpp>
#include <cogbuild/debian/release.hpp>
#include <cogbuild/debian/sources.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/process/runner.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Reading distribution archives: what apt-get update does.
namespace cogbuild::apt {

struct Services {
  http::Client& http;
  store::BlobStore& blobs;
  store::KeyIndex& keys;
  process::Runner& runner;
  clock::Clock& clock;
  progress::Reporter& reporter;
  bool offline = false;  // use what is cached, however old; what is not is an error
  bool refresh = false;  // ask again even for what is fresh
};

// Sources with what is needed to verify them.
struct SourceSet {
  std::vector<debian::Source> sources{};
  std::string origin{};  // where they come from, for messages: `cogbuild.yaml`, `apt of this host`
  // Contents of the keyrings that sources name by path, and of the root's trusted keys (path below
  // etc/apt/trusted.gpg.d/ or of the distribution's keyring), binary or armoured, by path without
  // leading slash.
  std::map<std::string, std::string> keyrings{};
  // Suites that a mirror need not have: `-updates` of a release that is young or archived.
  std::set<std::string> dispensable_suites{};
  // Sources that may be used without a signature: the user said so beside the source itself.
  bool allow_unsigned = false;
};

// One suite of one archive, verified.
struct Archive {
  debian::Source source{};
  debian::Release release{};
  debian::PackageList packages{};  // of every component, for one architecture (flat: all it lists)
};

// Release and Packages of every source that serves the architecture, in order. Releases are
// revalidated, indexes are kept by digest: an archive that did not change costs one small answer
// each. Nothing that did not verify is cached. Snapshots (a moment in the URI) and sources that say
// so may have expired. Errors, naming mirror and suite: integrity (bad or missing signature,
// expired, older than before, another suite, wrong size or hash), network (unreachable, stalled,
// cut off), auth, not_found (also: no gpgv, no keyring), unsupported.
Result<std::vector<Archive>> read_archives(const SourceSet& sources, std::string_view architecture,
                                           const Services& services);

}  // namespace cogbuild::apt
