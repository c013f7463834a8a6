#include <cogbuild/project/listing.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace cogbuild::project {

namespace {

using Paths = std::vector<std::string>;
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

Paths paths(const Listing& listing) {
  Paths out;
  for (const auto& file : listing.files) out.push_back(file.path);
  return out;
}

Result<Listing> scan_memory(std::map<std::string, std::string> files) {
  return scan(io::MemoryTree(std::move(files)));
}

Paths scan_paths(std::map<std::string, std::string> files) {
  const auto listing = scan(io::MemoryTree(std::move(files)));
  REQUIRE(listing.has_value());
  return paths(*listing);
}

std::string pointer(const std::string& size) {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, '0') +
         "\nsize " + size + "\n";
}

// A project on disk; large files are sparse.
class DiskProject {
 public:
  DiskProject() : temp_(io::TempDir::create().value()) {}
  const std::filesystem::path& path() const { return temp_.path(); }
  void add(const std::string& path, const std::string& content = {}) const {
    std::filesystem::create_directories((temp_.path() / path).parent_path());
    REQUIRE(io::write_atomically(temp_.path() / path, content).has_value());
  }
  void add_large(const std::string& path, std::uint64_t size_bytes) const {
    add(path);
    std::filesystem::resize_file(temp_.path() / path, size_bytes);
  }
  Listing scan() const { return project::scan(io::DiskTree(temp_.path())).value(); }
  Result<Listing> try_scan() const { return project::scan(io::DiskTree(temp_.path())); }

 private:
  io::TempDir temp_;
};

Paths weights(const Listing& listing) {
  Paths out;
  for (const auto& file : listing.files)
    if (file.role == FileRole::weights) out.push_back(file.path);
  return out;
}

// Counts what is read.
class WatchedTree final : public io::Tree {
 public:
  explicit WatchedTree(const io::Tree& inner) : inner_(inner) {}
  Result<std::vector<io::TreeEntry>> list(const std::string& directory) const override {
    listed.push_back(directory);
    return inner_.list(directory);
  }
  Result<io::TreeEntry> stat(const std::string& path) const override {
    opened.push_back("stat " + path);
    return inner_.stat(path);
  }
  Result<std::string> read(const std::string& path, std::uint64_t limit) const override {
    opened.push_back(path);
    return inner_.read(path, limit);
  }
  Result<std::unique_ptr<io::ByteSource>> open(const std::string& path) const override {
    opened.push_back(path);
    return inner_.open(path);
  }
  std::filesystem::path disk_path(const std::string& path) const override {
    return inner_.disk_path(path);
  }
  mutable Paths listed{};
  mutable Paths opened{};

 private:
  const io::Tree& inner_;
};

}  // namespace

TEST_CASE("scan: files are sorted by the bytes of their path, directories among them") {
  CHECK(scan_paths({{"a/b", ""}, {"a.txt", ""}, {"a-b", ""}, {"Z", ""}, {"\xc3\xa4", ""}}) ==
        Paths{"Z", "a", "a-b", "a.txt", "a/b", "\xc3\xa4"});
}

TEST_CASE("scan: without .dockerignore the default list is left out and counted") {
  const auto listing = scan(io::MemoryTree({{".git/config", "12345"},
                                            {".git/objects/x", "1"},
                                            {"venv/lib/x.py", "123"},
                                            {"sub/venv/x.py", ""},
                                            {".venv/y", ""},
                                            {"sub/__pycache__/z.pyc", "12"},
                                            {".cog/cache/a", ""},
                                            {".cogbuild/x", ""},
                                            {"run.py", ""}}));
  REQUIRE(listing.has_value());
  CHECK(paths(*listing) == Paths{"run.py", "sub", "sub/venv", "sub/venv/x.py"});
  CHECK(!listing->has_dockerignore);
  CHECK(listing->ignored.count == 7);
  CHECK(listing->ignored.size_bytes == 11);
  CHECK(listing->ignored.paths ==
        Paths{".cog", ".cogbuild", ".git", ".venv", "sub/__pycache__", "venv"});
  CHECK(describe_ignored(*listing) ==
        "left out 7 files (11 bytes) by default: .cog, .cogbuild, .git, .venv, …");
}

TEST_CASE("scan: counting what is left out stops at 20,000 files") {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 20'010; ++i) files[".git/" + std::to_string(i)] = "x";
  const auto listing = scan(io::MemoryTree(std::move(files)));
  REQUIRE(listing.has_value());
  CHECK(describe_ignored(*listing) == "left out more than 20000 files (19.5 KiB) by default: .git");
}

