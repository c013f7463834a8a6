#include "world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using test::Lines;
using test::World;

namespace {

// The index of the OpenCV case.
World opencv_world() {
  World world;
  for (const std::string name : {"opencv_python", "opencv_python_headless"}) {
    world.add(name, "4.8.1.78", {"numpy"});
    world.add(name, "4.10.0.84", {"numpy"});
  }
  world.add("opencv_contrib_python", "4.10.0.84", {"numpy"});
  world.add("opencv_contrib_python_headless", "4.10.0.84", {"numpy"});
  world.add("opencv_python", "4.5.3.56", {"numpy"});
  world.add("watermark_lib", "0.2.0", {"opencv-python>=4.1.0.25"});
  world.add("augment_lib", "1.4.3", {"opencv-python-headless>=4.9.0.80"});
  world.add("contrib_user", "1.0", {"opencv-contrib-python"});
  world.add("numpy", "1.26.4");
  return world;
}

}  // namespace

TEST_CASE("opencv: the GUI distribution becomes the headless one of the same version") {
  auto world = opencv_world();
  CHECK(world.locked("opencv-python==4.8.1.78\nnumpy==1.26.4") ==
        Lines{"numpy 1.26.4", "opencv-python-headless 4.8.1.78"});
  CHECK(world.reporter->notes() ==
        Lines{"opencv-python 4.8.1.78 -> opencv-python-headless 4.8.1.78 (no GUI libraries needed; "
              "--no-opencv-headless keeps it)"});
  const auto lock = world.run("opencv-python==4.8.1.78\nnumpy==1.26.4");
  CHECK(lock->distributions[1].replaces == "opencv-python");
  CHECK(lock->distributions[1].requested);
}

TEST_CASE("opencv: dependencies that name the GUI distribution get the headless one") {
  auto world = opencv_world();
  const std::string both = "watermark-lib==0.2.0\naugment-lib==1.4.3\nnumpy==1.26.4\n";
  CHECK(world.locked(both + "opencv-python==4.10.0.84") ==
        Lines{"augment-lib 1.4.3", "numpy 1.26.4", "opencv-python-headless 4.10.0.84",
              "watermark-lib 0.2.0"});
  const auto lock = world.run(both);
  REQUIRE(lock);
  CHECK(lock->distributions[2].name == "opencv-python-headless");
  CHECK(lock->distributions[2].replaces == "opencv-python");
  CHECK(lock->distributions[2].stands_for == Lines{"opencv-python"});
  auto other = opencv_world();
  CHECK(other.locked("watermark-lib==0.2.0\nopencv-python-headless==4.10.0.84\nnumpy==1.26.4")
            .size() == 3);
  CHECK(other.reporter->notes() == Lines{"opencv-python -> opencv-python-headless 4.10.0.84 (asked "
                                         "for by watermark-lib; no GUI libraries "
                                         "needed; --no-opencv-headless keeps it)"});
}

TEST_CASE("opencv: without a headless build of that version the GUI one is kept, with a warning") {
  auto world = opencv_world();
  CHECK(world.locked("opencv-python==4.5.3.56\nwatermark-lib==0.2.0\nnumpy==1.26.4") ==
        Lines{"numpy 1.26.4", "opencv-python 4.5.3.56", "watermark-lib 0.2.0"});
  CHECK(world.reporter->warnings() ==
        Lines{"requirements.txt:1: `opencv-python==4.5.3.56` is kept, as there is no "
              "opencv-python-headless of that "
              "version; at import it needs libGL (`libgl1`) and glib in the image"});
  CHECK(world.reporter->notes().empty());
}

TEST_CASE("opencv: one contrib flavour turns all into contrib-headless") {
  for (const std::string pins :
       {"opencv-contrib-python==4.10.0.84", "opencv-contrib-python-headless==4.10.0.84",
        "opencv-python==4.10.0.84\ncontrib-user==1.0",
        "opencv-python-headless==4.10.0.84\ncontrib-user==1.0"}) {
    CAPTURE(pins);
    auto world = opencv_world();
    const auto lines = world.locked("watermark-lib==0.2.0\nnumpy==1.26.4\n" + pins);
    CHECK(std::count_if(lines.begin(), lines.end(),
                        [](const auto& line) { return line.starts_with("opencv"); }) == 1);
    CHECK(std::count(lines.begin(), lines.end(), "opencv-contrib-python-headless 4.10.0.84") == 1);
  }
}

TEST_CASE("opencv: the option keeps what was asked for") {
  auto world = opencv_world();
  world.options.opencv_headless = false;
  CHECK(
      world
          .locked(
              "watermark-lib==0.2.0\naugment-lib==1.4.3\nnumpy==1.26.4\nopencv-python==4.10.0.84\n"
              "opencv-python-headless==4.10.0.84")
          .size() == 5);
  CHECK(world.reporter->notes().empty());
}

TEST_CASE("opencv: hashes of the GUI wheel give way with a warning") {
  auto world = opencv_world();
  const auto hash = [](const std::string& text) {
    return " --hash=sha256:" + digest::digest_of(text).hex();
  };
  CHECK(world.locked("opencv-python==4.8.1.78" + hash("x") + "\nnumpy==1.26.4" +
                     hash("numpy1.26.4")) ==
        Lines{"numpy 1.26.4", "opencv-python-headless 4.8.1.78"});
  CHECK(world.reporter->warnings() ==
        Lines{"requirements.txt:1: the hashes of `opencv-python==4.8.1.78` cannot apply to "
              "opencv-python-headless, so "
              "the index's own is taken"});
}

TEST_CASE("opencv: a line that lists the headless wheel's hash as well keeps it checked") {
  auto world = opencv_world();
  const auto hash = [](const std::string& text) {
    return " --hash=sha256:" + digest::digest_of(text).hex();
  };
  const std::string numpy = "\nnumpy==1.26.4" + hash("numpy1.26.4");
  CHECK(world.locked("opencv-python==4.8.1.78" + hash("x") +
                     hash("opencv_python_headless4.8.1.78") + numpy) ==
        Lines{"numpy 1.26.4", "opencv-python-headless 4.8.1.78"});
  CHECK(world.reporter->warnings().empty());
}
