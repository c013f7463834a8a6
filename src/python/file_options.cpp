#include "file_options.hpp"

#include "ascii.hpp"
#include "logical_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::python {
namespace {

struct OptionName {
  std::string_view text{};
  Option option = Option::ignored;
  bool takes_value = false;
};

constexpr std::array<OptionName, 28> kOptions = {{
    {"-r", Option::requirement_file, true},
    {"--requirement", Option::requirement_file, true},
    {"-c", Option::constraint_file, true},
    {"--constraint", Option::constraint_file, true},
    {"-e", Option::editable, true},
    {"--editable", Option::editable, true},
    {"-i", Option::index_url, true},
    {"--index-url", Option::index_url, true},
    {"--pypi-url", Option::index_url, true},
    {"--extra-index-url", Option::extra_index_url, true},
    {"--no-index", Option::no_index, false},
    {"-f", Option::find_links, true},
    {"--find-links", Option::find_links, true},
    {"--no-binary", Option::no_binary, true},
    {"--only-binary", Option::only_binary, true},
    {"--prefer-binary", Option::prefer_binary, false},
    {"--pre", Option::prereleases, false},
    {"--all-releases", Option::all_releases, true},
    {"--only-final", Option::only_final, true},
    {"--hash", Option::hash, true},
    {"--require-hashes", Option::require_hashes, false},
    {"--no-require-hashes", Option::no_require_hashes, false},
    {"--trusted-host", Option::trusted_host, true},
    {"--config-settings", Option::ignored_value, true},
    {"--config-setting", Option::ignored_value, true},
    {"-C", Option::ignored_value, true},
    {"--use-feature", Option::ignored_value, true},
    {"--global-option", Option::ignored_value, true},
}};

}  // namespace

Result<std::vector<GivenOption>> parse_options(std::string_view text,
                                               const SourceLocation& location,
                                               std::vector<Error>& warnings) {
  const auto words = shell_split(text);
  if (!words) return fail(Error(ErrorKind::config, "a quote is not closed").at(location));
  std::vector<GivenOption> given;
  for (std::size_t i = 0; i < words->size(); ++i) {
    const std::string& word = (*words)[i];
    if (!word.starts_with('-')) {
      warnings.push_back(
          Error(ErrorKind::config, "text after the options has no effect").at(location));
      continue;
    }
    const bool is_long = word.starts_with("--");
    const std::size_t name_end =
        is_long ? std::min(word.find('='), word.size()) : std::min<std::size_t>(2, word.size());
    const std::string name = word.substr(0, name_end);
    const auto* const known =
        std::find_if(kOptions.begin(), kOptions.end(),
                     [&](const OptionName& option) { return option.text == name; });
    if (known == kOptions.end()) {
      return fail(Error(ErrorKind::config,
                        fmt::format("option `{}` is not supported in a requirements file", name))
                      .at(location));
    }
    GivenOption option{.option = known->option, .name = known->text};
    const bool has_attached = name_end < word.size();
    if (has_attached && !known->takes_value) {
      return fail(
          Error(ErrorKind::config, fmt::format("option `{}` takes no value", name)).at(location));
    }
    if (has_attached) {
      option.value = word.substr(name_end + (is_long ? 1 : 0));
    } else if (known->takes_value) {
      if (i + 1 == words->size()) {
        return fail(
            Error(ErrorKind::config, fmt::format("option `{}` needs a value", name)).at(location));
      }
      option.value = (*words)[++i];
    }
    given.push_back(std::move(option));
  }
  return given;
}

void select_names(std::string_view text, NameSelection& selection, NameSelection& opposite) {
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const std::string_view part = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part == ":all:") {
      selection = {.all = true};
      opposite = {};
    } else if (part == ":none:") {
      selection = {};
    } else if (!part.empty()) {
      auto name = normalize_name(part);
      std::erase(opposite.names, name);
      const auto at = std::lower_bound(selection.names.begin(), selection.names.end(), name);
      if (at == selection.names.end() || *at != name) selection.names.insert(at, std::move(name));
    }
  }
}

}  // namespace cogbuild::python
