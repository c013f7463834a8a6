#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/requirements_file.hpp>
#include <cogbuild/url/url.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::pypi {

// What stands outside the project and may name indexes: read by the caller, so that it is input.
struct IndexSources {
  std::map<std::string, std::string> variables{};  // the environment
  // pip's configuration files as path and content, in the order of `pip_config_paths`.
  std::vector<std::pair<std::string, std::string>> pip_files{};
  // uv's configuration files, in the order of `uv_config_paths`.
  std::vector<std::pair<std::string, std::string>> uv_files{};
  // What the user's keyring says for a user at a place (a URL or host); called only when a setting
  // opted in.
  std::function<std::optional<std::string>(const std::string& place, const std::string& user)>
      ask_keyring{};
  std::string netrc{};                        // content of $NETRC or ~/.netrc
  std::string default_index{};                // used when nothing else names one
  std::filesystem::path project_root{};       // relative find-links of the project start here
  std::filesystem::path working_directory{};  // those of the environment and of pip.conf start here
};

// What several indexes that know one project mean.
enum class IndexStrategy {
  // pip's and Cog's: the best version over all. Where two have a file of one name, find-links win,
  // then the main index, then the further ones by URL.
  unsafe_best_match,
  first_index,  // uv's: find-links, then further indexes, then the main one; the first alone counts
};

// Where distributions come from, in order of preference.
struct IndexConfig {
  std::vector<std::string> find_links{};  // absolute paths, or URLs (may hold credentials)
  std::vector<url::Url> indexes{};        // paths end in `/`; user-info holds the credentials
  std::vector<std::string>
      trusted_hosts{};  // `host` or `host:port`: http and bad certificates pass
  IndexStrategy strategy = IndexStrategy::unsafe_best_match;
  // The framework's own index (torch and its family, a fixed list of projects): it alone is asked
  // for those of them that it knows, and for nothing else.
  std::optional<url::Url> framework_index{};

  [[nodiscard]] bool trusts(const url::Url& url) const;
  friend bool operator==(const IndexConfig&, const IndexConfig&) = default;
};

// The files pip would read, later ones winning: /etc/pip.conf, ~/.pip/pip.conf,
// $XDG_CONFIG_HOME/pip/pip.conf (or ~/.config), $PIP_CONFIG_FILE, which alone counts when it is the
// null device.
std::vector<std::filesystem::path> pip_config_paths(
    const std::map<std::string, std::string>& variables);

// The files uv would read, later ones winning: /etc/uv/uv.toml, $XDG_CONFIG_HOME/uv/uv.toml (or
// ~/.config); $UV_CONFIG_FILE alone when it is set, none under UV_NO_CONFIG.
std::vector<std::filesystem::path> uv_config_paths(
    const std::map<std::string, std::string>& variables);

// pip's rules, each setting from the first place that has it:
//   main index      `options`, PIP_INDEX_URL, UV_INDEX_URL, UV_DEFAULT_INDEX, pip.conf, uv.toml,
//   the
//                   default
//   further ones    those of `options`, and unless these name the main index: PIP_EXTRA_INDEX_URL,
//                   UV_EXTRA_INDEX_URL and UV_INDEX together, else pip.conf, else uv.toml
//   find-links      those of `options`, and PIP_FIND_LINKS and UV_FIND_LINKS together, else
//   pip.conf,
//                   else uv.toml
//   no index        `options`, PIP_NO_INDEX, UV_NO_INDEX, pip.conf, uv.toml: find-links alone
//   trusted hosts   those of `options`, and PIP_TRUSTED_HOST, else pip.conf
//   strategy        UV_INDEX_STRATEGY, uv.toml, else unsafe_best_match
//   credentials     the URL, UV_INDEX_<NAME>_USERNAME and …_PASSWORD of a named index, netrc, and,
//                   for a URL with a user when PIP_KEYRING_PROVIDER, UV_KEYRING_PROVIDER, pip.conf
//                   or uv.toml says `subprocess`, the keyring
// Each index once, the first mention counting. Errors: config (a URL is unusable; plain http to a
// host that is neither loopback nor trusted; no index and no find-links at all; uv.toml is broken;
// an unknown strategy).
Result<IndexConfig> choose_indexes(const python::IndexOptions& options,
                                   const IndexSources& sources);

// A configuration file of pip as `section.key` -> value; keys in lower case with `-`. A value may
// go on over indented lines. Lines that fit nothing are skipped, as a broken file must not stop a
// build that needs nothing from it.
std::map<std::string, std::string> parse_pip_config(std::string_view text);

struct NetrcEntry {
  std::string login{};
  std::string password{};
};
// The entry of `host` in a netrc file, else its `default`; empty when there is neither.
NetrcEntry find_netrc_entry(std::string_view text, std::string_view host);

}  // namespace cogbuild::pypi
