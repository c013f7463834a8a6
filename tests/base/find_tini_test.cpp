#include <cogbuild/base/find_tini.hpp>

#include <doctest/doctest.h>

namespace cogbuild::base {

TEST_CASE("find_tini: Cog's place first, then where packages put it") {
  filetree::FileTree tree;
  CHECK(find_tini(tree) == std::nullopt);
  tree.set("usr/bin/tini", {});
  CHECK(find_tini(tree) == "usr/bin/tini");
  tree.set("sbin", {.type = filetree::NodeType::symlink, .link_target = "usr/sbin"});
  tree.set("usr/sbin/tini", {.type = filetree::NodeType::symlink, .link_target = "../bin/tini"});
  CHECK(find_tini(tree) == "sbin/tini");
}

}  // namespace cogbuild::base
