#pragma once

#include <cogbuild/digest/digest.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::testing {

// One request as the server saw it.
struct ServerRequest {
  std::string method{};
  std::string target{};  // path and query, as sent
  // Names in lower case; values of repeated headers joined by ", ".
  std::map<std::string, std::string> headers{};
  std::string body{};  // empty when the body plan says not to keep it
  std::uint64_t body_bytes = 0;
  digest::Digest body_digest{};
  bool body_complete = true;     // false: the connection ended, or was closed, inside the body
  std::uint64_t connection = 0;  // counts the server's connections from 1

  // "" when absent; `name` in lower case.
  [[nodiscard]] std::string header(std::string_view name) const;
  // The target's part before and after `?`.
  [[nodiscard]] std::string path() const;
  [[nodiscard]] std::string query() const;
};

struct ServerResponse {
  int status = 200;
  // Content-Length, Transfer-Encoding and Connection are added by the server.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};

  // How to misbehave.
  bool chunked = false;                                   // Transfer-Encoding instead of a length
  std::optional<std::uint64_t> content_length{};          // announced instead of the true one
  std::optional<std::uint64_t> close_after_body_bytes{};  // then the connection is cut
  std::optional<std::uint64_t> hang_after_body_bytes{};   // then silence until the server stops
  bool hang = false;                                      // silence instead of an answer
  bool close_instead = false;                             // cut instead of an answer
  std::chrono::milliseconds delay{0};                     // before the answer
};

// What to do with a request's body, decided when its head has arrived.
struct BodyPlan {
  bool keep = true;                                   // false: only counted and hashed
  std::optional<std::uint64_t> close_after_bytes{};   // cut the connection inside the body
  std::optional<std::uint64_t> answer_after_bytes{};  // answer without reading the rest, then close
};

struct ServerOptions {
  std::function<BodyPlan(const ServerRequest& head)> plan_body{};
  // Called with what came of a body in which the connection ended, by either side.
  std::function<void(const ServerRequest&)> on_cut_body{};
  bool keep_alive = true;
  bool parallel_handlers = false;  // false: one handler call at a time, so it needs no locks
};

// A small HTTP/1.1 server on 127.0.0.1, port chosen by the kernel, for tests. Bodies with
// Content-Length or chunked; `Expect: 100-continue` is answered; HEAD gets the head alone. The
// destructor cuts all connections and joins all threads; nothing is left.
class LoopbackServer {
 public:
  using Handler = std::function<ServerResponse(const ServerRequest&)>;
  explicit LoopbackServer(Handler handler, ServerOptions options = {});
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // `127.0.0.1:<port>`
  [[nodiscard]] std::string authority() const;
  // `http://127.0.0.1:<port><path>`; `path` starts with `/` or is empty.
  [[nodiscard]] std::string url(std::string_view path = {}) const;

  // Every request so far, in the order in which they were read; bodies over 64 KiB are left out.
  [[nodiscard]] std::vector<ServerRequest> requests() const;
  // `GET /a`, `PUT /b?c=d`, … in that order.
  [[nodiscard]] std::vector<std::string> request_lines() const;
  [[nodiscard]] std::uint64_t received_body_bytes() const;
  [[nodiscard]] std::uint64_t connection_count() const;
  void forget_requests();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The answer for a file that supports `Range: bytes=a-b`, `bytes=a-` and `bytes=-n`: 206 with
// Content-Range, 416, or 200 when the request has no range.
ServerResponse serve_range(const ServerRequest& request, std::string_view content);

}  // namespace cogbuild::testing
