#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::config {

// The candidate that a mistyped `word` most likely means: the smallest edit distance (insert,
// delete, replace, swap of neighbours; ASCII case ignored), at most a third of the longer word;
// else the first candidate that starts with `word` (three letters or more). The earlier candidate
// wins a tie; nothing near: nullopt.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace cogbuild::config
