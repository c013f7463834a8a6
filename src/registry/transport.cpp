#include "transport.hpp"

#include <cogbuild/http/retry.hpp>
#include <cogbuild/registry/server_error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::registry {

namespace {

std::string api_host(const std::string& registry) {
  return registry == "docker.io" ? "registry-1.docker.io" : registry;
}

url::Url make_url(const std::string& scheme, const std::string& registry, const std::string& path) {
  url::Url url{.scheme = scheme, .path = path};
  std::string host = api_host(registry);
  const auto colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) {
    const std::string port = host.substr(colon + 1);
    int number = 0;
    for (const char c : port) number = std::min(number * 10 + (c - '0'), 65'535);
    url.port = static_cast<std::uint16_t>(number);
    host.resize(colon);
  }
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  url.host = std::move(host);
  return url;
}

// The quoted text of `299 - "text"` (RFC 7234, section 5.5).
std::string warning_text(const std::string& value) {
  if (!value.starts_with("299 ")) return {};
  const auto begin = value.find('"');
  const auto end = value.rfind('"');
  if (begin == std::string::npos || end <= begin) return {};
  std::string text = value.substr(begin + 1, std::min<std::size_t>(end - begin - 1, 300));
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return text;
}

}  // namespace

Transport::Transport(http::Client& http, clock::Clock& clock, progress::Reporter& reporter,
                     CredentialsFor credentials, ClientOptions options)
    : http_(http),
      upload_http_(options.upload_http != nullptr ? *options.upload_http : http),
      clock_(clock),
      reporter_(reporter),
      options_(options),
      authenticator_(http, clock, std::move(credentials), options.insecure) {}

std::string Transport::scheme_of(const std::string& registry) const {
  if (make_url("https", registry, "/").is_loopback()) return "http";
  if (!options_.insecure) return "https";
  const std::lock_guard lock(mutex_);
  const auto known = schemes_.find(registry);
  return known == schemes_.end() ? "https" : known->second;
}

url::Url Transport::url_of(const std::string& registry, const std::string& path) const {
  return make_url(scheme_of(registry), registry, path);
}

bool Transport::may_authorize(const Call& call) const {
  return call.url.same_origin(url_of(call.access.registry, "/"));
}

http::Request Transport::request_of(const Call& call, const std::string& authorization) {
  http::Request request{.method = call.method,
                        .url = call.url,
                        .headers = call.headers,
                        .body_size_bytes = call.body_size_bytes,
                        .open_body = call.open_body,
                        .on_sent = call.on_sent,
                        .sink = call.sink,
                        .limit_bytes = call.limit_bytes,
                        .on_head = call.on_head,
                        .stall_timeout = options_.stall_timeout,
                        .allow_insecure_tls = options_.insecure};
  if (!authorization.empty() && may_authorize(call))
    request.headers.emplace_back("Authorization", authorization);
  return request;
}

Result<http::Response> Transport::exchange(const Call& call, const std::string& authorization) {
  wait_until_quiet(call.access.registry);
  ++request_count_;
  // Counts what was really sent, also when no answer comes or libcurl starts a body over.
  auto sent_before = std::make_shared<std::uint64_t>(0);
  http::Request request = request_of(call, authorization);
  request.on_sent = [this, sent_before, on_sent = call.on_sent](std::uint64_t sent) {
    sent_body_bytes_ += sent - (sent < *sent_before ? 0 : *sent_before);
    *sent_before = sent;
    if (on_sent) on_sent(sent);
  };
  const bool uploads = call.body_size_bytes.value_or(0) > 0;
  auto outcome = (uploads ? upload_http_ : http_).send(std::move(request));
  if (outcome) {
    show_warnings(*outcome);
    if (outcome->status == 429) be_quiet(call.access.registry, *outcome);
  }
  return outcome;
}

bool Transport::fall_back_to_http(const Call& call, const Result<http::Response>& outcome) {
  if (!options_.insecure || call.url.scheme != "https" || !may_authorize(call)) return false;
  const std::lock_guard lock(mutex_);
  auto& scheme = schemes_[call.access.registry];
  if (!scheme.empty()) return false;  // it has answered before, so it is just away
  const bool unreachable = !outcome && outcome.error().kind() == ErrorKind::network;
  scheme = unreachable ? "http" : "https";
  return unreachable;
}

