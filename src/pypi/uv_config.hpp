#pragma once

#include <cogbuild/error/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::pypi {

// An index as a setting names it.
struct IndexMention {
  std::string name{};  // empty: none
  std::string url{};
};

// What uv's configuration files say of indexes: `index-url`, `extra-index-url`, `[[index]]`,
// `find-links`, `no-index`, `index-strategy`, `keyring-provider`, at the top or under `[pip]`,
// which goes first.
struct UvConfig {
  std::optional<IndexMention> main{};
  std::vector<IndexMention> further{};    // in order of preference
  std::vector<std::string> find_links{};  // absolute paths or URLs
  std::optional<bool> no_index{};
  std::string index_strategy{};
  std::string keyring_provider{};

  // Settings of a file that is read later: its single values replace, its lists go before.
  void add(UvConfig later);
};

// An `[[index]]` that is `explicit` is left out, as nothing here pins projects to it; one of format
// `flat` is a find-links. Error: config, located, when it is no TOML: passing over a private index
// would let a public one answer for it.
Result<UvConfig> parse_uv_config(const std::string& path, std::string_view text);

}  // namespace cogbuild::pypi
