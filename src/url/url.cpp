#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>

namespace cogbuild::url {

namespace {

constexpr std::string_view kSubDelimiters = "!$&'()*+,;=";

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_unreserved(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 15U];
}

// Pages in the wild hold raw spaces and UTF-8 in their links: escaped here, once, so that a Url
// always prints as RFC 3986 wants. `%` stays, as the text is escaped already.
std::string escape_stray(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || kSubDelimiters.find(c) != std::string_view::npos || c == '/' ||
        c == ':' || c == '@' || c == '?' || c == '%')
      out += c;
    else
      append_escaped(out, c);
  }
  return out;
}

// The text as a message may show it: a password may hold any character, so everything up to the
// last
// `@` goes, and the query with its signatures too.
std::string redact(std::string_view text) {
  const auto scheme_end = text.find("://");
  const std::string_view scheme =
      scheme_end == std::string_view::npos ? "" : text.substr(0, scheme_end + 3);
  std::string_view rest = text.substr(scheme.size());
  std::string out(scheme);
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    out += "…";
    rest.remove_prefix(at);
  }
  const auto query = rest.find('?');
  out += rest.substr(0, query);
  if (query != std::string_view::npos) out += "?…";
  std::erase_if(out, is_control);
  return out;
}

Error bad_url(std::string_view text, std::string_view why) {
  return {ErrorKind::config, fmt::format("`{}` is not a usable URL: {}", redact(text), why)};
}

// RFC 3986, section 3.1: scheme ":". Empty when there is none.
std::string_view scheme_of(std::string_view text) {
  if (text.empty() || !is_alpha(text.front())) return {};
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return text.substr(0, i);
    if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return {};
  }
  return {};
}

// A host in its one spelling, or nothing when it is none.
std::optional<std::string> normal_host(std::string_view host) {
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return std::nullopt;
    const std::string address(host.substr(1, host.size() - 2));
    in6_addr binary{};
    if (::inet_pton(AF_INET6, address.c_str(), &binary) != 1) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, &binary, text.data(), text.size());
    return std::string(text.data());
  }
  if (host.empty() || host.size() > 253) return std::nullopt;
  if (!std::ranges::all_of(host, [](char c) {
        return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
      }))
    return std::nullopt;
  return lower(host);
}

// RFC 3986, section 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = path.find('/', 1);
    const std::string_view segment = path.substr(0, end);
    const bool last = end == std::string_view::npos;
    path = last ? std::string_view() : path.substr(end);
    if (segment == "/." || segment == "/..") {
      if (segment == "/..") out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
      if (last) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

// Takes `path?query#fragment` apart.
void set_tail(Url& url, std::string_view tail) {
  if (const auto mark = tail.find('#'); mark != std::string_view::npos) {
    url.fragment = escape_stray(tail.substr(mark + 1));
    tail = tail.substr(0, mark);
  }
  if (const auto mark = tail.find('?'); mark != std::string_view::npos) {
    url.query = escape_stray(tail.substr(mark + 1));
    tail = tail.substr(0, mark);
  }
  url.path = escape_stray(tail);
  if (!url.path.starts_with('/')) url.path.insert(0, 1, '/');
}

// RFC 3986, section 3.2: [ userinfo "@" ] host [ ":" port ].
Result<void> set_authority(Url& url, std::string_view authority, std::string_view whole) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user_info = authority.substr(0, at);
    const auto colon = user_info.find(':');
    url.username = percent_decode(user_info.substr(0, colon));
    if (colon != std::string_view::npos) url.password = percent_decode(user_info.substr(colon + 1));
    if (std::ranges::any_of(url.username + url.password, is_control))
      return fail(bad_url(whole, "the user name or password holds a control character"));
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    unsigned value = 0;
    for (const char c : port) {
      if (!is_digit(c) || value > 65535) return fail(bad_url(whole, "the port is not a number"));
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value > 65535) return fail(bad_url(whole, "the port is above 65535"));
    url.port = static_cast<std::uint16_t>(value);
    // The default port has one spelling, so that equal origins print equally.
    if ((url.scheme == "http" && value == 80) || (url.scheme == "https" && value == 443))
      url.port = 0;
    authority = authority.substr(0, colon);
  }
  auto host = normal_host(authority);
  if (!host)
    return fail(bad_url(whole, authority.empty() ? "it has no host" : "the host is malformed"));
  url.host = *std::move(host);
  return {};
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

