#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using test::Lines;
using test::World;

namespace {

World runtime_world() {
  World world;
  world.options.install_runtime = true;
  world.add("cog", "0.22.0", {"pyyaml", "coglet>=0.1.0,<1.0", "typing_extensions>=4.4.0"});
  world.add("cog", "0.21.0", {"pyyaml", "coglet>=0.1.0,<1.0"});
  world.add("cog", "0.16.0", {"pyyaml"});
  world.add("cog", "0.23.0rc1", {"pyyaml", "coglet"});
  world.add("coglet", "0.1.0");
  world.add("coglet", "0.2.0");
  world.add("coglet", "1.0.0");
  world.add("PyYAML", "6.0.1");
  world.add("typing_extensions", "4.12.0");
  world.add("typing_extensions", "4.9.0");
  return world;
}

}  // namespace

TEST_CASE("runtime: cog and what it needs are chosen newest first, finals only") {
  auto world = runtime_world();
  CHECK(world.locked("") ==
        Lines{"cog 0.22.0", "coglet 0.2.0", "pyyaml 6.0.1", "typing-extensions 4.12.0"});
  const auto lock = world.run("");
  for (const auto& distribution : lock->distributions) {
    CHECK(distribution.group == lock::Group::runtime);
    CHECK(!distribution.requested);
  }
}

TEST_CASE("runtime: an older Python gets the newest cog that supports it") {
  World world;
  world.options.install_runtime = true;
  world.add("cog", "0.22.0", {"coglet>=0.1.0"}, "Requires-Python: >=3.10\n");
  world.add("cog", "0.16.12", {}, "Requires-Python: >=3.8\n");
  world.add("cog", "0.9.0", {}, "Requires-Python: >=3.7\n");
  world.add("coglet", "0.2.0", {}, "Requires-Python: >=3.10\n");
  for (const auto* python : {"3.8.20", "3.9.25"}) {
    world.python = python;
    CHECK(world.locked("") == Lines{"cog 0.16.12"});
  }
  world.python = "3.10.1";
  CHECK(world.locked("") == Lines{"cog 0.22.0", "coglet 0.2.0"});
}

TEST_CASE("runtime: the user's pins hold, and what both need is the project's") {
  auto world = runtime_world();
  CHECK(world.locked("typing-extensions==4.9.0") ==
        Lines{"cog 0.22.0", "coglet 0.2.0", "pyyaml 6.0.1", "typing-extensions 4.9.0"});
  CHECK(world.run("typing-extensions==4.9.0")->distributions[3].group == lock::Group::project);
}

TEST_CASE("runtime: sdk_version and COG_SDK_WHEEL choose cog") {
  auto world = runtime_world();
  world.config.sdk_version = {.value = "0.16.0"};
  CHECK(world.locked("") == Lines{"cog 0.16.0", "pyyaml 6.0.1"});
  world.options.coglet_wheel = "pypi:0.1.0";
  CHECK(world.locked("") == Lines{"cog 0.16.0", "pyyaml 6.0.1"});
  world.config.sdk_version = {.value = "0.21.0"};
  CHECK(world.locked("") == Lines{"cog 0.21.0", "coglet 0.1.0", "pyyaml 6.0.1"});
  world.options.coglet_wheel = {};
  world.config.sdk_version = {.value = "prerelease"};
  CHECK(world.locked("") == Lines{"cog 0.23.0rc1", "coglet 1.0.0", "pyyaml 6.0.1"});
  world.options.sdk_wheel = "pypi:0.23.0-rc1";
  world.config.sdk_version = {};
  CHECK(world.locked("") == Lines{"cog 0.23.0rc1", "coglet 1.0.0", "pyyaml 6.0.1"});
  world.options.sdk_wheel = "no/such/file.whl";
  CHECK(world.failure("").find(
            "COG_SDK_WHEEL: error: there is no file or directory `no/such/file.whl`") == 0);
}

TEST_CASE("runtime: the user's own lines for cog give way with a warning") {
  auto world = runtime_world();
  CHECK(world.locked("Cog[x]==0.9.0\ncoglet\n").size() == 4);
  CHECK(world.reporter->warnings() ==
        Lines{"requirements.txt:1: `cog==0.9.0` is not installed as written: cog 0.22.0 is",
              "requirements.txt:2: `coglet` is not installed as written: coglet 0.2.0 is"});
}
