#pragma once

#include "file_facts.hpp"

#include <cogbuild/base/base_image.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::base {

// The variables of the image's config that matter here.
struct Environment {
  std::string path{};
  std::string python_version{};
};

// The Python that a command in the image finds: the first directory of PATH with `python3`, or else
// with the highest `python3.X`, that leads to a `bin/python3.X` with its library beside it. Links
// are followed. Debian's Python installs below /usr/local, into dist-packages; every other into
// site-packages of its own prefix.
std::optional<Interpreter> choose_interpreter(const filetree::FileTree& tree,
                                              const FactsByPath& facts,
                                              const Environment& environment);

// The directories where this Python looks for distributions, canonical, without leading slash.
std::vector<std::string> site_directories(const filetree::FileTree& tree,
                                          const Interpreter& interpreter);

// The upstream part of a package's version: `2.36` of `1:2.36-9+deb12u7`, `3.12.0rc1` of
// `3.12.0~rc1-2`.
std::string upstream_version(std::string_view package_version);

}  // namespace cogbuild::base
