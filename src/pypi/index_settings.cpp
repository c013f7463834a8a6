#include "index_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace cogbuild::pypi {

namespace {

// Several values in one, empty ones left out.
std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  while (true) {
    const auto first = text.find_first_not_of(separators);
    if (first == std::string_view::npos) return words;
    const auto end = std::min(text.find_first_of(separators, first), text.size());
    words.emplace_back(text.substr(first, end - first));
    text.remove_prefix(end);
  }
}

// As pip divides its variables and values.
std::vector<std::string> words_of(std::string_view text) { return split(text, " \t\r\n"); }

bool is_true(const std::string& text) {
  return text == "1" || text == "true" || text == "True" || text == "yes" || text == "on";
}

// uv's indexes may have a name: `name=https://…`.
IndexMention mention_of(const std::string& entry) {
  const auto equals = entry.find('=');
  if (equals >= entry.find(':')) return {.url = entry};
  return {.name = entry.substr(0, equals), .url = entry.substr(equals + 1)};
}

}  // namespace

// In pip's files `install` goes before `global` and later files before earlier ones.
IndexSettings::IndexSettings(const IndexSources& sources) : variables_(&sources.variables) {
  for (const char* section : {"global", "install"})
    for (const auto& [path, content] : sources.pip_files)
      for (const auto& [key, value] : parse_pip_config(content))
        if (key.starts_with(std::string(section) + "."))
          from_pip_[key.substr(key.find('.') + 1)] = value;
}

Result<IndexSettings> IndexSettings::read(const IndexSources& sources) {
  IndexSettings settings(sources);
  for (const auto& [path, content] : sources.uv_files) {
    TRY_ASSIGN(auto config, parse_uv_config(path, content));
    settings.from_uv_.add(std::move(config));
  }
  return settings;
}

std::string IndexSettings::variable(const std::string& name) const {
  const auto found = variables_->find(name);
  return found == variables_->end() ? std::string() : found->second;
}

std::string IndexSettings::from_pip(const std::string& key) const {
  const auto found = from_pip_.find(key);
  return found == from_pip_.end() ? std::string() : found->second;
}

std::optional<IndexMention> IndexSettings::main() const {
  if (const auto url = variable("PIP_INDEX_URL"); !url.empty()) return IndexMention{.url = url};
  for (const char* name : {"UV_INDEX_URL", "UV_DEFAULT_INDEX"})
    if (const auto text = variable(name); !text.empty()) return mention_of(text);
  if (const auto url = from_pip("index-url"); !url.empty()) return IndexMention{.url = url};
  return from_uv_.main;
}

std::vector<IndexMention> IndexSettings::further() const {
  std::vector<IndexMention> mentions;
  for (const char* name : {"PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX"})
    for (const auto& word : words_of(variable(name))) mentions.push_back(mention_of(word));
  if (!mentions.empty()) return mentions;
  for (const auto& word : words_of(from_pip("extra-index-url"))) mentions.push_back({.url = word});
  return mentions.empty() ? from_uv_.further : mentions;
}

std::vector<std::string> IndexSettings::find_links() const {
  std::vector<std::string> places = words_of(variable("PIP_FIND_LINKS"));
  for (auto& place : split(variable("UV_FIND_LINKS"), ",\r\n")) places.push_back(std::move(place));
  if (places.empty()) places = words_of(from_pip("find-links"));
  return places.empty() ? from_uv_.find_links : places;
}

std::vector<std::string> IndexSettings::trusted_hosts() const {
  auto hosts = words_of(variable("PIP_TRUSTED_HOST"));
  return hosts.empty() ? words_of(from_pip("trusted-host")) : hosts;
}

bool IndexSettings::no_index() const {
  for (const char* name : {"PIP_NO_INDEX", "UV_NO_INDEX"})
    if (const auto text = variable(name); !text.empty()) return is_true(text);
  if (const auto text = from_pip("no-index"); !text.empty()) return is_true(text);
  return from_uv_.no_index.value_or(false);
}

Result<IndexStrategy> IndexSettings::strategy() const {
  std::string text = variable("UV_INDEX_STRATEGY");
  if (text.empty()) text = from_uv_.index_strategy;
  if (text.empty() || text == "unsafe-best-match") return IndexStrategy::unsafe_best_match;
  if (text == "first-index" || text == "first-match") return IndexStrategy::first_index;
  return fail(
      Error(ErrorKind::config, fmt::format("the index strategy `{}` is not supported", text))
          .hint("set UV_INDEX_STRATEGY to first-index or unsafe-best-match"));
}

bool IndexSettings::uses_keyring() const {
  for (const char* name : {"PIP_KEYRING_PROVIDER", "UV_KEYRING_PROVIDER"})
    if (const auto text = variable(name); !text.empty()) return text == "subprocess";
  if (const auto text = from_pip("keyring-provider"); !text.empty()) return text == "subprocess";
  return from_uv_.keyring_provider == "subprocess";
}

NetrcEntry IndexSettings::login_of(const std::string& index_name) const {
  if (index_name.empty()) return {};
  std::string name = index_name;
  for (char& c : name) {
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
    else if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
      c = '_';
  }
  return {.login = variable(fmt::format("UV_INDEX_{}_USERNAME", name)),
          .password = variable(fmt::format("UV_INDEX_{}_PASSWORD", name))};
}

}  // namespace cogbuild::pypi
