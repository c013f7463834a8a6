#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using test::Lines;
using test::World;

TEST_CASE("resolve: versions of an earlier lock stay unless told otherwise") {
  World world;
  world.add("a", "1", {"b"});
  world.add("a", "2", {"b"});
  world.add("b", "1");
  world.add("b", "2");
  world.previous = world.run("a==1\nb==1").value();
  CHECK(world.locked("a\nb") == Lines{"a 1", "b 1"});
  CHECK(world.locked("a>1\nb") == Lines{"a 2", "b 1"});
  world.upgrade.names = {"b"};
  CHECK(world.locked("a\nb") == Lines{"a 1", "b 2"});
  world.upgrade.all = true;
  CHECK(world.locked("a\nb") == Lines{"a 2", "b 2"});
}

TEST_CASE("resolve: lowest, lowest of direct requirements, finals before pre-releases") {
  World world;
  world.add("a", "1", {"b>=2"});
  world.add("a", "2", {"b>=2"});
  world.add("b", "1");
  world.add("b", "2");
  world.add("b", "3");
  world.add("b", "4rc1");
  CHECK(world.locked("a") == Lines{"a 2", "b 3"});
  world.options.resolution = resolve::Resolution::lowest;
  CHECK(world.locked("a") == Lines{"a 1", "b 2"});
  world.options.resolution = resolve::Resolution::lowest_direct;
  CHECK(world.locked("a") == Lines{"a 1", "b 3"});
  world.options.resolution = resolve::Resolution::highest;
  CHECK(world.locked("a\nb>3") == Lines{"a 2", "b 4rc1"});
  CHECK(world.locked("b>=1rc1") == Lines{"b 3"});
  world.options.prereleases = true;
  CHECK(world.locked("a") == Lines{"a 2", "b 4rc1"});
}

TEST_CASE("resolve: overrides replace what others ask, or take it away") {
  World world;
  world.add("a", "1", {"b<2", "c"});
  world.add("b", "1");
  world.add("b", "2");
  world.add("c", "1");
  world.files["over.txt"] = "b==2\nc ; sys_platform == 'win32'\n";
  world.options.override_files = {"over.txt"};
  CHECK(world.locked("a\nb<2") == Lines{"a 1", "b 2"});
  world.files["over.txt"] = "b==2\nb==1\n";
  CHECK(world.failure("a").find("over.txt:2:1: error: `b` is overridden twice, first at "
                                "over.txt:1") == 0);
}

TEST_CASE("resolve: requirement and constraint files of the command line stand for the config's") {
  World world;
  world.add("a", "1");
  world.add("a", "2");
  world.add("b", "1");
  world.files["first.in"] = "a\n";
  world.files["sub/it's.in"] = "b\n";
  world.files["limits.in"] = "a<2\n";
  world.options.requirement_files = {"first.in", "sub/it's.in"};
  CHECK(world.locked("never-read") == Lines{"a 2", "b 1"});
  world.options.constraint_files = {"limits.in"};
  CHECK(world.locked("never-read") == Lines{"a 1", "b 1"});
  world.files["first.in"] = "a>1\n";
  const auto text = world.failure("");
  CHECK(text.find("first.in:1 wants `a>1`\n") != std::string::npos);
  CHECK(text.find("limits.in:1 allows only `a<2`\n") != std::string::npos);
}

TEST_CASE("resolve: files after the cutoff, or of unknown time, do not exist") {
  World world;
  const auto add = [&](const std::string& version, const std::string& time) {
    world.source.add(
        {.file = {.file_name = "a-" + version + "-py3-none-any.whl", .upload_time = time},
         .metadata = World::metadata("a", version, {})});
  };
  add("1", "2023-01-01T00:00:00Z");
  add("2", "2024-01-01T00:00:00.5Z");
  add("3", "");
  CHECK(world.locked("a") == Lines{"a 3"});
  world.options.exclude_newer = "2024-01-01T00:00:00Z";
  CHECK(world.locked("a") == Lines{"a 1"});
  CHECK(world.run("a")->exclude_newer == "2024-01-01T00:00:00Z");
  world.options.exclude_newer = "2024-01-01T00:00:01Z";
  CHECK(world.locked("a") == Lines{"a 2"});
  CHECK(world.failure("a==3").find("`a` 3 has no upload time, and only files from before "
                                   "2024-01-01T00:00:01Z count") != std::string::npos);
}

TEST_CASE("resolve: wheels and source archives by what the options allow") {
  World world;
  const auto add_source = [&](const std::string& version) {
    world.source.add(
        {.file = {.form = lock::Form::source_archive, .file_name = "a-" + version + ".tar.gz"},
         .metadata = World::metadata("a", version, {})});
  };
  world.add("a", "1");
  add_source("1");
  add_source("2");
  CHECK(world.locked("a") == Lines{"a 2"});
  CHECK(world.run("a")->distributions[0].form == lock::Form::source_archive);
  world.options.prefer_binary = true;
  CHECK(world.locked("a") == Lines{"a 1"});
  CHECK(world.locked("a>1") == Lines{"a 2"});
  world.options.only_binary.all = true;
  CHECK(world.failure("a>1").find("`a` 2 has only a source archive, and building is off") !=
        std::string::npos);
  world.options.only_binary.all = false;
  world.options.no_binary.names = {"a"};
  CHECK(world.run("a==1")->distributions[0].form == lock::Form::source_archive);
}

