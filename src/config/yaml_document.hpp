#pragma once

#include "findings.hpp"
#include "source_text.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::config {

struct Node;
using NodePointer = std::shared_ptr<const Node>;

// A value of a YAML document, aliases and merge keys (`<<`) resolved. Parts may be shared, never
// cyclic.
struct Node {
  enum class Kind { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  Mark mark{};
  std::string text{};  // of a scalar, as written less its quotes: a bare `3.10` stays "3.10"
  bool plain = false;  // a scalar without quotes and tag
  std::vector<NodePointer> items{};                            // of a sequence
  std::vector<std::pair<NodePointer, NodePointer>> entries{};  // of a mapping; keys are unique
};

// The first document of `source`; an empty one is a null node. A key given twice goes to `findings`
// (the first one counts). Errors: config, for what is not YAML, more than 32 levels, and
// aliases that repeat values more than 100,000 times in all.
Result<NodePointer> parse_yaml(const SourceText& source, Findings& findings);

}  // namespace cogbuild::config