Result<http::Response> Transport::send_once(const Call& call) {
  TRY_ASSIGN(const std::string authorization,
             may_authorize(call) ? authenticator_.header_for(call.access) : std::string());
  auto outcome = exchange(call, authorization);
  if (fall_back_to_http(call, outcome)) {
    Call plain = call;
    plain.url.scheme = "http";
    return send_once(plain);
  }
  if (!outcome || outcome->status != 401 || !may_authorize(call)) return outcome;
  TRY_ASSIGN(const bool again,
             authenticator_.take_challenge(call.access, url_of(call.access.registry, "/v2/"),
                                           *outcome, authorization));
  if (!again) return outcome;
  TRY_ASSIGN(const std::string fresh, authenticator_.header_for(call.access));
  if (fresh.empty() || fresh == authorization) return outcome;
  return exchange(call, fresh);
}

Result<http::Response> Transport::send(const Call& call, Backoff& backoff) {
  for (;;) {
    auto outcome = send_once(call);
    if (!http::is_transient(outcome) || !backoff.wait(outcome)) return outcome;
  }
}

Result<std::future<Result<http::Response>>> Transport::start(const Call& call) {
  TRY_ASSIGN(const std::string authorization,
             may_authorize(call) ? authenticator_.header_for(call.access) : std::string());
  wait_until_quiet(call.access.registry);
  ++request_count_;
  return http_.start(request_of(call, authorization));
}

void Transport::show_warnings(const http::Response& response) {
  for (const std::string& value : http::header_values(response.headers, "warning")) {
    const std::string text = warning_text(value);
    if (text.empty()) continue;
    {
      const std::lock_guard lock(mutex_);
      if (shown_warnings_.size() > 100 || !shown_warnings_.insert(text).second) continue;
    }
    reporter_.warn(fmt::format("{} says: {}", response.url.authority(), text));
  }
}

void Transport::wait_until_quiet(const std::string& registry) {
  clock::Time until;
  {
    const std::lock_guard lock(mutex_);
    const auto found = quiet_until_.find(registry);
    if (found == quiet_until_.end()) return;
    until = found->second;
  }
  const auto now = clock_.now();
  if (until > now) clock_.sleep(std::chrono::duration_cast<std::chrono::milliseconds>(until - now));
}

// All threads hold back from a host that asked one of them to.
void Transport::be_quiet(const std::string& registry, const http::Response& response) {
  if (http::header(response.headers, "retry-after").empty()) return;
  const auto now = clock_.now();
  const auto pause = std::min<std::chrono::milliseconds>(
      http::delay_before(1, response, {}, now, 0.0), std::chrono::minutes(10));
  const std::lock_guard lock(mutex_);
  clock::Time& until = quiet_until_[registry];
  until = std::max(until, now + pause);
}

Error Transport::refusal(const Call& call, const http::Response& response,
                         const std::string& what) {
  const ServerError server_error = parse_server_error(response.status, response.body);
  const std::string said = authenticator_.without_secrets(to_string(server_error));
  const std::string& registry = call.access.registry;
  const std::string& repository = call.access.repository;

  if (response.status == 401 || response.status == 403) {
    const std::string user = authenticator_.user(call.access);
    const std::string login = fmt::format("run `docker login {}`", registry);
    if (user.empty())
      return Error(ErrorKind::auth,
                   fmt::format("{} asks for credentials to {} {}: {}", registry,
                               call.access.push ? "push to" : "pull from", repository, said))
          .hint(login);
    if (call.access.push)
      return Error(ErrorKind::auth, fmt::format("`{}` has no right to push to {} on {}: {}", user,
                                                repository, registry, said))
          .hint(fmt::format("use an account that may push there: {}", login));
    return Error(ErrorKind::auth, fmt::format("`{}` has no right to pull from {} on {}: {}", user,
                                              repository, registry, said))
        .hint(login);
  }

  const auto kind = response.status == 404 ? ErrorKind::not_found
                    : server_error.has("MANIFEST_INVALID") || server_error.has("UNSUPPORTED")
                        ? ErrorKind::unsupported
                        : ErrorKind::network;
  Error error(kind, fmt::format("{}: {} answered {}", what, registry, said));
  if (server_error.has("NAME_UNKNOWN") && call.access.push)
    return std::move(error).hint(registry == "r8.im"
                                     ? "create the model first, at https://replicate.com/create"
                                     : "create the repository first");
  if (response.status == 429)
    return std::move(error).hint("the registry limits how often it may be asked; try again later");
  return error;
}

}  // namespace cogbuild::registry
