#pragma once

#include <cogbuild/http/client.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::http {

// An answer that was written down rather than received.
struct ScriptedAnswer {
  int status = 200;
  Headers headers{};
  std::string body{};
  // The connection breaks after this many bytes of the body: ErrorKind::network.
  std::optional<std::uint64_t> break_after_bytes{};
};

// A request as it went out, redirects included.
struct SentRequest {
  Method method = Method::get;
  std::string url{};  // without user-info
  Headers headers{};
  std::string body{};
  friend bool operator==(const SentRequest&, const SentRequest&) = default;
};

// Answers from a table instead of a network, by the rules of Client (redirects, sinks, limits). A
// request that is not in the table is ErrorKind::network. Everything happens inside `start`.
class ScriptedClient final : public Client {
 public:
  // Answers to one URL come in the order given; the last one repeats.
  void answer(Method method, const std::string& url, ScriptedAnswer answer);
  std::future<Result<Response>> start(Request request) override;
  [[nodiscard]] std::vector<SentRequest> sent() const;

 private:
  Result<Response> exchange(Request request);
  Result<ScriptedAnswer> next(const Request& request, std::string body);

  mutable std::mutex mutex_{};
  std::map<std::pair<Method, std::string>, std::deque<ScriptedAnswer>> answers_{};
  std::vector<SentRequest> sent_{};
};

}  // namespace cogbuild::http
