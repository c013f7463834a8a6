#include <cogbuild/project/baked_in.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace cogbuild::project {

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

ProjectFile file(std::string path, std::uint64_t size_bytes = 1) {
  ProjectFile out{.path = std::move(path)};
  out.stamp.size_bytes = size_bytes;
  return out;
}

ProjectFile directory(std::string path) {
  return {.path = std::move(path), .type = io::FileType::directory};
}

std::vector<std::string> warnings(std::vector<ProjectFile> files) {
  return warn_of_baked_in({.files = std::move(files)});
}

std::string of_secret(const std::string& path) {
  return "`" + path + "` goes into the image and may hold secrets: name it in .dockerignore";
}

std::string of_size(const std::string& path, const std::string& size) {
  return "`" + path + "` puts " + size +
         " into the image that are not weights: name it in .dockerignore unless the model needs it";
}

}  // namespace

TEST_CASE("warn_of_baked_in: names that hold secrets") {
  for (const char* path :
       {".env", "sub/.env", ".env.local", ".env.production", "key.pem", "a/b/server.pem", "x.p12",
        ".netrc", ".npmrc", ".git-credentials", "id_rsa", ".ssh/id_ed25519", "credentials.json",
        ".aws/credentials", "home/.docker/config.json", ".cache/huggingface/token"}) {
    CAPTURE(path);
    CHECK(warnings({file(path)}) == std::vector{of_secret(path)});
  }
}

TEST_CASE("warn_of_baked_in: names that only look like them") {
  for (const char* path : {".env.example", ".env.sample", "env", "x.env", "certifi/cacert.pem",
                           "grpc/roots.pem", "id_rsa.pub", "docker/config.json", "config.json",
                           "xhuggingface/token", "token", "mydocker/credentials", "pem"}) {
    CAPTURE(path);
    CHECK(warnings({file(path)}).empty());
  }
}

TEST_CASE("warn_of_baked_in: a directory or a link holds no secret") {
  CHECK(warnings({directory(".env")}).empty());
  CHECK(warnings({{.path = ".env", .type = io::FileType::symlink, .link_target = "x"}}).empty());
}

TEST_CASE("warn_of_baked_in: of many secrets ten are named") {
  std::vector<ProjectFile> files;
  for (char c = 'a'; c <= 'm'; ++c) files.push_back(file(std::string(1, c) + ".pem"));
  const auto found = warnings(files);
  REQUIRE(found.size() == 11);
  CHECK(found[9] == of_secret("j.pem"));
  CHECK(found[10] == "3 more files that may hold secrets go into the image");
}

TEST_CASE("warn_of_baked_in: names are printed without control characters") {
  CHECK(warnings({file("\x1b[1m/.env")}) == std::vector{of_secret("\\x1b[1m/.env")});
}

TEST_CASE("warn_of_baked_in: the innermost directory that explains the size") {
  CHECK(warnings({directory("data"), directory("data/train"), file("data/train/a.mp4", 2048 * kMiB),
                  file("data/x.mp4", 5)}) == std::vector{of_size("data/train", "2.0 GiB")});
  // Two halves make the directory above them large; a large one below it no longer counts.
  CHECK(
      warnings({directory("d"), directory("d/a"), file("d/a/f.mp4", 600 * kMiB), directory("d/b"),
                file("d/b/f.mp4", 600 * kMiB), directory("d/c"), file("d/c/f.mp4", 3072 * kMiB)}) ==
      std::vector{of_size("d", "1.2 GiB"), of_size("d/c", "3.0 GiB")});
}

TEST_CASE("warn_of_baked_in: names that sort between a directory and what it holds") {
  CHECK(warnings({directory("d"), directory("d-e"), file("d-e/f.mp4", 1025 * kMiB),
                  directory("d/a"), file("d/a/f.mp4", 600 * kMiB), file("d/g.mp4", 600 * kMiB)}) ==
        std::vector{of_size("d", "1.2 GiB"), of_size("d-e", "1.0 GiB")});
}

TEST_CASE("warn_of_baked_in: weights, exact sizes, the root and hard links do not count") {
  auto weights = file("w/a.safetensors", 4096 * kMiB);
  weights.role = FileRole::weights;
  CHECK(warnings({directory("w"), weights}).empty());
  CHECK(warnings({directory("d"), file("d/f.mp4", 1024 * kMiB)}).empty());
  CHECK(warnings({file("f.mp4", 4096 * kMiB)}).empty());
  auto first = file("d/a.mp4", 600 * kMiB);
  first.link_count = 2;
  first.stamp.inode = 7;
  auto second = first;
  second.path = "d/b.mp4";
  CHECK(warnings({directory("d"), first, second}).empty());
}

}  // namespace cogbuild::project