Result<Url> parse(std::string_view text) {
  if (std::ranges::any_of(text, is_control))
    return fail(bad_url(text, "it holds a control character"));
  Url url;
  const std::string_view scheme = scheme_of(text);
  url.scheme = lower(scheme);
  if (scheme.empty()) return fail(bad_url(text, "it has no scheme"));
  if (url.scheme != "http" && url.scheme != "https" && url.scheme != "file")
    return fail(bad_url(text, "the scheme must be http, https or file"));
  std::string_view rest = text.substr(scheme.size() + 1);

  if (url.scheme == "file") {
    if (rest.starts_with("//")) {
      rest.remove_prefix(2);
      const std::string host = lower(rest.substr(0, rest.find('/')));
      if (!host.empty() && host != "localhost")
        return fail(bad_url(text, "a file URL names a path on this machine"));
      rest.remove_prefix(host.size());
    }
    if (!rest.starts_with('/')) return fail(bad_url(text, "a file URL needs an absolute path"));
    set_tail(url, rest);
    return url;
  }

  if (!rest.starts_with("//")) return fail(bad_url(text, "`//` must follow the scheme"));
  rest.remove_prefix(2);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  TRY(set_authority(url, authority, text));
  set_tail(url, rest.substr(authority.size()));
  return url;
}

Result<Url> resolve(const Url& base, std::string_view reference) {
  reference = trim(reference);
  Url out = base;
  out.fragment.clear();
  if (!scheme_of(reference).empty()) {
    TRY_ASSIGN(out, parse(reference));
  } else if (std::ranges::any_of(reference, is_control)) {
    return fail(bad_url(reference, "it holds a control character"));
  } else if (reference.starts_with("//")) {
    TRY_ASSIGN(out, parse(base.scheme + ":" + std::string(reference)));
  } else if (reference.starts_with('/')) {
    out.query.clear();
    set_tail(out, reference);
  } else if (reference.empty() || reference.starts_with('?') || reference.starts_with('#')) {
    Url tail;
    set_tail(tail, reference);
    if (reference.starts_with('?')) out.query = tail.query;
    out.fragment = tail.fragment;
  } else {
    out.query.clear();
    set_tail(out, base.path.substr(0, base.path.rfind('/') + 1) + std::string(reference));
  }
  out.path = remove_dot_segments(out.path);
  return out;
}

bool Url::same_origin(const Url& other) const {
  return scheme == other.scheme && host == other.host && effective_port() == other.effective_port();
}

std::uint16_t Url::effective_port() const {
  if (port != 0) return port;
  if (scheme == "https") return 443;
  return scheme == "http" ? 80 : 0;
}

std::string Url::authority() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string out = ipv6 ? "[" + host + "]" : host;
  if (port != 0) out += fmt::format(":{}", port);
  return out;
}

std::string Url::file_name() const {
  const std::string last = percent_decode(std::string_view(path).substr(path.rfind('/') + 1));
  // An escaped slash must not turn a name into a path.
  std::string name = last.substr(last.rfind('/') + 1);
  return name == "." || name == ".." ? std::string() : name;
}

bool Url::is_loopback() const {
  if (host == "localhost" || host.ends_with(".localhost") || host == "::1") return true;
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
}

std::string to_string(const Url& url) {
  std::string out = fmt::format("{}://{}{}", url.scheme, url.authority(), url.path);
  if (!url.query.empty()) out += "?" + url.query;
  return out;
}

std::string to_display(const Url& url) {
  std::string out = fmt::format("{}://{}{}", url.scheme, url.authority(), url.path);
  std::string_view query = url.query;
  char separator = '?';
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    out += separator;
    if (equals != std::string_view::npos) out += pair.substr(0, equals + 1);
    out += "…";
    separator = '&';
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c))
      out += c;
    else
      append_escaped(out, c);
  }
  return out;
}

}  // namespace cogbuild::url
