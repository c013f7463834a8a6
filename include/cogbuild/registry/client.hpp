#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/image/reference.hpp>
#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/registry/credentials.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::registry {

struct ClientOptions {
  bool insecure = false;          // http, or TLS unverified; http is always used for loopback hosts
  std::uint64_t chunk_bytes = 0;  // 0: by the registry's profile
  std::chrono::seconds stall_timeout{60};
  // What bodies are sent with; unset: as everything else. An http client reads bodies on its own
  // thread, so where blobs are streamed from one registry to another it must be a second client:
  // with one, the upload would wait for a download that cannot go on.
  http::Client* upload_http = nullptr;
};

// A manifest as it lies in the registry.
struct FetchedManifest {
  std::string media_type{};
  std::string body{};
  digest::Digest digest{};
};

enum class BlobOutcome { present, mounted, uploaded };

// A blob to upload: `open` may be called again, from an offset, when an upload resumes.
struct BlobToPush {
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  std::string label{};  // for progress and messages: what it holds
  std::function<Result<std::unique_ptr<io::ByteSource>>(std::uint64_t offset)> open{};
  std::vector<std::string> mount_from{};  // repositories of the same registry to try, in order
};

// distribution-spec 1.1 against one registry. Authentication, redirects, retries and upload modes
// are its business; callers see repositories, blobs and manifests. Safe from several threads.
class Client {
 public:
  Client(http::Client& http, clock::Clock& clock, progress::Reporter& reporter,
         CredentialsFor credentials, ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // GET manifests/<tag or digest>; the digest is verified when the reference has one.
  Result<FetchedManifest> manifest(const image::Reference& reference);
  // HEAD, or GET where HEAD is refused; nothing when the registry has no such manifest.
  Result<std::optional<digest::Digest>> resolve(const image::Reference& reference);
  // The blob from `offset` to its end; verified by the caller. Resumes after broken connections.
  Result<std::unique_ptr<io::ByteSource>> blob(const image::Reference& repository,
                                               const digest::Digest& digest,
                                               std::uint64_t size_bytes, std::uint64_t offset = 0);
  Result<bool> has_blob(const image::Reference& repository, const digest::Digest& digest);
  // HEAD, then mount, then upload (spec/oci.md, section 5): what was needed is returned.
  Result<BlobOutcome> push_blob(const image::Reference& repository, const BlobToPush& blob);
  // PUT manifests/<tag, or digest when there is no tag>.
  Result<void> push_manifest(const image::Reference& reference, std::string_view media_type,
                             std::string_view body);
  // Whether blobs may be uploaded: starts and cancels an upload. Error: auth, naming repository and
  // user.
  Result<void> check_push_rights(const image::Reference& repository);

  [[nodiscard]] std::uint64_t sent_body_bytes() const;
  [[nodiscard]] std::uint64_t request_count() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::registry
