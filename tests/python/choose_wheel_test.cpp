#include <cogbuild/python/choose_wheel.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::choose_wheel;
using python::TagList;
using python::Target;

namespace {

const Target kTarget{.python = python::Version::parse("3.11").value(),
                     .libc = python::Libc{.major = 2, .minor = 36}};

python::WheelChoice choose(const std::vector<std::string>& files) {
  return choose_wheel(files, TagList::of(kTarget), kTarget);
}

}  // namespace

TEST_CASE("choose_wheel: the lowest rank wins, then the highest build tag, then the file name") {
  CHECK(choose({"x-1-py3-none-any.whl", "x-1-cp311-cp311-manylinux_2_17_x86_64.whl"}).index == 1);
  CHECK(choose({"x-1-cp311-cp311-manylinux_2_17_x86_64.whl",
                "x-1-cp311-cp311-manylinux_2_28_x86_64.whl"})
            .index == 1);
  CHECK(
      choose({"x-1-py3-none-any.whl", "x-1-2-py3-none-any.whl", "x-1-10-py3-none-any.whl"}).index ==
      2);
  CHECK(choose({"X-1-py3-none-any.whl", "x-1.0-py3-none-any.whl"}).index == 0);
  CHECK(choose({"x-1.0-py3-none-any.whl", "X-1-py3-none-any.whl"}).index == 1);
}

TEST_CASE("choose_wheel: when none fits, the reason says what there is") {
  const std::string start = "has no wheel for CPython 3.11 on linux x86_64, glibc 2.36 (found: ";
  CHECK(choose({}).reason == start + "no file)");
  CHECK(choose({"x-1.tar.gz"}).reason == start + "only a source archive)");
  CHECK(choose({"x-1.tar.gz", "x-1-cp313-cp313t-win_amd64.whl",
                "x-1-cp312-cp312-manylinux_2_17_x86_64.whl",
                "x-1-cp310-cp310-manylinux_2_17_x86_64.whl", "x-1-py2-none-any.whl"})
            .reason == start + "cp310, cp312, cp313t, py2)");
  CHECK(choose({"x-1-cp311-cp311-win_amd64.whl", "x-1-cp311-cp311-manylinux_2_39_x86_64.whl",
                "x-1-cp312-cp312-macosx_11_0_arm64.whl"})
            .reason == start + "manylinux_2_39_x86_64, win_amd64)");
  CHECK(!choose({"x-1.tar.gz"}).index);
}
