#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/url/url.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::http {

enum class Method { get, head, post, put, patch, del };
std::string_view to_string(Method method);

using Headers = std::vector<std::pair<std::string, std::string>>;

// The first value of a header, names compared without case; empty when absent.
std::string_view header(const Headers& headers, std::string_view name);
// Every value of a header, in order.
std::vector<std::string> header_values(const Headers& headers, std::string_view name);

struct ResponseHead {
  int status = 0;
  Headers headers{};
  url::Url url{};  // after redirects
};

struct Request {
  Method method = Method::get;
  url::Url url{};
  Headers headers{};

  // A body of known size, opened once per attempt (also again on a 307/308 redirect).
  std::optional<std::uint64_t> body_size_bytes{};
  std::function<Result<std::unique_ptr<io::ByteSource>>()> open_body{};
  // Called with the number of body bytes sent so far.
  std::function<void(std::uint64_t)> on_sent{};

  // Where a 2xx body goes as it comes. Unset: into Response::body, at most `limit_bytes`.
  // Bodies of other statuses always go to Response::body, cut at 64 KiB.
  io::ByteSink* sink = nullptr;
  std::uint64_t limit_bytes = std::uint64_t{64} * 1024 * 1024;
  // Called once, before the first byte of the final response's body.
  std::function<Result<void>(const ResponseHead&)> on_head{};
  // Called once, after the future became ready, whatever the outcome: so it must own what it refers
  // to. It runs on the client's thread, or inside `start` when the request never leaves.
  std::function<void()> on_done{};

  // Follows at most 10; Authorization and user-info go along only within the same origin.
  bool follow_redirects = true;
  // No byte moved for this long: ErrorKind::network, "stalled".
  std::chrono::seconds stall_timeout{60};
  bool allow_insecure_tls = false;  // for this host alone: not for one it redirects to
};

struct Response {
  int status = 0;
  Headers headers{};
  std::string body{};
  url::Url url{};                    // after redirects
  std::uint64_t received_bytes = 0;  // of the body
  std::uint64_t sent_bytes = 0;      // of the request's body
};

// One HTTP exchange: the seam to the network. Any status is a Response; an Error means that no
// whole answer came (network), that the sink or body failed (their error), or that the response
// broke a limit: too large, too many or insecure redirects, a certificate that is not trusted
// (integrity). No retries: those are the caller's policy (retry.hpp). User-info of the URL is sent
// as Basic credentials unless an Authorization header is given. Compressed transfer is offered only
// without a sink and an Accept-Encoding header. Safe from several threads.
class Client {
 public:
  virtual ~Client() = default;
  // `request.sink` and everything its functions refer to (but for on_done) must live until the
  // future is ready. They are called on the client's own thread, so they must not wait for another
  // request of this client.
  virtual std::future<Result<Response>> start(Request request) = 0;
  Result<Response> send(Request request) { return start(std::move(request)).get(); }
};

}  // namespace cogbuild::http
