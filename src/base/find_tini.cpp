#include <cogbuild/base/find_tini.hpp>

namespace cogbuild::base {

std::optional<std::string> find_tini(const filetree::FileTree& tree) {
  for (const char* path :
       {"sbin/tini", "usr/bin/tini", "usr/local/bin/tini", "bin/tini", "usr/bin/tini-static"}) {
    const auto canonical = tree.canonical(path);
    if (canonical && tree.find(*canonical) != nullptr) return path;
  }
  return std::nullopt;
}

}  // namespace cogbuild::base
