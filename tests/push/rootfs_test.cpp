#include "sample_image.hpp"
#include "support/raw_tar.hpp"

#include <cogbuild/push/rootfs.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::push;
using namespace cogbuild::push::test;
using cogbuild::test::directory;
using cogbuild::test::hardlink;
using cogbuild::test::raw_tar;
using cogbuild::test::RawEntry;

namespace fs = std::filesystem;

namespace {

using Layers = std::vector<std::vector<RawEntry>>;

struct Fixture {
  io::TempDir place = value_of(io::TempDir::create());
  SampleOpener opener{};
  progress::Recording reporter{};
  fs::path root = place.path() / "root";

  Result<void> write(const Layers& layers, RootfsOptions options = {}) {
    std::vector<image::Layer> made;
    for (const auto& layer : layers) made.push_back(literal_layer(raw_tar(layer)));
    return write_rootfs(image_of(made), root, {opener, reporter}, options);
  }

  // Every path below the root with its content, `-> target` for links; sorted.
  [[nodiscard]] std::vector<std::string> tree() const {
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const auto path = entry.path().lexically_relative(root).string();
      if (entry.is_symlink())
        lines.push_back(path + " -> " + fs::read_symlink(entry.path()).string());
      else if (entry.is_directory())
        lines.push_back(path + "/");
      else
        lines.push_back(path + " = " + value_of(io::read_file(entry.path())));
    }
    std::ranges::sort(lines);
    return lines;
  }
  [[nodiscard]] struct stat status(const std::string& path) const {
    struct stat status {};
    REQUIRE(::lstat((root / path).c_str(), &status) == 0);
    return status;
  }
  // The names beside the root: a failure must leave nothing.
  [[nodiscard]] std::vector<std::string> beside() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(place.path()))
      names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
};

using Lines = std::vector<std::string>;

RawEntry file(const std::string& name, const std::string& content, unsigned mode = 0644) {
  return {.name = name, .content = content, .mode = mode};
}

// unistd.h has a `symlink` too, which a call with two literals would prefer.
RawEntry link_to(const std::string& name, const std::string& target) {
  return cogbuild::test::symlink(name, target);
}

}  // namespace

