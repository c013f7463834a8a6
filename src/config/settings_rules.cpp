#include "settings_rules.hpp"

#include "findings.hpp"

#include <cogbuild/project/path_pattern.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cogbuild::config {

namespace {

constexpr std::string_view kSourceExample =
    "write it as apt does: `deb [signed-by=/path/of/key.gpg] https://host/debian {suite} main`";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool holds_only(std::string_view text, bool (*is_fine)(char), std::string_view others) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_fine(c) || others.find(c) != std::string_view::npos;
  });
}

bool has_blank(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return is_blank(c) || c == '\n' || c == '\r'; });
}

bool is_package_name(std::string_view text) {
  return text.size() >= 2 && is_lower_alnum(text.front()) &&
         holds_only(text, is_lower_alnum, "+-.");
}
bool is_suite(std::string_view text) {
  return holds_only(text, is_alnum, ".+-_~/") && is_alnum(text.front());
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const auto* const end = std::ranges::find_if(text, is_blank);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length > 0) found.push_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return found;
}

}  // namespace

std::optional<Problem> check_source_line(std::string_view text) {
  const auto wrong = [](std::string message) {
    return Problem{std::move(message), std::string(kSourceExample)};
  };
  if (text.find_first_of("\r\n") != std::string_view::npos)
    return wrong("a source of packages must be one line");
  const auto type = words(text.substr(0, text.find('[')));
  if (type.empty() || type.front() != "deb")
    return wrong(type.empty() ? "a source of packages must begin with `deb`"
                              : fmt::format("a source of packages must begin with `deb`, not {}",
                                            literal(type.front())));
  std::string_view rest = trim(text);
  rest = trim(rest.substr(std::min<std::size_t>(3, rest.size())));
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return wrong("the options of a source of packages lack `]`");
    rest.remove_prefix(end + 1);
  }
  const auto parts = words(rest);
  if (parts.empty()) return wrong("a source of packages needs the URL of an archive");
  if (auto problem = check_url("a source of packages", parts[0])) return problem;
  if (parts.size() == 1) return wrong("a source of packages needs a suite");
  // A suite that ends in a slash is a directory: it has no components.
  if (parts.size() == 2 && !parts[1].ends_with('/'))
    return wrong("a source of packages needs a component, such as `main`");
  return std::nullopt;
}

std::optional<Problem> check_url(std::string_view key, std::string_view text) {
  const auto parsed = url::parse(text);
  if (parsed) return std::nullopt;
  return Problem{fmt::format("{}: {}", key, parsed.error().message()),
                 "write it in full: `https://host/path`"};
}

std::optional<Problem> check_suite(std::string_view text) {
  if (is_suite(text)) return std::nullopt;
  return Problem{fmt::format("{} is not the name of a suite", literal(text)),
                 "write a codename, such as `trixie`"};
}

std::optional<Problem> check_package(std::string_view text) {
  if (is_package_name(text)) return std::nullopt;
  return Problem{fmt::format("{} is not the name of a package", literal(text)),
                 "names are of lower-case letters, digits and `+-.`, such as `libgl1`"};
}

std::optional<Problem> check_package_wish(std::string_view text) {
  const auto name = text.substr(0, text.find_first_of("=/"));
  if (auto problem = check_package(name)) return problem;
  if (name == text) return std::nullopt;
  const auto rest = text.substr(name.size() + 1);
  const bool is_fine =
      text[name.size()] == '=' ? holds_only(rest, is_alnum, ".+-:~") : is_suite(rest);
  if (is_fine) return std::nullopt;
  return Problem{fmt::format("{} is not a package", literal(text)),
                 "write `name`, `name=version` or `name/suite`"};
}

std::optional<Problem> check_base(std::string_view text) {
  if (!has_blank(text) && !text.starts_with('-')) return std::nullopt;
  return Problem{fmt::format("{} is not a base", literal(text)),
                 "write `debian:trixie`, or the reference of an image"};
}

std::optional<Problem> check_full_python_version(std::string_view text) {
  int dots = 0;
  bool after_digit = false;
  bool is_fine = true;
  for (const char c : text) {
    if (c == '.') {
      is_fine = is_fine && after_digit;
      ++dots;
    }
    is_fine = is_fine && (c == '.' || is_digit(c));
    after_digit = is_digit(c);
  }
  if (is_fine && after_digit && dots == 2) return std::nullopt;
  return Problem{fmt::format("{} is not a full version of Python", literal(text)),
                 "write all three numbers, such as `3.12.11`"};
}

std::optional<Problem> check_rule_id(std::string_view text) {
  if (holds_only(text, is_lower_alnum, "-") && is_lower_alnum(text.front()) &&
      is_lower_alnum(text.back()))
    return std::nullopt;
  return Problem{fmt::format("{} is not the id of a rule", literal(text)),
                 "ids are of lower-case words and dashes; `cogbuild check --list` lists them"};
}

std::optional<Problem> check_path_pattern(std::string_view text) {
  const auto wrong = [&](std::string hint) {
    return Problem{fmt::format("{} is not a pattern of paths", literal(text)), std::move(hint)};
  };
  if (text.starts_with('/') || text.starts_with("./") || text.starts_with("../"))
    return wrong("write it relative to the project, such as `notebooks/` or `**/test_*.py`");
  if (!project::PathPattern::parse(text))
    return wrong("write it as in .dockerignore, such as `notebooks/` or `**/test_*.py`");
  return std::nullopt;
}

}  // namespace cogbuild::config
