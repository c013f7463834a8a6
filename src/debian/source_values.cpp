#include "source_values.hpp"

#include "ascii.hpp"
#include "located.hpp"
#include "quoted.hpp"
#include "safe_path.hpp"

#include <cogbuild/debian/relation.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::debian {
namespace {

Error wrong(std::string message, const Place& place) {
  return located(std::move(message), place.file, place.line);
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const char lower = to_lower(c);
    return is_digit(c) || (lower >= 'a' && lower <= 'f');
  });
}

// What is put into a URL as it is, and printed between spaces.
bool is_url_path(std::string_view path) {
  return is_safe_path(path) && path.find_first_of("#?") == std::string_view::npos;
}

}  // namespace

Result<url::Url> parse_source_uri(std::string_view text, const Place& place) {
  // The text itself is never shown: it may hold a password.
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon)))
    return fail(wrong("the URI of a source must be absolute", place));
  const auto scheme = text.substr(0, colon);
  const auto is = [scheme](std::string_view known) { return equal_ignoring_case(scheme, known); };
  if (!is("http") && !is("https") && !is("file"))
    return fail(Error(ErrorKind::unsupported, fmt::format("sources of kind {} are not supported",
                                                          quoted(text.substr(0, colon + 1))))
                    .at({.file = std::string(place.file), .line = place.line})
                    .hint("use an http, https or file URI, or set mirrors in cogbuild.yaml"));
  // apt writes `file:/path`.
  const bool short_file = is("file") && text.substr(colon + 1, 2) != "//";
  auto uri =
      url::parse(short_file ? fmt::format("file://{}", text.substr(colon + 1)) : std::string(text));
  if (!uri) return fail(wrong(uri.error().message(), place));
  if (!uri->query.empty() || !uri->fragment.empty())
    return fail(wrong("the URI of a source cannot have a query or a fragment", place));
  return *std::move(uri);
}

Result<std::string> parse_suite(std::string_view text, const Place& place) {
  if (text == "/" || text == "./") return std::string(text);
  std::string_view path = text;
  if (path.starts_with("./")) path.remove_prefix(2);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (!is_url_path(path)) return fail(wrong(fmt::format("{} is not a suite", quoted(text)), place));
  return std::string(text);
}

Result<std::string> parse_component(std::string_view text, const Place& place) {
  if (!is_url_path(text))
    return fail(wrong(fmt::format("{} is not a component", quoted(text)), place));
  return std::string(text);
}

Result<std::string> parse_architecture(std::string_view text, const Place& place) {
  if (!is_architecture(text))
    return fail(wrong(fmt::format("{} is not an architecture", quoted(text)), place));
  return std::string(text);
}

Result<bool> parse_flag(std::string_view name, std::string_view text, const Place& place) {
  constexpr std::array<std::string_view, 6> kYes = {"yes", "true", "on", "1", "with", "enable"};
  constexpr std::array<std::string_view, 6> kNo = {"no", "false", "off", "0", "without", "disable"};
  const auto is = [text](std::string_view word) { return equal_ignoring_case(text, word); };
  if (std::any_of(kYes.begin(), kYes.end(), is)) return true;
  if (std::any_of(kNo.begin(), kNo.end(), is)) return false;
  return fail(
      wrong(fmt::format("{} must be `yes` or `no`, not {}", quoted(name), quoted(text)), place));
}

Result<std::optional<bool>> parse_by_hash(std::string_view text, const Place& place) {
  if (equal_ignoring_case(text, "force")) return std::optional<bool>(true);
  TRY_ASSIGN(const bool yes, parse_flag("By-Hash", text, place));
  // `yes`, apt's default, means: when the Release says so.
  return yes ? std::optional<bool>{} : std::optional<bool>(false);
}

Result<void> add_signer(std::string_view text, SignedBy& signed_by, const Place& place) {
  constexpr std::size_t kVersion4Digits = 40;
  constexpr std::size_t kVersion5Digits = 64;
  if (text.starts_with('/')) {
    if (!is_safe_path(text.substr(1)))
      return fail(wrong(fmt::format("{} is not the path of a keyring", quoted(text)), place));
    signed_by.keyrings.emplace_back(text);
    return {};
  }
  const auto digits = text.substr(0, text.size() - (text.ends_with('!') ? 1 : 0));
  if (!is_hex(digits) || (digits.size() != kVersion4Digits && digits.size() != kVersion5Digits))
    return fail(wrong(fmt::format("Signed-By must hold absolute paths of keyrings or whole "
                                  "fingerprints, not {}",
                                  quoted(text)),
                      place));
  std::string upper(text);
  for (char& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  signed_by.fingerprints.push_back(std::move(upper));
  return {};
}

Result<void> check_components(const Source& source, const Place& place) {
  if (source.is_flat() && !source.components.empty())
    return fail(wrong(fmt::format("{} ends in a slash (a flat archive), so it cannot have "
                                  "components",
                                  quoted(source.suite)),
                      place));
  if (!source.is_flat() && source.components.empty())
    return fail(wrong(fmt::format("the suite {} has no components", quoted(source.suite)), place));
  return {};
}

}  // namespace cogbuild::debian
