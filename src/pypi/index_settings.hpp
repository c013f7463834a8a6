#pragma once

#include "uv_config.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/pypi/index_config.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::pypi {

// What the places outside the project say of indexes, each setting from the first place that has
// it: the environment, then pip's files, then uv's.
class IndexSettings {
 public:
  // Errors: as parse_uv_config.
  static Result<IndexSettings> read(const IndexSources& sources);

  // Nothing when no place names one.
  [[nodiscard]] std::optional<IndexMention> main() const;
  [[nodiscard]] std::vector<IndexMention> further() const;
  // Paths are relative to the working directory unless absolute.
  [[nodiscard]] std::vector<std::string> find_links() const;
  [[nodiscard]] std::vector<std::string> trusted_hosts() const;
  [[nodiscard]] bool no_index() const;
  // Error: config, when it is none that is known here.
  [[nodiscard]] Result<IndexStrategy> strategy() const;
  // `subprocess` was asked for.
  [[nodiscard]] bool uses_keyring() const;
  // UV_INDEX_<NAME>_USERNAME and …_PASSWORD.
  [[nodiscard]] NetrcEntry login_of(const std::string& index_name) const;

 private:
  explicit IndexSettings(const IndexSources& sources);
  [[nodiscard]] std::string variable(const std::string& name) const;
  [[nodiscard]] std::string from_pip(const std::string& key) const;

  const std::map<std::string, std::string>* variables_;
  std::map<std::string, std::string> from_pip_{};
  UvConfig from_uv_{};
};

}  // namespace cogbuild::pypi
