#pragma once

#include "authenticator.hpp"
#include "backoff.hpp"

#include <cogbuild/registry/client.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace cogbuild::registry {

// One request to a registry, before authentication.
struct Call {
  http::Method method = http::Method::get;
  url::Url url{};
  Access access{};
  http::Headers headers{};
  std::optional<std::uint64_t> body_size_bytes{};
  std::function<Result<std::unique_ptr<io::ByteSource>>()> open_body{};
  std::function<void(std::uint64_t)> on_sent{};
  io::ByteSink* sink = nullptr;
  std::uint64_t limit_bytes = std::uint64_t{8} * 1024 * 1024;
  std::function<Result<void>(const http::ResponseHead&)> on_head{};
};

// Sends calls with what they need to be accepted: the scheme of the host, credentials (refreshed
// once after a 401), patience. Safe from several threads.
class Transport {
 public:
  Transport(http::Client& http, clock::Clock& clock, progress::Reporter& reporter,
            CredentialsFor credentials, ClientOptions options);

  // `<scheme>://<api host><path>`; `path` starts with `/v2/`.
  [[nodiscard]] url::Url url_of(const std::string& registry, const std::string& path) const;

  // One exchange, or two when the first was refused for its credentials. Any status is an answer.
  Result<http::Response> send_once(const Call& call);
  // As long as waiting may help; the last outcome is returned as it is.
  Result<http::Response> send(const Call& call, Backoff& backoff);
  // Begins an exchange without looking at its outcome.
  Result<std::future<Result<http::Response>>> start(const Call& call);

  // The error for an answer that is not the hoped-for one; `what` says what was tried.
  Error refusal(const Call& call, const http::Response& response, const std::string& what);

  [[nodiscard]] Backoff patience(std::string what) { return {clock_, reporter_, std::move(what)}; }
  [[nodiscard]] progress::Reporter& reporter() { return reporter_; }
  [[nodiscard]] const ClientOptions& options() const { return options_; }
  [[nodiscard]] std::uint64_t sent_body_bytes() const { return sent_body_bytes_; }
  [[nodiscard]] std::uint64_t request_count() {
    return request_count_ + authenticator_.request_count();
  }

 private:
  http::Request request_of(const Call& call, const std::string& authorization);
  Result<http::Response> exchange(const Call& call, const std::string& authorization);
  [[nodiscard]] bool may_authorize(const Call& call) const;
  void show_warnings(const http::Response& response);
  void wait_until_quiet(const std::string& registry);
  void be_quiet(const std::string& registry, const http::Response& response);
  [[nodiscard]] std::string scheme_of(const std::string& registry) const;
  bool fall_back_to_http(const Call& call, const Result<http::Response>& outcome);

  http::Client& http_;
  http::Client& upload_http_;
  clock::Clock& clock_;
  progress::Reporter& reporter_;
  ClientOptions options_;
  Authenticator authenticator_;
  std::atomic<std::uint64_t> sent_body_bytes_ = 0;
  std::atomic<std::uint64_t> request_count_ = 0;
  mutable std::mutex mutex_{};                        // guards what follows
  std::map<std::string, std::string> schemes_{};      // of insecure hosts, once known
  std::map<std::string, clock::Time> quiet_until_{};  // hosts that said 429
  std::set<std::string> shown_warnings_{};
};

}  // namespace cogbuild::registry
