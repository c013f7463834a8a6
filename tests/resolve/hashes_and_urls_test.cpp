#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using test::Lines;
using test::World;

TEST_CASE("resolve: hashes filter files, and one of them asks all for hashes") {
  World world;
  world.add("a", "1", {"b"});
  world.add("b", "1");
  const auto hash = [](const std::string& text) {
    return " --hash=sha256:" + digest::digest_of(text).hex();
  };
  CHECK(world.locked("a==1" + hash("a1") + "\nb==1" + hash("b1")) == Lines{"a 1", "b 1"});
  CHECK(world.failure("a==1" + hash("other") + "\nb==1" + hash("b1"))
            .find("`a` 1 has no file that matches a listed hash") != std::string::npos);
  CHECK(world.failure("a==1" + hash("a1") + "\nb==1")
            .find("`b` has no `--hash`, but other requirements have") != std::string::npos);
  CHECK(world.failure("a==1" + hash("a1") + "\nb==1")
            .find("hint: write `b==1 --hash=sha256:" + digest::digest_of("b1").hex() + "`") !=
        std::string::npos);
}

TEST_CASE("resolve: a wheel named by URL fixes source and version") {
  World world;
  world.add("a", "1", {"b>=2"});
  world.source.add_direct(
      "https://u:secret@h/b-2-py3-none-any.whl",
      {.file = {.file_name = "b-2-py3-none-any.whl", .location = "https://h/b-2-py3-none-any.whl"},
       .metadata = World::metadata("b", "2", {})});
  world.source.add_direct(
      "wheels/b-1-py3-none-any.whl",
      {.file = {.file_name = "b-1-py3-none-any.whl", .location = "wheels/b-1-py3-none-any.whl"},
       .metadata = World::metadata("b", "1", {})});
  world.files["wheels/b-1-py3-none-any.whl"] = "";
  const auto lock = world.run("a==1\nhttps://u:secret@h/b-2-py3-none-any.whl");
  REQUIRE(lock);
  CHECK(lock->distributions[1].location == "https://h/b-2-py3-none-any.whl");
  CHECK(lock->distributions[1].direct_url);
  CHECK(lock->distributions[1].requested);
  CHECK(to_json(*lock).find("secret") == std::string::npos);
  CHECK(world.locked("a==1\nb @ https://u:secret@h/b-2-py3-none-any.whl") == Lines{"a 1", "b 2"});
  CHECK(world.failure("a==1\n./wheels/b-1-py3-none-any.whl")
            .find("`a` 1 needs `b>=2`, but b is 1 by its URL or path") != std::string::npos);
  CHECK(world.failure("./wheels/b-1-py3-none-any.whl\nhttps://u:secret@h/b-2-py3-none-any.whl")
            .find("contradicts") != std::string::npos);
}

TEST_CASE("resolve: what an index says of a file's hashes does not outweigh its SHA-256") {
  const auto good = digest::digest_of("good").hex();
  const auto evil = digest::digest_of("evil").hex();
  const std::string other(128, 'a');
  const auto failure = [&](const std::vector<python::FileHash>& claimed,
                           const std::string& listed) {
    World world;
    world.source.add(
        {.file = {.file_name = "b-2-py3-none-any.whl", .hashes = claimed, .size_bytes = 10},
         .metadata = World::metadata("b", "2", {})});
    return world.failure("b==2" + listed);
  };
  const std::string both = " --hash=sha256:" + good + " --hash=sha512:" + other;
  const std::string told =
      "`b-2-py3-none-any.whl` has digest sha256:" + evil + ", which no listed hash allows";
  CHECK(failure({{.algorithm = "sha256", .hex = evil}, {.algorithm = "sha512", .hex = other}}, both)
            .find(told) != std::string::npos);
  // The key twice in one table.
  CHECK(failure({{.algorithm = "sha256", .hex = good}, {.algorithm = "sha256", .hex = evil}}, both)
            .find(told) != std::string::npos);
  // Nothing at all can be proved.
  CHECK(failure({{.algorithm = "sha256", .hex = evil}, {.algorithm = "sha512", .hex = other}},
                " --hash=sha512:" + other)
            .find("the listed hashes of `b-2-py3-none-any.whl` cannot be verified") !=
        std::string::npos);
}

TEST_CASE("resolve: the hashes of an override count instead of others") {
  World world;
  world.add("a", "1", {"b"});
  world.add("b", "1");
  world.options.override_files = {"overrides.txt"};
  const auto overridden = [&](const std::string& content) {
    world.files["overrides.txt"] = "b==1 --hash=sha256:" + digest::digest_of(content).hex() + "\n";
  };
  overridden("b1");
  CHECK(world.locked("a") == Lines{"a 1", "b 1"});
  CHECK(world.locked("a==1 --hash=sha256:" + digest::digest_of("a1").hex()) == Lines{"a 1", "b 1"});
  overridden("other");
  CHECK(world.failure("a").find("has no file that matches a listed hash") != std::string::npos);
}

TEST_CASE("resolve: a direct wheel's hash counts only where it can be checked") {
  World world;
  const std::string location = "https://h/b-2-py3-none-any.whl";
  world.source.add_direct(
      location, {.file = {.file_name = "b-2-py3-none-any.whl",
                          .location = location,
                          .hashes = {{.algorithm = "sha256", .hex = digest::digest_of("b").hex()}}},
                 .metadata = World::metadata("b", "2", {})});
  const std::string line = "b @ " + location + " --hash=";
  CHECK(world.locked(line + "sha256:" + digest::digest_of("b").hex()) == Lines{"b 2"});
  CHECK(world.failure(line + "sha256:" + digest::digest_of("c").hex())
            .find("which no listed hash allows") != std::string::npos);
  CHECK(world.failure(line + "sha512:" + std::string(128, 'a'))
            .find("the listed hashes of `b-2-py3-none-any.whl` cannot be verified") !=
        std::string::npos);
}

TEST_CASE("resolve: a URL without a login takes its host's from netrc, where nobody listens") {
  World world;
  world.netrc = "machine h.example login me password a@b\n";
  const auto add = [&](const std::string& location, const std::string& name) {
    world.source.add_direct(
        location, {.file = {.file_name = name + "-1-py3-none-any.whl",
                            .location = "https://h.example/" + name + "-1-py3-none-any.whl"},
                   .metadata = World::metadata(name, "1", {})});
  };
  add("https://me:a%40b@h.example/a-1-py3-none-any.whl", "a");
  add("https://other@h.example/b-1-py3-none-any.whl", "b");
  add("http://h.example/c-1-py3-none-any.whl", "c");
  const auto lock = world.run(
      "https://h.example/a-1-py3-none-any.whl\nhttps://other@h.example/b-1-py3-none-any.whl\n"
      "http://h.example/c-1-py3-none-any.whl");
  REQUIRE_MESSAGE(lock, (lock ? "" : render(lock.error())));
  CHECK(lock->distributions.size() == 3);
  CHECK(to_json(*lock).find("a%40b") == std::string::npos);
}
