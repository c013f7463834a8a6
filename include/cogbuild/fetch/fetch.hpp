#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/url/url.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cogbuild::fetch {

// A file from outside that is to become a blob of the store.
struct Wanted {
  std::string label{};     // for progress and messages: `numpy-1.26.4-…whl`
  std::string location{};  // http(s) or file URL, or a path; without credentials
  std::string username{};  // sent along to the location's origin only
  std::string password{};
  std::optional<digest::Digest> digest{};
  std::optional<std::uint64_t> size_bytes{};
  bool allow_insecure_tls = false;
};

struct Fetched {
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  bool from_store = false;
};

struct Services {
  http::Client& http;
  store::BlobStore& blobs;
  clock::Clock& clock;
  progress::Reporter& reporter;
  bool offline = false;
};

// Makes the wanted file a blob of the store, at most once; verifies digest and size while
// streaming. A broken download resumes by Range where the server allows it; wrong bytes never
// become visible. Errors: network, not_found, auth, integrity (never retried silently), io.
Result<Fetched> fetch(const Wanted& wanted, const Services& services);

}  // namespace cogbuild::fetch
