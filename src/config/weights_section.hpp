#pragma once

#include "node_reader.hpp"

#include <cogbuild/config/config.hpp>

#include <vector>

namespace cogbuild::config {

// The entries of `weights:` (spec, "Managed weights"); findings for what breaks a rule.
std::vector<Weight> read_weights(const Node& node, NodeReader& reader);

}  // namespace cogbuild::config
