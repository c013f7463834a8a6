#pragma once

#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cogbuild::url {

// An absolute http, https or file URL; RFC 3986. User-info is kept apart from the printed form:
// `to_string` never shows credentials, and the values of query keys that carry signatures are
// hidden in `to_display`.
struct Url {
  std::string scheme{};    // lower case
  std::string username{};  // percent-decoded
  std::string password{};
  std::string host{};      // lower case; an IPv6 address without brackets
  std::uint16_t port = 0;  // 0: the scheme's default
  std::string path{};      // as written, percent-encoded, starts with `/`
  std::string query{};     // as written, without `?`
  std::string fragment{};  // as written, without `#`

  friend bool operator==(const Url&, const Url&) = default;

  // Same scheme, host and effective port: where credentials may be sent along.
  [[nodiscard]] bool same_origin(const Url& other) const;
  [[nodiscard]] bool has_credentials() const { return !username.empty() || !password.empty(); }
  [[nodiscard]] std::uint16_t effective_port() const;
  // `host` or `host:port`, brackets around IPv6.
  [[nodiscard]] std::string authority() const;
  // The last path part, percent-decoded; never holds a slash, "" for `.` and `..`.
  [[nodiscard]] std::string file_name() const;
  [[nodiscard]] bool is_loopback() const;  // localhost, *.localhost, 127.0.0.0/8, ::1
};

// Stray characters of path and query (spaces, UTF-8) are percent-encoded; the default port becomes
// 0. Error: config, naming what is wrong; the message never shows credentials.
Result<Url> parse(std::string_view text);
// RFC 3986, section 5: resolves a reference (absolute, `//host`, `/path`, `path`, `?query`) against
// `base`. A relative reference keeps the user-info of `base`, any other loses it. Surrounding space
// is ignored.
Result<Url> resolve(const Url& base, std::string_view reference);
// For requests: everything but user-info and fragment.
std::string to_string(const Url& url);
// For messages: as to_string, query values replaced by `…`.
std::string to_display(const Url& url);

std::string percent_decode(std::string_view text);
// Encodes everything but unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace cogbuild::url
