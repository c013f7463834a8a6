#pragma once

#include "transport.hpp"

#include <cogbuild/image/reference.hpp>
#include <cogbuild/registry/client.hpp>
#include <cogbuild/registry/profile.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::registry {

std::string uploads_path(const image::Reference& repository);
Access push_access(const image::Reference& repository);
// Where an answer sends the upload on: its Location against the URL that answered.
// Errors: network (there is none), integrity (it may not be followed).
Result<url::Url> location_of(const http::Response& response, const url::Url& registry);
// `a` of `Range: 0-a` plus one; nothing when there is no such header.
std::optional<std::uint64_t> acknowledged_bytes(const http::Response& response);

// One blob's way into a registry: a session, pieces, the closing PUT; distribution-spec, "Pushing
// blobs". What breaks is resumed from where the registry says it stands; what is refused is tried
// in the next way of the registry's profile; a forgotten session starts again, three times at most.
class Upload {
 public:
  // All must outlive it.
  Upload(Transport& transport, const image::Reference& repository, const BlobToPush& blob);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  // Uses the session that a mount was answered with.
  void take_session(url::Url location) { location_ = std::move(location); }
  // Errors: auth, unsupported (too large), integrity (the blob changed), network, and the source's.
  Result<void> run();

 private:
  struct Piece {
    std::uint64_t begin = 0;
    std::uint64_t size_bytes = 0;
    bool ranged = false;  // with Content-Range
    bool closes = false;  // a PUT with the digest
  };

  Result<void> step();
  Result<void> begin_session();
  [[nodiscard]] Piece next_piece() const;
  Call call_for(http::Method method, const url::Url& url) const;
  Call call_for(const Piece& piece);
  Result<void> send(const Piece& piece);
  Result<void> take_answer(const Piece& piece, const Call& call, const http::Response& response);
  Result<void> take_refusal(const Piece& piece, const Call& call, const http::Response& response);
  Result<void> take_acknowledgement(const Piece& piece, const http::Response& response);
  // Asks where the session stands and goes on from there, or in a new one.
  Result<void> recover();
  Result<void> restart(const std::string& why);
  Result<void> use_next_mode(const Call& call, const http::Response& response);
  Result<void> use_smaller_chunks(const Piece& piece, const Call& call,
                                  const http::Response& response);
  // After DIGEST_INVALID: whose fault it is.
  Result<void> check_source(const Call& call, const http::Response& response);
  Result<bool> is_there();
  Result<void> follow(const http::Response& response);
  void cancel();
  void report(std::uint64_t done_bytes);
  [[nodiscard]] std::uint64_t preferred_chunk_bytes() const;
  [[nodiscard]] Error too_large() const;

  Transport& transport_;
  const image::Reference& repository_;
  const BlobToPush& blob_;
  Profile profile_;
  UploadMode mode_;
  std::vector<UploadMode> untried_{};
  std::uint64_t chunk_bytes_ = 0;       // of ranged pieces; 0: the whole rest
  std::uint64_t server_max_chunk_ = 0;  // what the registry told; 0: nothing
  std::uint64_t server_min_chunk_ = 0;
  std::uint64_t refused_body_bytes_ = 0;  // the smallest that got a 413; 0: none
  std::string refused_body_answer_{};
  std::optional<url::Url> location_{};
  std::uint64_t offset_ = 0;    // what the registry has
  std::uint64_t sent_end_ = 0;  // the end of what was ever sent in this session
  std::uint64_t reported_ = 0;
  int restarts_ = 0;
  int standstills_ = 0;  // recoveries in a row without progress
  int mismatches_ = 0;
  bool closed_ = false;
  std::shared_ptr<std::optional<Error>> source_error_ = std::make_shared<std::optional<Error>>();
  Backoff backoff_;
};

}  // namespace cogbuild::registry