TEST_CASE("scan: with .dockerignore only what it says is left out, and .cog at the root") {
  const auto listing = scan(io::MemoryTree({{".dockerignore", "*.log\n!.cog\n"},
                                            {".git/HEAD", ""},
                                            {"a.log", "123"},
                                            {".cog/x", ""},
                                            {"b/.cog/x", ""}}));
  REQUIRE(listing.has_value());
  CHECK(paths(*listing) == Paths{".dockerignore", ".git", ".git/HEAD", "b", "b/.cog", "b/.cog/x"});
  CHECK(listing->ignored.count == 2);
  CHECK(listing->ignored.size_bytes == 3);
  CHECK(describe_ignored(*listing).empty());
}

TEST_CASE(
    "scan: a directory whose content is ignored stays, empty; one that a line brings back is "
    "listed") {
  CHECK(scan_paths({{".dockerignore", "model_cache/*\ndocs\n!docs/a/keep.md\ngone\n!gone/never\n"},
                    {"model_cache/w.safetensors", ""},
                    {"docs/a/keep.md", ""},
                    {"docs/a/other.md", ""},
                    {"docs/b/x", ""},
                    {"gone/x", ""}}) ==
        Paths{".dockerignore", "docs", "docs/a", "docs/a/keep.md", "model_cache"});
}

TEST_CASE("scan: ignored directories are not read, and no file is but .dockerignore") {
  const io::MemoryTree memory({{".dockerignore", "venv\ndocs\n!docs/keep\n"},
                               {"venv/a/b", ""},
                               {"docs/keep", ""},
                               {"docs/x/y", ""},
                               {"w.safetensors", std::string(2000, 'x')},
                               {"run.py", std::string(500, 'x')}});
  const WatchedTree watched(memory);
  REQUIRE(scan(watched).has_value());
  CHECK(watched.listed == Paths{"", "docs"});
  CHECK(watched.opened == Paths{".dockerignore"});
}

TEST_CASE("scan: a bad .dockerignore is an error with its place") {
  const auto listing = scan_memory({{".dockerignore", "a\n[\n"}, {"run.py", ""}});
  REQUIRE(!listing);
  CHECK(render(listing.error()).starts_with(".dockerignore:2:1: error: `[` is not a pattern\n"));
}

TEST_CASE("scan: Git LFS pointers are refused together, before anything else is read") {
  const auto listing = scan(io::MemoryTree({{"weights/model.safetensors", pointer("4265146304")},
                                            {"data/x.unknown", pointer("5000000")}}));
  REQUIRE(!listing);
  CHECK(listing.error().kind() == ErrorKind::config);
  CHECK(render(listing.error()) ==
        "error: data/x.unknown is a Git LFS pointer (132 bytes) for a 4.8 MiB file\n"
        "hint: run `git lfs pull`\n"
        "error: weights/model.safetensors is a Git LFS pointer (135 bytes) for a 4.0 GiB file\n"
        "hint: run `git lfs pull`\n");
}

TEST_CASE("scan: pointers may be allowed, ignored, or found by .gitattributes alone") {
  const io::MemoryTree project(std::map<std::string, std::string>{{"m.bin", pointer("1")}});
  CHECK(!scan(project));
  CHECK(scan(project, {.allow_lfs_pointers = true}).has_value());
  CHECK(scan_memory({{"m.bin", pointer("1")}, {".dockerignore", "*.bin"}}).has_value());
  const auto extended = pointer("1") + "ext-0-x sha256:" + std::string(64, '0') + "\n";
  CHECK(scan_memory({{"m.dat", extended}, {"run.py", ""}}).has_value());
  CHECK(!scan_memory({{"m.dat", extended}, {".gitattributes", "*.dat filter=lfs diff=lfs\n"}}));
}

TEST_CASE("scan: names that no image should hold are refused, escaped") {
  const auto listing = scan(io::MemoryTree({{"a\nb", ""}, {"c/\xff", ""}, {"d\\\x7f", ""}}));
  REQUIRE(!listing);
  CHECK(render(listing.error()) ==
        "error: the file name `a\\x0ab` has a control character\n"
        "hint: rename the file, or leave it out with a line in .dockerignore\n"
        "error: the file name `c/\\xff` is not UTF-8 text\n"
        "hint: rename the file, or leave it out with a line in .dockerignore\n"
        "error: the file name `d\\\\x7f` has a control character\n"
        "hint: rename the file, or leave it out with a line in .dockerignore\n");
  CHECK(scan(io::MemoryTree({{"a\nb", ""}, {".dockerignore", "a*"}})).has_value());
}

