#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using test::Lines;
using test::World;

TEST_CASE("inputs_digest: a commit is told by its repository, revision and subdirectory") {
  World world;
  const auto digest = [&](const std::string& requirement) {
    world.files["requirements.txt"] = requirement + "\n";
    const io::MemoryTree tree(world.files);
    return resolve::inputs_digest(world.inputs(tree)).value();
  };
  const auto first = digest("a @ git+https://h/r@v1");
  CHECK(digest("a @ git+https://h/r@v1") == first);
  CHECK(digest("a @ git+https://u:secret@h/r@v1") == first);
  CHECK(digest("a @ git+https://h/r@v2") != first);
  CHECK(digest("a @ git+https://h/other@v1") != first);
  CHECK(digest("a @ git+https://h/r@v1#subdirectory=b") != first);
}

TEST_CASE("inputs_digest: changes with what decides the lock, and with nothing else") {
  World world;
  world.files["requirements.txt"] = "a==1\n";
  const auto digest = [&] {
    const io::MemoryTree tree(world.files);
    const auto inputs = world.inputs(tree);
    return resolve::inputs_digest(inputs).value();
  };
  const auto first = digest();
  CHECK(digest() == first);
  world.files["requirements.txt"] = "# said otherwise\na == 1\n";
  CHECK(digest() == first);
  world.files["requirements.txt"] = "a==2\n";
  CHECK(digest() != first);
  world.files["requirements.txt"] = "a==1\n--extra-index-url https://u:secret@h/simple\n";
  const auto with_index = digest();
  CHECK(with_index != first);
  world.files["requirements.txt"] = "a==1\n--extra-index-url https://other:word@h/simple\n";
  CHECK(digest() == with_index);
  const auto extra = [](const std::string& name) {
    return "--extra-index-url https://" + name + ".example/simple\n";
  };
  world.files["requirements.txt"] = extra("x") + extra("y") + "a==1\n";
  const auto in_one_order = digest();
  world.files["requirements.txt"] = extra("y") + extra("x") + "a==1\n";
  CHECK(digest() == in_one_order);
  world.options.index_strategy = pypi::IndexStrategy::first_index;
  const auto first_of_y = digest();
  world.files["requirements.txt"] = extra("x") + extra("y") + "a==1\n";
  CHECK(digest() != first_of_y);
  world.options.index_strategy.reset();
  world.files["requirements.txt"] = "a==1\n";
  world.python = "3.12";
  CHECK(digest() != first);
  world.python = "3.11.2";
  world.options.opencv_headless = false;
  CHECK(digest() != first);
}