TEST_CASE("write_rootfs: upper layers add, replace and hide") {
  struct Row {
    std::string what;
    Layers layers;
    Lines tree;
  };
  const std::vector<Row> rows{
      {"files replace files",
       {{file("a", "1"), file("b", "1")}, {file("a", "2")}},
       {"a = 2", "b = 1"}},
      {"a directory keeps what is in it",
       {{directory("d"), file("d/a", "1")}, {directory("d", 0700), file("d/b", "2")}},
       {"d/", "d/a = 1", "d/b = 2"}},
      {"a file replaces a directory",
       {{directory("d"), file("d/a", "1")}, {file("d", "2")}},
       {"d = 2"}},
      {"a directory replaces a file",
       {{file("d", "1")}, {directory("d"), file("d/a", "2")}},
       {"d/", "d/a = 2"}},
      {"a directory replaces a symlink",
       {{directory("real"), link_to("d", "real")}, {directory("d"), file("d/a", "2")}},
       {"d/", "d/a = 2", "real/"}},
      {"a file replaces a symlink, not its target",
       {{file("t", "1"), link_to("l", "t")}, {file("l", "2")}},
       {"l = 2", "t = 1"}},
      {"missing parents are made", {{file("x/y/z", "1")}}, {"x/", "x/y/", "x/y/z = 1"}},
      {"parents may be symlinks",
       {{directory("usr"), directory("usr/lib"), link_to("lib", "usr/lib")},
        {file("lib/a", "1"), file("lib/b/c", "2")}},
       {"lib -> usr/lib", "usr/", "usr/lib/", "usr/lib/a = 1", "usr/lib/b/", "usr/lib/b/c = 2"}},
      {"a whiteout hides a file",
       {{file("a", "1"), file("b", "1")}, {file(".wh.a", "")}},
       {"b = 1"}},
      {"a whiteout hides a tree",
       {{directory("d"), directory("d/e"), file("d/e/a", "1"), file("b", "1")},
        {file(".wh.d", "")}},
       {"b = 1"}},
      {"a whiteout of nothing is nothing", {{file(".wh.a", ""), file("x/.wh.b", "")}}, {}},
      {"a whiteout spares its own layer, before and after",
       {{file("a", "1"), file("b", "1")},
        {file("a", "2"), file(".wh.a", ""), file(".wh.b", ""), file("b", "2")}},
       {"a = 2", "b = 2"}},
      {"a whiteout spares what its own layer put into the tree",
       {{directory("d"), file("d/a", "1"), file("d/b", "1")},
        {file("d/b", "2"), file(".wh.d", "")}},
       {"d/", "d/b = 2"}},
      {"an opaque whiteout hides lower children only",
       {{directory("d"), file("d/a", "1"), directory("d/e"), file("d/e/b", "1"),
         file("d/e/c", "1")},
        {directory("d"), directory("d/e"), file("d/e/c", "2"), file("d/.wh..wh..opq", ""),
         file("d/n", "2")}},
       {"d/", "d/e/", "d/e/c = 2", "d/n = 2"}},
      {"an opaque root",
       {{file("a", "1"), file("b", "1")}, {file("b", "2"), file(".wh..wh..opq", "")}},
       {"b = 2"}},
      {"a whiteout through a symlinked parent",
       {{directory("usr"), file("usr/a", "1"), link_to("u", "usr")}, {file("u/.wh.a", "")}},
       {"u -> usr", "usr/"}},
      {"a hidden directory may come again",
       {{directory("d"), file("d/a", "1")}, {file(".wh.d", "")}, {file("d/b", "3")}},
       {"d/", "d/b = 3"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Fixture f;
    value_of(f.write(row.layers));
    CHECK(f.tree() == row.tree);
    CHECK(f.beside() == Lines{"root"});
  }
}

TEST_CASE("write_rootfs: modes are exact, whatever the umask") {
  const auto before = ::umask(0077);
  Fixture f;
  value_of(f.write({{directory("open", 0777), directory("sticky", 01777), directory("shut", 0555),
                     file("shut/inside", "x", 0444), file("setuid", "x", 04755),
                     file("none", "x", 0), file("made/file", "x")}}));
  ::umask(before);
  CHECK((f.status("").st_mode & 07777) == 0755);
  CHECK((f.status("open").st_mode & 07777) == 0777);
  CHECK((f.status("sticky").st_mode & 07777) == 01777);
  CHECK((f.status("shut").st_mode & 07777) == 0555);
  CHECK((f.status("shut/inside").st_mode & 07777) == 0444);
  CHECK((f.status("setuid").st_mode & 07777) == 04755);
  CHECK((f.status("none").st_mode & 07777) == 0);
  CHECK((f.status("made").st_mode & 07777) == 0755);
  CHECK((f.status("made/file").st_mode & 07777) == 0644);
  fs::permissions(f.root / "shut", fs::perms::owner_all);  // or it cannot be removed
}

TEST_CASE("write_rootfs: times are the entries', those of directories too") {
  constexpr std::int64_t kTarTime = 315532800;  // what raw_tar writes
  Fixture f;
  value_of(f.write({{directory("d"), file("d/a", "1"), link_to("l", "d")},
                    {file("d/b", "2"), file("m/c", "3")}}));
  for (const std::string path : {"d", "d/a", "l", "d/b", "m/c"}) {
    CAPTURE(path);
    CHECK(f.status(path).st_mtim.tv_sec == kTarTime);
  }
  // What no entry speaks of must not depend on the clock either.
  CHECK(f.status("").st_mtim.tv_sec == 0);
  CHECK(f.status("m").st_mtim.tv_sec == 0);
}

TEST_CASE("write_rootfs: owners are kept only when asked") {
  const Layers layers{{{.name = "d", .type = '5', .mode = 0755, .uid = 7, .gid = 8},
                       {.name = "d/f", .content = "x", .mode = 04755, .uid = 1000, .gid = 1001},
                       {.name = "l", .type = '2', .link = "d", .uid = 9, .gid = 9}}};
  {
    Fixture f;
    value_of(f.write(layers));
    CHECK(f.status("d/f").st_uid == ::geteuid());
  }
  if (::geteuid() != 0) return;
  Fixture f;
  value_of(f.write(layers, {.privileged = true}));
  CHECK(f.status("d").st_uid == 7);
  CHECK(f.status("d").st_gid == 8);
  CHECK(f.status("d/f").st_uid == 1000);
  CHECK(f.status("d/f").st_gid == 1001);
  CHECK((f.status("d/f").st_mode & 07777) == 04755);
  CHECK(f.status("l").st_uid == 9);
}

TEST_CASE("write_rootfs: hard links share a file, across layers too") {
  Fixture f;
  value_of(f.write({{file("a", "1"), hardlink("b", "a"), hardlink("a", "a")},
                    {directory("d"), hardlink("d/c", "./a")}}));
  CHECK(f.status("a").st_nlink == 3);
  CHECK(f.status("d/c").st_ino == f.status("a").st_ino);
  CHECK(f.tree() == Lines{"a = 1", "b = 1", "d/", "d/c = 1"});
}

TEST_CASE("write_rootfs: nothing leaves the root, whatever links say") {
  struct Row {
    std::string what;
    std::vector<RawEntry> layer;
    Lines tree;
  };
  // `victim` lies beside the root, with a file `kept`; `{}` is its absolute path.
  const std::vector<Row> rows{
      {"a write through an absolute link stays inside",
       {directory("etc"), link_to("a", "/etc"), file("a/passwd", "x")},
       {"a -> /etc", "etc/", "etc/passwd = x"}},
      {"a write through a climbing link stays inside",
       {directory("etc"), link_to("a", "../../../../etc"), file("a/passwd", "x")},
       {"a -> ../../../../etc", "etc/", "etc/passwd = x"}},
      {"a link in the last place is replaced, not followed",
       {link_to("kept", "../victim/kept"), file("kept", "x")},
       {"kept = x"}},
      {"an opaque whiteout below a climbing link hides inside",
       {directory("victim"), link_to("a", "../victim"), file("a/.wh..wh..opq", "")},
       {"a -> ../victim", "victim/"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Fixture f;
    const auto victim = f.place.path() / "victim";
    fs::create_directory(victim);
    value_of(io::write_atomically(victim / "kept", "kept"));
    value_of(f.write({row.layer}));
    CHECK(f.tree() == row.tree);
    CHECK(value_of(io::read_file(victim / "kept")) == "kept");
    CHECK(std::distance(fs::directory_iterator(victim), fs::directory_iterator()) == 1);
  }
}

TEST_CASE("write_rootfs: hostile layers are refused and leave nothing") {
  struct Row {
    std::string what;
    std::vector<RawEntry> layer;
    std::string message;
  };
  const std::vector<Row> rows{
      {"..", {file("../x", "1")}, "the entry name `../x` climbs out with `..`"},
      {".. inside", {file("a/../../x", "1")}, "the entry name `a/../../x` climbs out with `..`"},
      {"an absolute name", {file("/x", "1")}, "the entry name `/x` is absolute"},
      {"a hard link out",
       {hardlink("h", "../victim")},
       "the entry name `../victim` climbs out with `..`"},
      {"an absolute hard link", {hardlink("h", "/victim")}, "the entry name `/victim` is absolute"},
      {"a hard link out through a link",
       {link_to("s", "../"), hardlink("h", "s/victim")},
       "the hard link `h` leads to `s/victim`, which is no file"},
      {"a hard link to nothing",
       {hardlink("h", "a")},
       "the hard link `h` leads to `a`, which is no file"},
      {"a hard link to a directory",
       {directory("d"), hardlink("h", "d")},
       "the hard link `h` leads to `d`, which is no file"},
      {"a path through a file",
       {file("a", "1"), file("a/b", "2")},
       "a layer puts something below `a`, which is no directory"},
      {"a path through a loop",
       {link_to("a", "b"), link_to("b", "a"), file("a/c", "2")},
       "a layer puts something below `a`, which is no directory"},
      {"a path through a link to nothing",
       {link_to("a", "/nothing"), file("a/c", "2")},
       "a layer puts `a/c` below the symlink `a`, which leads nowhere"},
      {"a whiteout without a name", {file(".wh.", "")}, "the whiteout `.wh.` names nothing"},
      {"a whiteout of the parent", {file("d/.wh...", "")}, "the whiteout `d/.wh...` names nothing"},
      {"a whiteout of itself", {file("d/.wh..", "")}, "the whiteout `d/.wh..` names nothing"},
      {"a root that is a link",
       {link_to("./", "/")},
       "the layer replaces the root by something else"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Fixture f;
    value_of(io::write_atomically(f.place.path() / "victim", "kept"));
    const auto written = f.write({{directory("d")}, row.layer});
    REQUIRE(!written);
    CHECK(written.error().kind() == ErrorKind::integrity);
    CHECK(written.error().message() == row.message);
    CHECK(f.beside() == Lines{"victim"});
    CHECK(value_of(io::read_file(f.place.path() / "victim")) == "kept");
  }
}

TEST_CASE("write_rootfs: a layer whose bytes differ after the tar's end is refused") {
  Fixture f;
  const std::string tar = raw_tar({file("a", "1")});
  auto layer = literal_layer(tar + std::string(1024, '\0'));
  std::get<recipe::Literal>(layer.recipe.segments.front()).bytes.back() = 'x';
  const auto written = write_rootfs(image_of({layer}), f.root, {f.opener, f.reporter});
  REQUIRE(!written);
  CHECK(written.error().kind() == ErrorKind::integrity);
  CHECK(f.beside().empty());
}

TEST_CASE("write_rootfs: device files are left out with a note") {
  Fixture f;
  value_of(f.write(
      {{directory("dev"), {.name = "dev/null", .type = '3'}, {.name = "dev/pipe", .type = '6'}}}));
  CHECK(f.tree() == Lines{"dev/"});
  CHECK(f.reporter.notes() == Lines{"left out 2 device files"});
}

TEST_CASE("write_rootfs: the directory must be missing or empty") {
  Fixture f;
  fs::create_directory(f.root);
  value_of(f.write({{file("a", "1")}}));
  CHECK(f.tree() == Lines{"a = 1"});
  const auto again = f.write({{file("b", "2")}});
  REQUIRE(!again);
  CHECK(again.error().kind() == ErrorKind::conflict);
  CHECK(again.error().message() ==
        "`" + f.root.string() + "` exists and is not an empty directory");
  CHECK(f.tree() == Lines{"a = 1"});
  value_of(io::write_atomically(f.place.path() / "file", "x"));
  const auto over_file =
      write_rootfs(image_of({}), f.place.path() / "file", {f.opener, f.reporter});
  CHECK(error_of(over_file) ==
        "`" + (f.place.path() / "file").string() + "` exists and is not an empty directory");
}

TEST_CASE("write_rootfs: gzip and zstd layers are unpacked") {
  Fixture f;
  const auto image = image_of({literal_layer(cogbuild::test::stored_gzip(raw_tar({file("a", "1")})),
                                             "a", image::kLayerGzipType),
                               literal_layer(cogbuild::test::stored_zstd(raw_tar({file("b", "2")})),
                                             "b", image::kLayerZstdType)});
  value_of(write_rootfs(image, fs::path(f.root.string() + "/"), {f.opener, f.reporter}));
  CHECK(f.tree() == Lines{"a = 1", "b = 2"});
}
