#pragma once

#include "findings.hpp"
#include "source_text.hpp"
#include "yaml_document.hpp"

#include <cogbuild/config/located.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::config {

// One key that a mapping may have, and what to do with its value.
struct Field {
  std::string_view key{};
  std::function<void(const Node& key, const Node& value)> read{};
};

// The keys of one level of the file. `other` is a level that keys of this one are often written
// into.
struct Level {
  std::string_view where{};  // "at the top level", "under `build`"
  const std::vector<Field>* fields = nullptr;
  const Level* other = nullptr;
};

// Turns nodes into values of the wanted type; what does not fit goes to the findings. `name` is the
// key's path, for messages. A null node is the same as an absent key (spec, "Parsing rules").
class NodeReader {
 public:
  NodeReader(const SourceText& source, Findings& findings) : source_(source), findings_(findings) {}

  [[nodiscard]] SourceLocation place(const Node& node) const { return source_.at(node.mark); }
  Findings& findings() { return findings_; }

  // Calls the field of each entry; unknown keys become findings. False: not a mapping.
  bool mapping(const Node& node, std::string_view name, const Level& level);
  // Any scalar counts as text. Nullopt: something else, or empty text.
  std::optional<Located<std::string>> text(const Node& node, std::string_view name);
  void text(const Node& node, std::string_view name, Located<std::string>& target);
  // Calls `item` for each item that is not null; null ones are a warning. False: not a list.
  bool list(const Node& node, std::string_view name, const std::function<void(const Node&)>& item);
  void texts(const Node& node, std::string_view name, std::vector<Located<std::string>>& target);
  void flag(const Node& node, std::string_view name, bool& target);
  std::optional<int> whole_number(const Node& node, std::string_view name);

 private:
  void report_unknown(const Node& key, const Level& level);

  const SourceText& source_;
  Findings& findings_;
};

// What a node is, for a message: "a list", "a mapping", "nothing", "`x`", "the quoted text `x`".
std::string describe(const Node& node);

}  // namespace cogbuild::config
