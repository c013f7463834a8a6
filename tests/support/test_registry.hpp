#pragma once

#include "loopback_server.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::testing {

// How the registry asks for credentials.
enum class RegistryAuth { none, basic, token };

struct RegistryOptions {
  RegistryAuth auth = RegistryAuth::none;
  std::string username = "me";
  std::string password = "secret";
  bool anonymous_pull = false;  // with `token`: tokens to pull are given to anyone
  bool deny_push = false;       // with `token`: given tokens never let push
  std::int64_t token_life_seconds = 300;
  std::function<std::int64_t()>
      now_seconds{};  // the clock that tokens live by; unset: they live on
};

// One answer in place of the registry's own, to the first requests that match.
struct ScriptedFault {
  std::string method{};       // empty: any
  std::string target_part{};  // must occur in the target
  ServerResponse response{};
  int times = 1;
  int skip = 0;                 // matching requests that are let through first
  bool after_the_fact = false;  // the request takes effect all the same
};

enum class MountAnswer { granted, session, refused };

// What goes wrong; all off. May be changed between requests through TestRegistry::with_faults.
struct RegistryFaults {
  std::vector<ScriptedFault> answers{};

  // Every other body of more than this many bytes to an upload is cut there.
  std::optional<std::uint64_t> cut_upload_after{};
  bool forget_cut_uploads = false;
  std::optional<std::uint64_t> largest_body{};   // beyond: 413
  std::optional<std::uint64_t> largest_chunk{};  // beyond: 416, of every PATCH
  bool refuse_ranged_chunks = false;             // a PATCH with Content-Range: 400
  std::optional<std::uint64_t> accept_short{};   // the first PATCH keeps only so many bytes
  std::optional<std::string> constant_range{};   // in every answer about an upload
  bool no_upload_status = false;                 // GET on an upload: 404
  bool relative_locations = false;
  std::uint64_t chunk_max_length = 0;  // the header OCI-Chunk-Max-Length
  MountAnswer mount = MountAnswer::granted;
  int mount_refusal_status = 403;
  std::set<std::string> forget_blobs{};  // gone once, when a manifest first names them

  bool ignore_ranges = false;                         // GET on a blob: always 200
  bool head_blob_forbidden = false;                   // HEAD on a blob: 403
  std::optional<std::uint64_t> cut_download_after{};  // every other blob answer
  bool flip_download_byte = false;
  bool wrong_content_digest = false;
  bool no_content_digest = false;
  std::string redirect_blobs_to{};  // `http://host` of another registry with the same blobs
};

// A registry after distribution-spec 1.1 in this process: blobs, uploads, mounts, manifests, tags.
// Digests of closed uploads are checked and manifests must name blobs that are there, so a push
// that succeeds here was a correct one.
class TestRegistry {
 public:
  explicit TestRegistry(RegistryOptions options = {});
  ~TestRegistry();
  TestRegistry(const TestRegistry&) = delete;
  TestRegistry& operator=(const TestRegistry&) = delete;

  // `127.0.0.1:<port>`, the registry part of a reference.
  [[nodiscard]] std::string host() const;
  [[nodiscard]] LoopbackServer& server() { return *server_; }

  // Returns the digest, `sha256:…`.
  std::string put_blob(const std::string& repository, std::string content);
  std::string put_manifest(const std::string& repository, const std::string& tag,
                           const std::string& media_type, const std::string& body);
  void remove_blob(const std::string& repository, const std::string& digest);
  [[nodiscard]] std::optional<std::string> blob(const std::string& repository,
                                                const std::string& digest) const;
  // By tag or digest.
  [[nodiscard]] std::optional<std::string> manifest(const std::string& repository,
                                                    const std::string& reference) const;
  [[nodiscard]] std::size_t open_uploads() const;
  [[nodiscard]] std::uint64_t tokens_given() const;
  void with_faults(const std::function<void(RegistryFaults&)>& change);

 private:
  struct Repository {
    std::set<std::string> blobs{};
    std::map<std::string, std::string> tags{};         // tag -> digest
    std::map<std::string, std::string> manifests{};    // digest -> body
    std::map<std::string, std::string> media_types{};  // digest -> type
  };
  struct Upload {
    std::string repository{};
    std::string content{};
  };
  struct Token {
    std::string scope{};  // what it was asked for, space between
    std::string user{};
    std::int64_t expires_at = 0;
  };

  BodyPlan plan_body(const ServerRequest& head);
  void take_cut_body(const ServerRequest& request);
  ServerResponse handle(const ServerRequest& request);
  ServerResponse route(const ServerRequest& request);
  ServerResponse give_token(const ServerRequest& request);
  std::optional<ServerResponse> refuse_access(const ServerRequest& request,
                                              const std::string& repository, bool push);
  ServerResponse answer_blob(const ServerRequest& request, const std::string& repository,
                             const std::string& digest);
  ServerResponse start_upload(const ServerRequest& request, const std::string& repository);
  ServerResponse continue_upload(const ServerRequest& request, const std::string& repository,
                                 const std::string& id);
  ServerResponse append(const ServerRequest& request, const std::string& id, Upload& upload);
  ServerResponse close_upload(const ServerRequest& request, const std::string& id);
  ServerResponse answer_manifest(const ServerRequest& request, const std::string& repository,
                                 const std::string& reference);
  ServerResponse take_manifest(const ServerRequest& request, const std::string& repository,
                               const std::string& reference);
  ServerResponse upload_answer(int status, const std::string& id, const Upload& upload) const;
  [[nodiscard]] bool body_is_too_large(const ServerRequest& request, std::uint64_t bytes) const;
  [[nodiscard]] std::int64_t now() const {
    return options_.now_seconds ? options_.now_seconds() : 0;
  }
  std::string store(const std::string& repository, std::string content);

  RegistryOptions options_;
  mutable std::mutex mutex_{};  // guards what follows
  RegistryFaults faults_{};
  std::map<std::string, std::string> contents_{};  // digest -> blob
  std::map<std::string, Repository> repositories_{};
  std::map<std::string, Upload> uploads_{};
  std::map<std::string, Token> tokens_{};
  std::map<std::uint64_t, std::int64_t> head_seconds_{};  // connection -> when its last head came
  std::uint64_t next_upload_ = 1;
  std::uint64_t long_bodies_ = 0;
  std::uint64_t downloads_ = 0;
  std::unique_ptr<LoopbackServer> server_;  // declared last: its threads end first
};

}  // namespace cogbuild::testing
