#include "uv_config.hpp"

#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/python/toml_shape.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <toml++/toml.h>
#include <utility>

namespace cogbuild::pypi {

namespace {

std::string text_at(const toml::table& table, std::string_view key) {
  return table[key].value_or(std::string());
}

// A path counts from the file that names it.
std::string place_of(const std::string& text, const std::filesystem::path& directory) {
  if (text.find("://") != std::string::npos || text.starts_with("file:")) return text;
  return (directory / text).lexically_normal().string();
}

void read_indexes(const toml::table& table, const std::filesystem::path& directory,
                  UvConfig& config) {
  const toml::array* indexes = table["index"].as_array();
  if (indexes == nullptr) return;
  for (const toml::node& node : *indexes) {
    const toml::table* index = node.as_table();
    if (index == nullptr || (*index)["explicit"].value_or(false)) continue;
    IndexMention mention{.name = text_at(*index, "name"), .url = text_at(*index, "url")};
    if (mention.url.empty()) continue;
    if (text_at(*index, "format") == "flat")
      config.find_links.push_back(place_of(mention.url, directory));
    else if ((*index)["default"].value_or(false))
      config.main = std::move(mention);
    else
      config.further.push_back(std::move(mention));
  }
}

UvConfig read_table(const toml::table& table, const std::filesystem::path& directory) {
  UvConfig config;
  if (auto url = text_at(table, "index-url"); !url.empty())
    config.main = IndexMention{.url = std::move(url)};
  read_indexes(table, directory, config);
  if (const toml::array* urls = table["extra-index-url"].as_array())
    for (const toml::node& url : *urls)
      if (auto text = url.value<std::string>()) config.further.push_back({.url = *std::move(text)});
  if (const toml::array* places = table["find-links"].as_array())
    for (const toml::node& place : *places)
      if (const auto text = place.value<std::string>())
        config.find_links.push_back(place_of(*text, directory));
  config.no_index = table["no-index"].value<bool>();
  config.index_strategy = text_at(table, "index-strategy");
  config.keyring_provider = text_at(table, "keyring-provider");
  return config;
}

template <class T>
void put_before(std::vector<T>& list, std::vector<T> later) {
  for (auto& item : list) later.push_back(std::move(item));
  list = std::move(later);
}

}  // namespace

void UvConfig::add(UvConfig later) {
  if (later.main) main = std::move(later.main);
  put_before(further, std::move(later.further));
  put_before(find_links, std::move(later.find_links));
  if (later.no_index) no_index = later.no_index;
  if (!later.index_strategy.empty()) index_strategy = std::move(later.index_strategy);
  if (!later.keyring_provider.empty()) keyring_provider = std::move(later.keyring_provider);
}

Result<UvConfig> parse_uv_config(const std::string& path, std::string_view text) {
  if (python::toml_nests_too_deeply(text))
    return fail(Error(ErrorKind::config, fmt::format("`{}` nests its keys too deeply", path)));
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not valid TOML", path))
                    .at({.file = path,
                         .line = error.source().begin.line,
                         .column = error.source().begin.column})
                    .hint("correct it, or set UV_NO_CONFIG=1 to go on without it"));
  }
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  UvConfig config = read_table(root, directory);
  if (const toml::table* pip = root["pip"].as_table()) config.add(read_table(*pip, directory));
  return config;
}

std::vector<std::filesystem::path> uv_config_paths(
    const std::map<std::string, std::string>& variables) {
  const auto variable = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  if (const auto off = variable("UV_NO_CONFIG"); !off.empty() && off != "0" && off != "false")
    return {};
  if (const auto chosen = variable("UV_CONFIG_FILE"); !chosen.empty()) return {chosen};
  std::vector<std::filesystem::path> paths = {"/etc/uv/uv.toml"};
  const std::filesystem::path config = variable("XDG_CONFIG_HOME");
  const std::filesystem::path home = variable("HOME");
  if (!config.empty())
    paths.push_back(config / "uv" / "uv.toml");
  else if (!home.empty())
    paths.push_back(home / ".config" / "uv" / "uv.toml");
  return paths;
}

}  // namespace cogbuild::pypi
