#pragma once

#include <string>

namespace cogbuild::cmd {

// Answers one question about packaging standards, a JSON object in and out, so that other
// implementations can be compared with this one:
//
//   {"op": "version", "text": "1.0.A1"}    {"normalized": "1.0a1", "release": [1, 0], …}
//   {"op": "compare", "left": …, "right": …}                           {"order": -1, 0 or 1}
//   {"op": "specifier", "text": …}                                     {"normalized": ">=1,<2"}
//   {"op": "contains", "text": …, "versions": […], "prereleases": true}  {"contains": [true, …]}
//   {"op": "marker", "text": …, "environment": {…}, "extra": "x"}  {"holds": …, "normalized": …}
//   {"op": "requirement", "text": …}       {"name": …, "extras": […], "specifiers": …, "url": …}
//   {"op": "tags", "python": "3.11", "architecture": …, "libc": "glibc 2.36", "free_threaded": …}
//   {"op": "wheel" or "sdist" or "name" or "metadata", "text": …}
//
// What cannot be read answers {"error": why}.
std::string answer_python_question(const std::string& line);

}  // namespace cogbuild::cmd
