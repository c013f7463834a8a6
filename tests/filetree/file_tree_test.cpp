#include <cogbuild/filetree/file_tree.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
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

FileTree merged_usr() {
  FileTree tree;
  tree.set("usr", directory());
  tree.set("usr/lib", directory());
  tree.set("usr/lib/libc.so.6", {});
  tree.set("lib", link("usr/lib"));
  tree.set("abs", link("/usr/lib"));
  tree.set("up", link("../../../usr"));
  tree.set("chain", link("up/lib"));
  tree.set("loop", link("loop2"));
  tree.set("loop2", link("loop"));
  tree.set("self", link("self/x"));
  tree.set("usr/back", link("../abs"));
  tree.set("dangling", link("nowhere/at/all"));
  return tree;
}

TEST_CASE("set: a file over a directory removes all below it, a directory over one does not") {
  FileTree tree;
  tree.set("a/b/c", {});
  tree.set("a-b", {});
  tree.set("a0", {});
  tree.set("a", directory());
  CHECK(paths(tree) == Paths{"a", "a-b", "a/b/c", "a0"});
  tree.set("a", {.mode = 0600});
  CHECK(paths(tree) == Paths{"a", "a-b", "a0"});
  CHECK(tree.find("a")->mode == 0600);
  CHECK(tree.find("a/b") == nullptr);
}

TEST_CASE("remove: takes what lies below, and no neighbour") {
  FileTree tree;
  for (const char* path : {"a", "a.b", "a/x", "a/x/y", "a0", "b"}) tree.set(path, directory());
  FileTree other = tree;
  tree.remove("a");
  CHECK(paths(tree) == Paths{"a.b", "a0", "b"});
  other.remove_children("a");
  CHECK(paths(other) == Paths{"a", "a.b", "a0", "b"});
  other.remove_children("", [](const std::string& path) { return path == "b"; });
  CHECK(paths(other) == Paths{"b"});
  other.remove("absent");
  CHECK(paths(other) == Paths{"b"});
}

TEST_CASE("is_directory: implied directories count") {
  FileTree tree;
  tree.set("a/b", {});
  CHECK(tree.is_directory(""));
  CHECK(tree.is_directory("a"));
  CHECK_FALSE(tree.is_directory("a/b"));
  CHECK_FALSE(tree.is_directory("a/"));
  CHECK_FALSE(tree.is_directory("b"));
}

TEST_CASE("canonical: parents are followed, the last component is not") {
  const FileTree tree = merged_usr();
  const std::vector<std::pair<std::string, std::string>> table = {
      {"lib/x", "usr/lib/x"},
      {"lib", "lib"},
      {"lib/", "lib"},
      {"abs/x/y", "usr/lib/x/y"},
      {"up/share", "usr/share"},
      {"chain/x", "usr/lib/x"},
      {"usr/back/x", "usr/lib/x"},
      {"dangling/x", "nowhere/at/all/x"},
      {"fresh/place", "fresh/place"},
      {"./usr//lib/./x", "usr/lib/x"},
      {"lib/../x", "usr/x"},
      {"../../etc", "etc"},
      {"", ""}};
  for (const auto& [path, expected] : table) {
    CAPTURE(path);
    CHECK(tree.canonical(path).value() == expected);
  }
}

TEST_CASE("resolve: the last component is followed too") {
  const FileTree tree = merged_usr();
  CHECK(tree.resolve("lib").value() == "usr/lib");
  CHECK(tree.resolve("chain").value() == "usr/lib");
  CHECK(tree.resolve("lib/libc.so.6").value() == "usr/lib/libc.so.6");
  CHECK(tree.resolve("dangling").value() == "nowhere/at/all");
  CHECK(tree.resolve("up").value() == "usr");
}

TEST_CASE("canonical: loops and files as parents are conflicts") {
  const FileTree tree = merged_usr();
  for (const char* path : {"loop/x", "self/x", "loop2/a/b"}) {
    const auto result = tree.canonical(path);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind() == ErrorKind::conflict);
    CHECK(result.error().message() ==
          fmt::format("`{}` leads through more than 40 symlinks", path));
  }
  CHECK(tree.canonical("loop").value() == "loop");
  CHECK_FALSE(tree.resolve("loop"));
  CHECK(tree.canonical("lib/libc.so.6/x").error().message() ==
        "`lib/libc.so.6/x` cannot lie below `usr/lib/libc.so.6`, which is no directory");
}

TEST_CASE("to_text: parse_text reads it back") {
  FileTree tree = merged_usr();
  tree.set("tab\there/new\nline/back\\slash\r", {.mode = 04755, .uid = 65534, .gid = 42});
  tree.set("s", link("tar\tget\n"));
  tree.set("fifo", {.type = NodeType::other, .mode = 0});
  CHECK(parse_text(to_text(tree)).value() == tree);
  FileTree small;
  small.set("usr", directory());
  small.set("lib", link("usr/lib"));
  CHECK(to_text(small) == "l777\t0\t0\tlib\tusr/lib\nd755\t0\t0\tusr\n");
  CHECK(parse_text("").value() == FileTree());
}

TEST_CASE("parse_text: malformed lines are named") {
  for (const char* text : {"x755\t0\t0\ta\n", "d\t0\t0\ta\n", "d755\t0\ta\n", "d758\t0\t0\ta\n",
                           "\n", "d755\t0\t0\t\n", "d755\t0\t0\ta\tb\n", "f644\t-1\t0\ta\n",
                           "f644\t0\t0\ta\\q\n", "f644\t99999999999\t0\ta\n"}) {
    CAPTURE(text);
    const auto result = parse_text(std::string("f644\t0\t0\tfirst\n") + text);
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == "line 2 of a file tree is malformed");
    CHECK(result.error().kind() == ErrorKind::integrity);
  }
  CHECK_FALSE(parse_text("f644\t0\t0\ta\nf644\t0\t0\ta\n"));
}

TEST_CASE("parse_text: 40,000 entries" * doctest::skip()) {
  FileTree tree;
  for (int i = 0; i < 40'000; ++i)
    tree.set(fmt::format("usr/local/lib/python3.11/site-packages/package{:03}/module{:05}.py",
                         i / 200, i),
             {});
  const std::string text = to_text(tree);
  const auto begin = std::chrono::steady_clock::now();
  const auto parsed = parse_text(text).value();
  const auto taken = std::chrono::steady_clock::now() - begin;
  CHECK(parsed == tree);
  MESSAGE(std::chrono::duration_cast<std::chrono::microseconds>(taken).count(), " us");
}

}  // namespace
}  // namespace cogbuild::filetree
