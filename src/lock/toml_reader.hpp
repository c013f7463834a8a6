#pragma once

#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <vector>

namespace cogbuild::lock {

// A TOML document that is being read. A getter gives nothing for a key that is absent, and for one
// of the wrong type, which it remembers as a finding; all findings come out at the end.
class TomlReader {
 public:
  // Errors: config for what is no TOML or larger than 64 MiB, with the position.
  static Result<TomlReader> parse(std::string_view text, std::string file);

  [[nodiscard]] const toml::table& root() const { return root_; }

  std::optional<std::string> text(const toml::table& table, std::string_view key);
  std::optional<bool> boolean(const toml::table& table, std::string_view key);
  std::optional<std::uint64_t> size(const toml::table& table, std::string_view key);
  std::vector<std::string> texts(const toml::table& table, std::string_view key);
  const toml::table* table(const toml::table& table, std::string_view key);
  std::vector<const toml::table*> tables(const toml::table& table, std::string_view key);
  // Absent is a finding, too; `what` owns the key: `packages`, `the lock`.
  std::string required(const toml::table& table, std::string_view key, std::string_view what);
  // A finding for every key that is not among `known`.
  void only(const toml::table& table, const std::vector<std::string_view>& known);

  void complain(const toml::node& node, std::string message);
  void complain(Error error, const toml::node& node);
  [[nodiscard]] SourceLocation location(const toml::node& node) const;
  [[nodiscard]] bool failed() const { return !findings_.empty(); }
  // The first finding, the others with it; more than 20 are not kept.
  [[nodiscard]] Error findings() const;

 private:
  TomlReader(toml::table root, std::string_view text, std::string file)
      : root_(std::move(root)), text_(text), file_(std::move(file)) {}
  [[nodiscard]] SourceLocation location(const toml::source_position& position) const;

  toml::table root_;
  std::string_view text_;
  std::string file_;
  std::vector<Error> findings_{};
};

}  // namespace cogbuild::lock
