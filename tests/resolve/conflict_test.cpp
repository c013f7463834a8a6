#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using test::Lines;
using test::World;

TEST_CASE("resolve: a need that nothing answers is told with what there is") {
  World world;
  world.add("scipy", "1.11.1", {"numpy>=1.22"});
  world.add("numpy", "1.20.0");
  CHECK(world.failure("numpy==1.20.0\nscipy==1.11.1") ==
        "requirements.txt:2:1: error: no versions fit the requirements for CPython 3.11 on linux "
        "x86_64, glibc 2.36\n"
        "  2 | scipy==1.11.1\n    | ^\n"
        "  requirements.txt:2 wants `scipy==1.11.1`\n"
        "  `scipy` 1.11.1 needs `numpy>=1.22`, but numpy has no version `>=1.22` (newest: "
        "1.20.0)\n"
        "  while resolving Python requirements for CPython 3.11 on linux x86_64, glibc 2.36\n");
}

TEST_CASE("resolve: a conflict is a story of the user's lines, with changes that would help") {
  World world;
  world.add("vision_kit", "1.0", {"fastarray<2"});
  world.add("vision_kit", "2.0", {"fastarray>=2.1"});
  world.add("vision_kit", "2.1", {"fastarray>=2.1"});
  world.add_file("vision_kit-2.2-cp312-cp312-manylinux_2_17_x86_64.whl");
  world.add("fastarray", "1.9");
  world.add("fastarray", "2.3");
  CHECK(world.failure("# needs\nfastarray<2\nvision-kit>=2\n") ==
        "requirements.txt:2:1: error: no versions fit the requirements for CPython 3.11 on linux "
        "x86_64, glibc 2.36\n"
        "  2 | fastarray<2\n    | ^\n"
        "  requirements.txt:2 wants `fastarray<2`\n"
        "  requirements.txt:3 wants `vision-kit>=2`\n"
        "  `vision-kit` 2.0 and 2.1 need `fastarray>=2.1`\n"
        "  `vision-kit` 2.2 has no wheel for CPython 3.11 on linux x86_64, glibc 2.36 (found: "
        "cp312)\n"
        "  while resolving Python requirements for CPython 3.11 on linux x86_64, glibc 2.36\n"
        "hint: requirements.txt:2: with `fastarray==2.3` everything fits\n"
        "hint: requirements.txt:3: with `vision-kit==1.0` everything fits\n");
}

TEST_CASE("resolve: lines for one distribution merge when they agree and clash otherwise") {
  World world;
  world.add("numpy", "1.26.4");
  world.add("numpy", "1.25.0");
  CHECK(world.locked("numpy>=1.20\nNumPy==1.26.4\nnumpy==1.26.4.0") == Lines{"numpy 1.26.4"});
  CHECK(world.failure("numpy==1.26.4\nnumpy==1.25.0")
            .find("requirements.txt:2:1: error: `numpy==1.25.0` contradicts `numpy==1.26.4` at "
                  "requirements.txt:1\n") == 0);
}

TEST_CASE("resolve: without a wheel for the target the error says what there is") {
  World world;
  world.add_file("flash_attn-2.5.0.tar.gz");
  world.add_file("jax-0.4-cp312-cp312-manylinux_2_17_x86_64.whl");
  world.add_file("new-1.0-py3-none-any.whl");
  const std::string text = world.failure("flash-attn==2.5.0\njax==0.4\nnothing==1\nnew==2");
  CHECK(text.find("1:1: error: `flash-attn` 2.5.0 has no wheel for CPython 3.11 on linux x86_64, "
                  "glibc 2.36 "
                  "(found: only a source archive)\n") != std::string::npos);
  CHECK(
      text.find(
          "`jax` 0.4 has no wheel for CPython 3.11 on linux x86_64, glibc 2.36 (found: cp312)\n") !=
      std::string::npos);
  CHECK(text.find("`nothing` is on none of the package indexes\n") != std::string::npos);
  CHECK(text.find("`new` has no version `==2` (newest: 1.0)\n") != std::string::npos);
}

TEST_CASE("resolve: what cannot be a source is refused with its line") {
  World world;
  world.files["lib/setup.py"] = "";
  const auto check = [&](const std::string& line, const std::string& message) {
    CAPTURE(line);
    const auto failure = world.failure(line);
    CHECK_MESSAGE(failure.find("requirements.txt:1:1: error: " + message + "\n") == 0, failure);
    CHECK(failure.find("secret") == std::string::npos);
  };
  check("hg+https://h/r", "`hg+` requirements are not supported");
  check("x @ svn+https://h/r", "`svn+` requirements are not supported");
  check("bzr+https://h/r#egg=x", "`bzr+` requirements are not supported");
  check("-e git+https://h/r#egg=x", "editable VCS checkouts cannot exist in an image");
  check("git+http://u:secret@h/r", "`git+http` is not fetched");
  check("x @ git+https://u:secret@h/r@-x", "a `git+` location has a revision that starts with `-`");
  check("x @ git+https://h/r#egg=y", "the URL says `egg=y`, the requirement `x`");
  check("x @ https://h/y-1-py3-none-any.whl",
        "`y-1-py3-none-any.whl` is a wheel of `y`, not of `x`");
  check("x @ https://u:secret@h/page", "`page` is neither a wheel nor a source archive");
  check("x @ https://h/x-1.tar.gz#subdirectory=../y",
        "the subdirectory of a URL must lie within it");
  check("x @ https://h/x-1.tar.gz#md5=0123", "hash algorithm `md5` is not accepted");
  CHECK(world.failure("--require-hashes\nx @ git+https://h/r")
            .find("requirements.txt:2:1: error: hashes are required, and a git checkout cannot be "
                  "hashed\n") == 0);
  CHECK(world.failure("--require-hashes\n./lib")
            .find("requirements.txt:2:1: error: hashes are required, and a directory cannot be "
                  "hashed\n") == 0);
}

TEST_CASE("resolve: versions that only a build could tell about are passed over with a warning") {
  World world;
  world.source.add({.file = {.form = lock::Form::source_archive, .file_name = "a-2.tar.gz"},
                    .must_be_built = "must be built to know what it requires"});
  world.add("a", "1");
  CHECK(world.locked("a") == Lines{"a 1"});
  CHECK(world.reporter->warnings() ==
        Lines{"`a` 2 and what needs it was passed over: only a build could tell what it requires, "
              "and building from source is not available yet"});
  CHECK(world.failure("a>1") ==
        "requirements.txt:1:1: error: no versions fit the requirements for CPython 3.11 on linux "
        "x86_64, glibc 2.36\n  1 | a>1\n    | ^\n"
        "  requirements.txt:1 wants `a>1`\n"
        "  `a` 2 must be built to know what it requires\n"
        "  while resolving Python requirements for CPython 3.11 on linux x86_64, glibc 2.36\n"
        "hint: building from source is not available yet: name a wheel of `a` by path or URL, or a "
        "place of wheels by --find-links\n"
        "hint: requirements.txt:1: with `a==1` everything fits\n");
}

TEST_CASE("resolve: where builds of torch were chosen, a conflict says so") {
  World world;
  world.add("torch", "2.9.0", {"numpy<2"});
  world.add("numpy", "2.0");
  world.add("numpy", "1.0");
  CHECK(world.failure("torch>=2\nnumpy>=2").find("; --torch-backend chooses other builds\n") !=
        std::string::npos);
}
