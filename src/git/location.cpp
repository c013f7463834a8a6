#include <cogbuild/git/location.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::git {

namespace {

constexpr std::size_t kCommitDigits = 40;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Error bad_location(std::string_view why) {
  return {ErrorKind::config, fmt::format("a `git+` location {}", why)};
}

// git check-ref-format, and nothing that git could take for an option or an expression.
Result<void> check_revision(std::string_view revision) {
  const auto refuse = [&](std::string_view why) {
    return fail(bad_location(fmt::format("has a revision that {}", why)));
  };
  if (revision.empty()) return refuse("is empty");
  if (revision.size() > 250) return refuse("is too long");
  if (revision.starts_with('-')) return refuse("starts with `-`");
  for (const char c : revision) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f ||
        std::string_view("~^:?*[\\").find(c) != std::string_view::npos)
      return refuse("no branch, tag or commit can have");
  }
  if (revision.find("..") != std::string_view::npos ||
      revision.find("@{") != std::string_view::npos)
    return refuse("no branch, tag or commit can have");
  return {};
}

// `[USER@]HOST[:PORT]` of ssh. What starts with `-` would be an option to the ssh program.
Result<void> check_ssh_authority(std::string_view authority) {
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    if (user.find(':') != std::string_view::npos)
      return fail(bad_location("over ssh takes no password"));
    if (user.empty() || !is_word(user.front()) || !std::ranges::all_of(user, [](char c) {
          return is_word(c) || c == '-' || c == '.' || c == '_';
        }))
      return fail(bad_location("has an unusable user name"));
    authority.remove_prefix(at + 1);
  }
  const bool good =
      !authority.empty() && (is_word(authority.front()) || authority.front() == '[') &&
      std::ranges::all_of(authority, [](char c) {
        return is_word(c) || std::string_view("-._:[]").find(c) != std::string_view::npos;
      });
  return good ? Result<void>() : fail(bad_location("has an unusable host"));
}

}  // namespace

bool is_commit_id(std::string_view text) {
  return text.size() == kCommitDigits && std::ranges::all_of(text, is_hex);
}

bool Location::is_commit() const { return is_commit_id(revision); }

Result<Location> Location::parse(std::string_view text) {
  if (!text.starts_with("git+")) return fail(bad_location("starts with `git+`"));
  text.remove_prefix(4);
  text = text.substr(0, text.find('#'));
  const auto scheme_end = text.find("://");
  const std::string_view scheme = text.substr(0, std::min(scheme_end, text.size()));
  if (scheme_end == std::string_view::npos)
    return fail(Error(bad_location("is no URL"))
                    .hint("write `git+https://…`, `git+ssh://…` or `git+file://…`"));
  if (scheme != "https" && scheme != "ssh" && scheme != "file")
    return fail(
        Error(ErrorKind::unsupported, fmt::format("`git+{}` is not fetched", scheme.substr(0, 16)))
            .hint("use `git+https`, `git+ssh` or `git+file`"));
  const auto path = text.find('/', scheme_end + 3);
  if (path == std::string_view::npos || path + 1 == text.size())
    return fail(bad_location("names no repository"));
  Location location;
  std::string_view base = text;
  if (const auto at = text.rfind('@'); at != std::string_view::npos && at > path) {
    TRY(check_revision(text.substr(at + 1)));
    location.revision = std::string(text.substr(at + 1));
    base = text.substr(0, at);
    if (location.revision.size() == kCommitDigits) {
      std::string lower = location.revision;
      for (char& c : lower)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
      if (is_commit_id(lower)) location.revision = std::move(lower);
    }
  }
  for (const char c : base)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
      return fail(bad_location("holds white space or a control character"));
  if (scheme == "ssh") {
    TRY(check_ssh_authority(text.substr(scheme_end + 3, path - scheme_end - 3)));
    location.url = std::string(base);
    return location;
  }
  TRY_ASSIGN(const auto url, url::parse(base));
  location.username = url.username;
  location.password = url.password;
  location.url = url::to_string(url);
  return location;
}

}  // namespace cogbuild::git