TEST_CASE("resolve: a constraint pins what is only needed, and binds what is required") {
  World world;
  world.files["limits.txt"] = "numpy==1.26.4\nunused==9\n";
  world.add("scipy", "1.11.1", {"numpy"});
  world.add("numpy", "1.26.4");
  world.add("numpy", "2.0.0");
  CHECK(world.locked("-c limits.txt\nscipy==1.11.1") == Lines{"numpy 1.26.4", "scipy 1.11.1"});
  const auto lock = world.run("-c limits.txt\nscipy==1.11.1");
  CHECK(!lock->distributions[0].requested);
}

TEST_CASE("resolve: a pin without local label takes the highest label there is") {
  World world;
  world.add("bigtensor", "2.1.2");
  world.add("bigtensor", "2.1.2+cu118");
  CHECK(world.locked("bigtensor==2.1.2") == Lines{"bigtensor 2.1.2+cu118"});
}

TEST_CASE("resolve: only the lower bound of requires-python counts, a crossed cap warns") {
  World world;
  world.add("old", "1.0", {}, "Requires-Python: >=3.7,<3.11\n");
  world.add("new", "1.0", {}, "Requires-Python: >=3.12\n");
  CHECK(world.locked("old==1.0") == Lines{"old 1.0"});
  CHECK(
      world.reporter->warnings() ==
      Lines{"`old` 1.0 is declared for Python >=3.7,<3.11, and installed on 3.11.2 all the same"});
  CHECK(
      world.failure("new==1.0").find("`new` 1.0 needs Python >=3.12, but the target has 3.11.2") !=
      std::string::npos);
}

TEST_CASE("resolve: extras bring their dependencies, through cycles and self-references") {
  World world;
  world.add("web", "1.0", {"loop ; extra == 'fast'", "web[fast] ; extra == 'all'", "back"},
            "Provides-Extra: fast\nProvides-Extra: all\n");
  world.add("loop", "1.0", {"web"});
  world.add("back", "1.0", {"web"});
  CHECK(world.locked("web==1.0\nback==1.0") == Lines{"back 1.0", "web 1.0"});
  CHECK(world.locked("web[all]==1.0\nback==1.0\nloop==1.0") ==
        Lines{"back 1.0", "loop 1.0", "web 1.0"});
  CHECK(world.locked("web[all]==1.0") == Lines{"back 1.0", "loop 1.0", "web 1.0"});
  CHECK(world.locked("web[nope]==1.0\nback==1.0") == Lines{"back 1.0", "web 1.0"});
  CHECK(world.reporter->warnings() == Lines{"`web` 1.0 has no extra `nope`"});
}

TEST_CASE("resolve: CUDA that comes along unasked is told of") {
  World world;
  world.add("vision", "1", {"torch"});
  world.add("torch", "2.9.0", {"nvidia-cublas", "nvidia-cufft"});
  world.add("nvidia_cublas", "13");
  world.add("nvidia_cufft", "13");
  CHECK(world.locked("vision").size() == 4);
  CHECK(world.reporter->warnings() ==
        Lines{"2 distributions of CUDA, 0 MB, go into an image without `gpu: true`: name torch in "
              "the requirements, or say --torch-backend cpu, for builds without"});
  world.options.torch_backend = "none";
  CHECK(world.locked("vision").size() == 4);
  CHECK(world.reporter->warnings().empty());
}

TEST_CASE("resolve: yanked files only by an exact pin, with a warning") {
  World world;
  world.source.add(
      {.file = {.file_name = "a-1-py3-none-any.whl", .yanked = true, .yanked_reason = "broken"},
       .metadata = World::metadata("a", "1", {})});
  CHECK(world.locked("a==1") == Lines{"a 1"});
  CHECK(world.reporter->warnings() == Lines{"`a` 1 was yanked: broken"});
  CHECK(world.failure("a>=1").find("`a` 1 was yanked: broken") != std::string::npos);
  // One line that names it is enough, be it an override; a range is not, nor is another label.
  CHECK(world.locked("a==1\na<2") == Lines{"a 1"});
  CHECK(world.failure("a==1,<2").find("`a` 1 was yanked") != std::string::npos);
  world.add("b", "1", {"a"});
  world.files["over.txt"] = "a==1";
  world.options.override_files = {"over.txt"};
  CHECK(world.locked("b") == Lines{"a 1", "b 1"});
  World labels;
  labels.source.add({.file = {.file_name = "a-1+x-py3-none-any.whl", .yanked = true},
                     .metadata = World::metadata("a", "1+x", {})});
  CHECK(labels.failure("a==1").find("`a` 1+x was yanked") != std::string::npos);
  CHECK(labels.locked("a==1+x") == Lines{"a 1+x"});
}
