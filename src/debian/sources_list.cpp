#include "ascii.hpp"
#include "located.hpp"
#include "quoted.hpp"
#include "source_values.hpp"

#include <cogbuild/debian/sources.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {
namespace {

// The values of an option, parted by commas.
std::vector<std::string_view> comma_values(std::string_view text) {
  std::vector<std::string_view> values;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (end > 0) values.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}

Result<void> set_architectures(std::string_view values, std::vector<std::string>& architectures,
                               const Place& place) {
  for (const auto value : comma_values(values)) {
    TRY_ASSIGN(auto architecture, parse_architecture(value, place));
    architectures.push_back(std::move(architecture));
  }
  return {};
}

Result<void> set_option(std::string_view word, Source& source, const Place& place) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos)
    return fail(
        located(fmt::format("the option {} has no value", quoted(word)), place.file, place.line));
  const auto name = word.substr(0, equals);
  const auto value = word.substr(equals + 1);
  const auto is = [name](std::string_view known) { return equal_ignoring_case(name, known); };
  if (is("arch")) return set_architectures(value, source.architectures, place);
  if (is("arch-")) return set_architectures(value, source.excluded_architectures, place);
  if (is("signed-by")) {
    for (const auto signer : comma_values(value)) TRY(add_signer(signer, source.signed_by, place));
  } else if (is("trusted")) {
    TRY_ASSIGN(source.trusted, parse_flag(name, value, place));
  } else if (is("check-valid-until")) {
    TRY_ASSIGN(source.check_valid_until, parse_flag(name, value, place));
  } else if (is("by-hash")) {
    TRY_ASSIGN(source.by_hash, parse_by_hash(value, place));
  }
  // `arch+` adds to the machine's own, and the others do not concern what is fetched.
  return {};
}

// What stands in brackets is taken off `rest`.
Result<void> set_options(std::string_view& rest, Source& source, const Place& place) {
  rest = trim(rest);
  if (!rest.starts_with('[')) return {};
  const auto end = rest.find(']');
  if (end == std::string_view::npos)
    return fail(located("`]` is missing after the options", place.file, place.line));
  std::string_view options = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  for (auto word = next_word(options); !word.empty(); word = next_word(options))
    TRY(set_option(word, source, place));
  return {};
}

std::string_view without_comment(std::string_view line) {
  return trim(line.substr(0, std::min(line.find('#'), line.size())));
}

// Nothing for a line that names no source of binary packages.
Result<std::optional<Source>> parse_line(std::string_view line, const Place& place) {
  std::string_view rest = without_comment(line);
  const auto type = next_word(rest);
  if (type.empty() || type == "deb-src") return std::nullopt;
  if (type != "deb") {
    return fail(located(
        fmt::format("{} is not a type of source, only `deb` and `deb-src` are", quoted(type)),
        place.file, place.line));
  }
  Source source{.file = std::string(place.file), .line = place.line};
  TRY(set_options(rest, source, place));
  TRY_ASSIGN(source.uri, parse_source_uri(next_word(rest), place));
  const auto suite = next_word(rest);
  if (suite.empty()) return fail(located("the source has no suite", place.file, place.line));
  TRY_ASSIGN(source.suite, parse_suite(suite, place));
  for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
    TRY_ASSIGN(auto component, parse_component(word, place));
    source.components.push_back(std::move(component));
  }
  TRY(check_components(source, place));
  return source;
}

}  // namespace

bool Source::serves(std::string_view architecture) const {
  const auto holds = [architecture](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), architecture) != list.end();
  };
  return !holds(excluded_architectures) && (architectures.empty() || holds(architectures));
}

std::string to_string(const Source& source) {
  std::string text = fmt::format("{} {}", url::to_string(source.uri), source.suite);
  for (const std::string& component : source.components) text.append(" ").append(component);
  return text;
}

Result<std::vector<Source>> parse_sources_list(std::string_view text, std::string_view file) {
  constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20;
  if (text.size() > kMaxTextBytes) return fail(located("the file is too long", file, 0));
  std::vector<Source> sources;
  Place place{.file = file};
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++place.line;
    TRY_ASSIGN(auto source, parse_line(line, place));
    if (source) sources.push_back(*std::move(source));
  }
  return sources;
}

}  // namespace cogbuild::debian
