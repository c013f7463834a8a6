#include <cogbuild/filetree/whiteout.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::filetree {
namespace {

using Paths = std::vector<std::string>;

Paths paths(const FileTree& tree) {
  Paths all;
  for (const auto& [path, node] : tree.entries()) all.push_back(path);
  return all;
}

Node directory() { return {.type = NodeType::directory, .mode = 0755}; }
Node link(const std::string& target) {
  return {.type = NodeType::symlink, .mode = 0777, .link_target = target};
}

TEST_CASE("parse_whiteout: names") {
  CHECK(parse_whiteout("a/b").value() == std::nullopt);
  CHECK(parse_whiteout("a/x.wh.b").value() == std::nullopt);
  CHECK(parse_whiteout(".wh.dir/b").value() == std::nullopt);
  CHECK(parse_whiteout("a/.wh.b").value() == Whiteout{.path = "a/b"});
  CHECK(parse_whiteout(".wh.b").value() == Whiteout{.path = "b"});
  CHECK(parse_whiteout("a/.wh..hidden").value() == Whiteout{.path = "a/.hidden"});
  CHECK(parse_whiteout("a/.wh..wh..opq").value() ==
        Whiteout{.kind = Whiteout::Kind::opaque, .path = "a"});
  CHECK(parse_whiteout(".wh..wh..opq").value() == Whiteout{.kind = Whiteout::Kind::opaque});
  for (const char* path : {"a/.wh.", ".wh..", "a/.wh..."}) {
    const auto result = parse_whiteout(path);
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == std::string("the whiteout `") + path + "` names nothing");
    CHECK(is_whiteout(path));
  }
  CHECK(is_whiteout("a/.wh.b"));
  CHECK_FALSE(is_whiteout(".wh.a/b"));
}

TEST_CASE("LayerMerge: whiteouts remove lower entries only, wherever they stand") {
  FileTree tree;
  for (const char* path : {"d", "d/old", "d/old/deep", "gone", "kept"}) tree.set(path, directory());
  LayerMerge layer(tree);
  REQUIRE(layer.add("d", directory()).value() == "d");
  REQUIRE(layer.add("d/new", {}).value() == "d/new");
  REQUIRE(layer.add("gone", {}).value() == "gone");
  CHECK(layer.add("d/.wh..wh..opq", {}).value() == std::nullopt);
  CHECK(layer.add(".wh.gone", {}).value() == std::nullopt);
  CHECK(paths(tree) == Paths{"d", "d/new", "gone", "kept"});
  LayerMerge next(tree);
  REQUIRE(next.add("d/.wh.new", {}));
  REQUIRE(next.add(".wh.gone", {}));
  REQUIRE(next.add(".wh.absent", {}));
  CHECK(paths(tree) == Paths{"d", "kept"});
}

TEST_CASE("LayerMerge: a whiteout before its replacement empties the directory") {
  FileTree tree;
  for (const char* path : {"d", "d/old"}) tree.set(path, directory());
  LayerMerge layer(tree);
  REQUIRE(layer.add(".wh.d", {}));
  REQUIRE(layer.add("d", directory()));
  REQUIRE(layer.add("d/new", {}));
  CHECK(paths(tree) == Paths{"d", "d/new"});
}

TEST_CASE("LayerMerge: parents are followed through links, and links that change are noticed") {
  FileTree tree;
  tree.set("usr/lib", directory());
  tree.set("usr/lib/old", {});
  tree.set("lib", link("usr/lib"));
  LayerMerge layer(tree);
  CHECK(layer.add("lib/a", {}).value() == "usr/lib/a");
  CHECK(layer.add("lib/.wh.old", {}).value() == std::nullopt);
  CHECK(tree.find("usr/lib/old") == nullptr);
  CHECK(layer.add("lib", directory()).value() == "lib");
  CHECK(layer.add("lib/b", {}).value() == "lib/b");
  CHECK(layer.add("lib", link("usr")).value() == "lib");
  CHECK(layer.add("lib/c", {}).value() == "usr/c");
  CHECK(layer.add("", directory()).value() == std::nullopt);
  CHECK(layer.add("d/x", {}).value() == "d/x");
  CHECK(layer.add("d", {}).value() == "d");
  CHECK_FALSE(layer.add("d/x", {}));
}

TEST_CASE("LayerMerge: loops and files as parents are conflicts") {
  FileTree tree;
  tree.set("a", link("b"));
  tree.set("b", link("a"));
  tree.set("f", {});
  tree.set("l", link("f"));
  LayerMerge layer(tree);
  CHECK(layer.add("a/x", {}).error().kind() == ErrorKind::conflict);
  CHECK(layer.add("f/x", {}).error().message() ==
        "`f/x` cannot lie below `f`, which is no directory");
  CHECK(layer.add("l/x", {}).error().message() ==
        "`l/x` cannot lie below `f`, which is no directory");
}

TEST_CASE("LayerMerge: a hardlink copies the attributes of its target") {
  FileTree tree;
  tree.set("d", directory());
  tree.set("d/f", {.mode = 04755, .uid = 3});
  LayerMerge layer(tree);
  CHECK(layer.add_hardlink("g", "d/f").value() == "g");
  CHECK(*tree.find("g") == Node{.mode = 04755, .uid = 3});
  CHECK(layer.add_hardlink("h", "absent").error().message() ==
        "the hardlink `h` leads to `absent`, which is no file");
  CHECK(layer.add_hardlink("h", "d").error().kind() == ErrorKind::integrity);
  CHECK(layer.add_hardlink(".wh.h", "d/f").error().kind() == ErrorKind::integrity);
}

}  // namespace
}  // namespace cogbuild::filetree
