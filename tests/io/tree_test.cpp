#include <cogbuild/io/tree.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace cogbuild::io {

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "cogbuild-tree-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = fs::canonical(name);
    fs::create_directories(path_ / "root/inside");
    std::ofstream(path_ / "outside.txt") << "a secret of this machine";
    std::ofstream(path_ / "root/inside/a.txt") << "text";
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  [[nodiscard]] fs::path root() const { return path_ / "root"; }
  void link(const std::string& name, const fs::path& target) const {
    fs::create_symlink(target, root() / name);
  }

 private:
  fs::path path_{};
};

std::string fault(const Tree& tree, const std::string& path) {
  const auto opened = tree.open(path);
  REQUIRE(!opened.has_value());
  const auto content = tree.read(path, 1000);
  REQUIRE(!content.has_value());
  CHECK(content.error().message() == opened.error().message());
  return content.error().message();
}

constexpr std::uint64_t kLimit = 1000;

}  // namespace

TEST_CASE("DiskTree: links are followed as far as they stay below the root") {
  const Folder folder;
  folder.link("near.txt", "inside/a.txt");
  folder.link("whole.txt", folder.root() / "inside/a.txt");
  folder.link("folder", "inside");
  folder.link("far.txt", "../outside.txt");
  folder.link("farther.txt", folder.root().parent_path() / "outside.txt");
  folder.link("up", "..");
  folder.link("by_two.txt", "far.txt");
  const DiskTree tree(folder.root());
  for (const char* path : {"inside/a.txt", "near.txt", "whole.txt", "folder/a.txt"}) {
    CAPTURE(path);
    CHECK(tree.read(path, kLimit) == "text");
    CHECK(tree.open(path).has_value());
  }
  const std::string root = folder.root().string();
  for (const char* path :
       {"far.txt", "farther.txt", "up/outside.txt", "by_two.txt", "../outside.txt"}) {
    CAPTURE(path);
    CHECK(fault(tree, path) == root + "/" + path + " is a link out of " + root);
  }
}

TEST_CASE("DiskTree: a root that is a link itself, or is named from here, holds its files") {
  const Folder folder;
  folder.link("again", "inside");
  CHECK(DiskTree(folder.root() / "again").read("a.txt", kLimit) == "text");
  CHECK(DiskTree(folder.root() / "inside/../inside/.").read("a.txt", kLimit) == "text");
  CHECK(DiskTree(fs::relative(folder.root())).read("inside/a.txt", kLimit) == "text");
  CHECK(DiskTree("/").read((folder.root() / "inside/a.txt").string().substr(1), kLimit) == "text");
}

TEST_CASE("DiskTree: nothing that makes its reader wait is read") {
  const Folder folder;
  REQUIRE(::mkfifo((folder.root() / "pipe").c_str(), 0600) == 0);
  folder.link("pipe_link", "pipe");
  folder.link("zero", "/dev/zero");
  const DiskTree tree(folder.root());
  const std::string root = folder.root().string();
  for (const char* path : {"pipe", "pipe_link", "zero"}) {
    CAPTURE(path);
    CHECK(fault(tree, path) == root + "/" + path + " is not a file");
  }
  CHECK(fault(tree, "inside") == "cannot read " + root + "/inside: Is a directory");
  CHECK(fault(tree, "none") == "cannot open " + root + "/none: No such file or directory");
}

}  // namespace cogbuild::io
