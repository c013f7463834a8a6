#include <cogbuild/lock/project_lock.hpp>

#include <doctest/doctest.h>

using namespace cogbuild;
using lock::Choices;
using lock::ProjectLock;

namespace {

ProjectLock example() {
  return {.inputs = "sha256:00",
          .requirements = {"numpy==1.26.4", "pillow"},
          .base = {.reference = "docker.io/library/python:3.11-slim",
                   .digest = "sha256:11",
                   .platform = "linux/amd64",
                   .python = "3.11.9",
                   .libc = "glibc 2.36"},
          .choices = {.base_packages = std::vector<std::string>{"git"},
                      .keep_docs = true,
                      .use_cog_base_image = false,
                      .use_cuda_base_image = "auto",
                      .index_url = "https://host/simple/",
                      .extra_index_urls = std::vector<std::string>{},
                      .prereleases = true,
                      .exclude_newer = "2024-05-01T12:00:00Z",
                      .no_binary = std::vector<std::string>{"a", "b"}}};
}

}  // namespace

TEST_CASE("to_toml: the bytes of a lock") {
  CHECK(to_toml(example()) ==
        R"(# Written by `cogbuild lock`; pylock.toml holds the Python distributions.
version = 1
inputs = "sha256:00"
requirements = [
  "numpy==1.26.4",
  "pillow",
]

[base]
reference = "docker.io/library/python:3.11-slim"
digest = "sha256:11"
platform = "linux/amd64"
python = "3.11.9"
libc = "glibc 2.36"

[options]
base-packages = ["git"]
keep-docs = true
use-cog-base-image = false
use-cuda-base-image = "auto"
index-url = "https://host/simple/"
extra-index-url = []
prereleases = true
exclude-newer = "2024-05-01T12:00:00Z"
no-binary = [
  "a",
  "b",
]
)");
}

TEST_CASE("parse_project_lock: reads back what to_toml wrote") {
  CHECK(lock::parse_project_lock(to_toml(example())).value() == example());
  CHECK(lock::parse_project_lock(to_toml(ProjectLock{})).value() == ProjectLock{});
}

TEST_CASE("parse_project_lock: every finding is told with its place") {
  const auto parsed = lock::parse_project_lock(
      "version = 1\ninput = \"x\"\n[base]\npython = 3.11\n[options]\npre = true\n");
  REQUIRE(!parsed);
  CHECK(render(parsed.error()) == R"(cogbuild.lock:2:9: error: `input` is not known here
  2 | input = "x"
    |         ^
cogbuild.lock:4:10: error: `python` must be text
  4 | python = 3.11
    |          ^
cogbuild.lock:6:7: error: `pre` is not known here
  6 | pre = true
    |       ^
)");
}

TEST_CASE("parse_project_lock: another version is unsupported") {
  const auto parsed = lock::parse_project_lock("version = 2\nnew = 1\n");
  REQUIRE(!parsed);
  CHECK(parsed.error().kind() == ErrorKind::unsupported);
  CHECK(parsed.error().message() == "the lock has version 2, this cogbuild reads 1");
  for (const char* text : {"", "version = \"1\"", "version = -1", "<<<<<<<", "[version]"})
    CHECK(!lock::parse_project_lock(text));
}

TEST_CASE("merge: what is said anew counts, the rest stays") {
  const Choices older{.index_url = "https://a/", .resolution = "lowest", .prereleases = true};
  const Choices newer{.index_url = "https://b/", .prereleases = false};
  CHECK(merge(newer, older) ==
        Choices{.index_url = "https://b/", .resolution = "lowest", .prereleases = false});
}

TEST_CASE("without_credentials: no user-info is left in any URL") {
  const Choices said{.index_url = "https://user:secret@host/simple/",
                     .extra_index_urls = std::vector<std::string>{"https://token@host/x/"},
                     .find_links = std::vector<std::string>{"wheels", "https://u:p@host/l"},
                     .torch_index = "https://u@host/"};
  CHECK(lock::without_credentials(said) ==
        Choices{.index_url = "https://host/simple/",
                .extra_index_urls = std::vector<std::string>{"https://host/x/"},
                .find_links = std::vector<std::string>{"wheels", "https://host/l"},
                .torch_index = "https://host/"});
}

TEST_CASE("lock_file_names: each config file has its own pair") {
  using lock::LockFileNames;
  CHECK(lock::lock_file_names("cog.yaml") ==
        LockFileNames{.pylock = "pylock.toml", .project = "cogbuild.lock"});
  CHECK(lock::lock_file_names("cog.gpu.yaml") ==
        LockFileNames{.pylock = "pylock.cog-gpu.toml", .project = "cogbuild.cog-gpu.lock"});
  CHECK(lock::lock_file_names("conf/cpu.yml") ==
        LockFileNames{.pylock = "pylock.cpu.toml", .project = "cogbuild.cpu.lock"});
}

TEST_CASE("is_lock_file: locks at the root alone") {
  for (const char* path :
       {"pylock.toml", "cogbuild.lock", "pylock.cog-gpu.toml", "cogbuild.cpu.lock"})
    CHECK(lock::is_lock_file(path));
  for (const char* path : {"a/pylock.toml", "pylock.a.b.toml", "pylock..toml", "uv.lock",
                           "cogbuild.yaml", "pylock.toml.bak", "cogbuild."})
    CHECK(!lock::is_lock_file(path));
}
