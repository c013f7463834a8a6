#include "exchange.hpp"

#include <cogbuild/http/base64.hpp>
#include <cogbuild/io/bytes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cogbuild::http {

namespace {

constexpr int kMostRedirects = 10;
constexpr std::size_t kErrorBodyBytes = std::size_t{64} * 1024;

bool is_success(int status) { return status >= 200 && status < 300; }

bool holds_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

}  // namespace

std::string describe(const Request& request) {
  return fmt::format("{} {}", to_string(request.method), url::to_display(request.url));
}

Result<Exchange> Exchange::begin(Request request) {
  if (request.url.scheme != "http" && request.url.scheme != "https")
    return fail(Error(ErrorKind::config,
                      fmt::format("`{}` is neither http nor https", url::to_display(request.url))));
  for (const auto& [name, value] : request.headers)
    if (holds_line_break(name) || holds_line_break(value))
      return fail(Error(ErrorKind::config,
                        fmt::format("a header of {} holds a line break", describe(request))));
  if (request.url.has_credentials() && header(request.headers, "authorization").empty())
    request.headers.emplace_back(
        "Authorization",
        "Basic " + base64_encode(request.url.username + ":" + request.url.password));
  return Exchange(std::move(request));
}

bool Exchange::is_redirect() const {
  if (!request_.follow_redirects) return false;
  switch (response_.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return !header(response_.headers, "location").empty();
    default:
      return false;
  }
}

Result<void> Exchange::take_head(int status, Headers headers) {
  response_.status = status;
  response_.headers = std::move(headers);
  response_.body.clear();
  response_.received_bytes = 0;
  reserve_body();
  if (is_redirect() || !request_.on_head) return {};
  return request_.on_head(
      ResponseHead{.status = status, .headers = response_.headers, .url = request_.url});
}

// A body of megabytes would be copied each time that it outgrows its place. Compressed, it is
// longer than announced; the rest grows as ever.
void Exchange::reserve_body() {
  constexpr std::size_t kSlack = 64;  // for readers that go on in whole blocks
  constexpr std::uint64_t kMostReserved = std::uint64_t{16} * 1024 * 1024;
  if (!is_success(response_.status) || request_.sink != nullptr || request_.method == Method::head)
    return;
  const auto text = header(response_.headers, "content-length");
  std::uint64_t length = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (code == std::errc() && length <= std::min(request_.limit_bytes, kMostReserved))
    response_.body.reserve(static_cast<std::size_t>(length) + kSlack);
}

Result<void> Exchange::take_body(std::string_view bytes) {
  response_.received_bytes += bytes.size();
  if (!is_success(response_.status)) {
    const std::size_t room = kErrorBodyBytes - std::min(kErrorBodyBytes, response_.body.size());
    response_.body += bytes.substr(0, room);
    return {};
  }
  if (request_.sink != nullptr) return request_.sink->write(io::bytes(bytes));
  if (response_.body.size() + bytes.size() > request_.limit_bytes)
    return fail(
        Error(ErrorKind::integrity, fmt::format("{} answered with more than the limit of {} bytes",
                                                describe(request_), request_.limit_bytes)));
  response_.body += bytes;
  return {};
}

Result<bool> Exchange::finish() {
  if (!is_redirect()) return false;
  if (++redirects_ > kMostRedirects)
    return fail(Error(ErrorKind::integrity, fmt::format("{} leads to more than {} redirects",
                                                        describe(request_), kMostRedirects)));
  auto target = url::resolve(request_.url, header(response_.headers, "location"));
  if (!target)
    return fail(
        Error(ErrorKind::integrity, fmt::format("{} redirects to something unusable: {}",
                                                describe(request_), target.error().message())));
  if (target->scheme != "http" && target->scheme != "https")
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} redirects to a {} URL", describe(request_), target->scheme)));
  const bool is_trusted = request_.allow_insecure_tls && target->host == request_.url.host;
  if (request_.url.scheme == "https" && target->scheme == "http" && !is_trusted)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} redirects from https to plain http", describe(request_))));

  // Trust in a host without a valid certificate does not extend to whom it names.
  request_.allow_insecure_tls = is_trusted;
  // Once left, an origin's credentials never come back: a later hop could be forged by another one.
  const bool same_origin = request_.url.same_origin(*target);
  if (same_origin) {
    target->username = request_.url.username;
    target->password = request_.url.password;
  } else {
    target->username.clear();
    target->password.clear();
    for (const char* name : {"authorization", "cookie"}) remove_header(request_.headers, name);
  }
  const bool becomes_get =
      (response_.status == 303 && request_.method != Method::head) ||
      ((response_.status == 301 || response_.status == 302) && request_.method == Method::post);
  if (becomes_get) {
    request_.method = Method::get;
    request_.body_size_bytes.reset();
    request_.open_body = nullptr;
    for (const char* name : {"content-type", "content-length", "content-range"})
      remove_header(request_.headers, name);
  }
  request_.url = *std::move(target);
  return true;
}

Response Exchange::take_response(std::uint64_t sent_bytes) {
  response_.url = request_.url;
  response_.sent_bytes = sent_bytes;
  return std::move(response_);
}

}  // namespace cogbuild::http
