#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using test::Lines;
using test::World;

TEST_CASE("resolve: pinned requirements and their pinned dependencies make a lock") {
  World world;
  world.add("SciPy", "1.11.1",
            {"numpy<2,>=1.21", "pytest ; extra == 'test'", "old ; python_version < '3'"});
  world.add("numpy", "1.26.4");
  world.add("numpy", "2.0.0");
  const auto lock = world.run("scipy==1.11.1\nnumpy==1.26.4\n");
  REQUIRE(lock);
  REQUIRE(lock->distributions.size() == 2);
  CHECK(lock->python_version == "3.11.2");
  CHECK(lock->distributions[1] ==
        lock::LockedDistribution{.name = "scipy",
                                 .metadata_name = "SciPy",
                                 .version = "1.11.1",
                                 .file_name = "SciPy-1.11.1-py3-none-any.whl",
                                 .location = "https://host/SciPy-1.11.1-py3-none-any.whl",
                                 .digest = digest::digest_of("SciPy1.11.1"),
                                 .size_bytes = 10,
                                 .group = lock::Group::project,
                                 .requested = true,
                                 .requires_names = {"numpy"},
                                 .metadata_digest = lock->distributions[1].metadata_digest});
  const auto fields = python::metadata_fields(World::metadata(
      "SciPy", "1.11.1",
      {"numpy<2,>=1.21", "pytest ; extra == 'test'", "old ; python_version < '3'"}));
  CHECK(lock->distributions[1].metadata_digest == to_string(digest::digest_of(*fields)));
  CHECK(lock->architecture == "x86_64");
  CHECK(lock->libc == "glibc 2.36");
}

TEST_CASE("resolve: what nobody pins is chosen, newest first, and gone back on where needed") {
  World world;
  world.add("scipy", "1.11.1", {"numpy<2,>=1.21"});
  world.add("numpy", "1.26.4");
  world.add("numpy", "2.0.0");
  world.add("torch", "2.1.0", {"sympy", "numpy"});
  world.add("torch", "2.2.0", {"sympy>=2", "numpy"});
  world.add("sympy", "1.12", {"mpmath<1.4"});
  world.add("mpmath", "1.3.0");
  world.add("mpmath", "1.4.0");
  CHECK(world.locked("scipy\n\ntorch>=2\n") ==
        Lines{"mpmath 1.3.0", "numpy 1.26.4", "scipy 1.11.1", "sympy 1.12", "torch 2.1.0"});
}

TEST_CASE(
    "resolve: sources that must be built are roots like others, if their metadata is static") {
  World world;
  world.add("numpy", "1.26.4");
  const auto add = [&](const std::string& location, lock::Form form, const std::string& file_name,
                       const std::string& name) {
    world.source.add_direct(
        location,
        {.file = {.form = form,
                  .file_name = file_name,
                  .location = location,
                  .commit = form == lock::Form::version_control ? std::string(40, 'a') : ""},
         .metadata = World::metadata(name, "3", {"numpy"})});
  };
  add("git+https://h/r@main", lock::Form::version_control, "", "bare");
  add("git+https://h/r@main#egg=named", lock::Form::version_control, "", "named");
  add("https://h/archive-3.tar.gz", lock::Form::source_archive, "archive-3.tar.gz", "archive");
  add("lib", lock::Form::directory, "", "lib");
  world.files["lib/pyproject.toml"] = "";
  CHECK(world.locked("git+https://h/r@main") == Lines{"bare 3", "numpy 1.26.4"});
  CHECK(world.locked("git+https://h/r@main#egg=named") == Lines{"named 3", "numpy 1.26.4"});
  CHECK(world.locked("named @ git+https://h/r@main#egg=named") == Lines{"named 3", "numpy 1.26.4"});
  CHECK(world.locked("https://h/archive-3.tar.gz") == Lines{"archive 3", "numpy 1.26.4"});
  CHECK(world.locked("./lib") == Lines{"lib 3", "numpy 1.26.4"});
  CHECK(world.locked("-e ./lib") == Lines{"lib 3", "numpy 1.26.4"});
  CHECK(std::ranges::count(world.reporter->warnings(),
                           "requirements.txt:1: `-e lib` is taken as it is now: an image has no "
                           "editable installs") == 1);
}

TEST_CASE("resolve: the lock does not depend on the order of lines or files") {
  World forward;
  forward.add("a", "1", {"b"});
  forward.add("b", "1");
  forward.add("b", "1.0");
  World backward;
  backward.add("b", "1.0");
  backward.add("b", "1");
  backward.add("a", "1", {"b"});
  CHECK(to_json(*forward.run("a==1\nb==1")) == to_json(*backward.run("b==1\na==1")));
}

TEST_CASE("resolve: markers decide which lines count; packages of the config work like lines") {
  World world;
  world.add("a", "1");
  CHECK(world.locked("a==1 ; python_version >= '3.8'\nb==1 ; sys_platform == 'win32'\n") ==
        Lines{"a 1"});
  world.config.python_requirements = {};
  world.config.python_packages = {
      {.value = "a==1", .location = {.file = "cog.yaml", .line = 4, .column = 7}},
      {.value = "c", .location = {.file = "cog.yaml", .line = 5, .column = 7}}};
  CHECK(world.failure("").find("cog.yaml:5:7: error: `c` is on none of the package indexes") == 0);
}