TEST_CASE("scan: an empty directory of a submodule is a warning") {
  const DiskProject project;
  project.add(".gitmodules",
              "[submodule \"engine\"]\n\tpath = engine\n\turl = x\n[submodule \"b\"]\n path = "
              "\"sub/b/\"\n");
  project.add("sub/b/file");
  std::filesystem::create_directory(project.path() / "engine");
  CHECK(project.scan().warnings == Paths{"the submodule `engine` is not checked out, its directory "
                                         "is empty: run `git submodule update --init engine`"});
}

TEST_CASE("scan: weights are large files, less what is code, media or a log") {
  const DiskProject project;
  project.add_large("w/a.safetensors", 10 * kMiB);
  project.add_large("b.pt", 64 * kMiB);
  project.add_large("w/small.safetensors", 10 * kMiB - 1);
  project.add_large("noextension", 10 * kMiB);
  project.add_large("film.MP4", 20 * kMiB);
  project.add_large("big.py", 20 * kMiB);
  project.add_large("train.log", 20 * kMiB);
  project.add_large("x.cog/a.bin", 20 * kMiB);
  project.add_large("sub/.cog/a.bin", 20 * kMiB);
  project.add_large("sub/__pycache__/a.bin", 20 * kMiB);
  project.add_large("hub/models--acme--tiny/blobs/film.mp4", 20 * kMiB);
  project.add_large("hub/models--acme--tiny/other/film.mp4", 20 * kMiB);
  project.add(".dockerignore", "");
  CHECK(weights(project.scan()) == Paths{"b.pt", "hub/models--acme--tiny/blobs/film.mp4",
                                         "noextension", "w/a.safetensors", "x.cog/a.bin"});
}

TEST_CASE("scan: a hub cache keeps its symlinks; those that leave the project are warned of") {
  const DiskProject project;
  const std::string hub = "hf/models--acme--tiny/";
  project.add_large(hub + "blobs/00ff", 32 * kMiB);
  std::filesystem::create_directories(project.path() / hub / "snapshots/1");
  std::filesystem::create_symlink("../../blobs/00ff",
                                  project.path() / hub / "snapshots/1/model.safetensors");
  std::filesystem::create_symlink("/home/someone/x", project.path() / "hf/abs");
  std::filesystem::create_symlink("../../up", project.path() / "hf/up");
  std::filesystem::create_symlink("../inside", project.path() / "hf/inside");
  std::filesystem::create_symlink("/src/run.py", project.path() / "hf/container");
  std::filesystem::create_hard_link(project.path() / hub / "blobs/00ff",
                                    project.path() / "copy.bin");
  const auto listing = project.scan();
  CHECK(paths(listing) == Paths{"copy.bin", "hf", "hf/abs", "hf/container", "hf/inside",
                                "hf/models--acme--tiny", hub + "blobs", hub + "blobs/00ff",
                                hub + "snapshots", hub + "snapshots/1",
                                hub + "snapshots/1/model.safetensors", "hf/up"});
  CHECK(weights(listing) == Paths{"copy.bin", hub + "blobs/00ff"});
  CHECK(listing.files[0].link_count == 2);
  CHECK(listing.files[0].stamp == listing.files[7].stamp);
  CHECK(listing.files[10].type == io::FileType::symlink);
  CHECK(listing.files[10].link_target == "../../blobs/00ff");
  CHECK(listing.warnings == Paths{"`hf/abs` is a symbolic link to `/home/someone/x`, outside the "
                                  "project: it will dangle unless the image has that path",
                                  "`hf/up` is a symbolic link to `../../up`, outside the project: "
                                  "it will dangle unless the image has that path"});
}

TEST_CASE("scan: pipes are left out with a warning, execute bits are kept") {
  const DiskProject project;
  project.add("tool");
  std::filesystem::permissions(project.path() / "tool", std::filesystem::perms{0755});
  REQUIRE(::mkfifo((project.path() / "pipe").c_str(), 0600) == 0);
  const auto listing = project.scan();
  CHECK(paths(listing) == Paths{"tool"});
  CHECK(listing.files[0].executable);
  CHECK(listing.warnings == Paths{"`pipe` is left out: it is a pipe, socket or device"});
}

TEST_CASE("scan: the project is not changed") {
  const DiskProject project;
  project.add(".dockerignore", "x\n");
  const auto before = io::stamp(project.path() / ".dockerignore").value();
  const auto directory = io::stamp(project.path()).value();
  CHECK(project.try_scan().has_value());
  CHECK(io::stamp(project.path() / ".dockerignore").value() == before);
  CHECK(io::stamp(project.path()).value() == directory);
}

}  // namespace cogbuild::project
