#include <cogbuild/python/wheel_name.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::BuildTag;
using python::SdistName;
using python::WheelName;

TEST_CASE("WheelName: the parts of a file name") {
  const auto wheel = WheelName::parse(
      "OpenCV_Python.Headless-4.10.0.84-37x-CP37-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64."
      "whl");
  REQUIRE(wheel);
  CHECK(to_string(wheel->name) == "opencv-python-headless");
  CHECK(to_string(wheel->version) == "4.10.0.84");
  CHECK(wheel->build == BuildTag{.present = true, .number = 37, .text = "x"});
  CHECK(wheel->pythons == std::vector<std::string>{"cp37"});
  CHECK(wheel->abis == std::vector<std::string>{"abi3"});
  CHECK(wheel->platforms ==
        std::vector<std::string>{"manylinux_2_17_x86_64", "manylinux2014_x86_64"});
}

TEST_CASE("WheelName: a tag written twice counts once") {
  const auto wheel = WheelName::parse("x-1-py3.py3.PY3-none-any.whl");
  REQUIRE(wheel);
  CHECK(wheel->pythons == std::vector<std::string>{"py3"});
}

TEST_CASE("WheelName: local labels and underscores in the version") {
  CHECK(to_string(WheelName::parse("torch-2.1.0+cu118-cp311-cp311-linux_x86_64.whl")->version) ==
        "2.1.0+cu118");
  CHECK(to_string(WheelName::parse("x-1.0_1-py3-none-any.whl")->version) == "1.0.post1");
}

TEST_CASE("BuildTag: none is lowest, then by number, then by text") {
  CHECK(BuildTag{} < BuildTag{.present = true, .number = 0});
  CHECK(BuildTag{.present = true, .number = 2} < BuildTag{.present = true, .number = 10});
  CHECK(BuildTag{.present = true, .number = 2} <
        BuildTag{.present = true, .number = 2, .text = "a"});
}

TEST_CASE("WheelName: what is no wheel name is refused, saying why") {
  struct Row {
    std::string text{};
    std::string why{};
  };
  const std::vector<Row> rows = {
      {"x-1-py3-none-any.zip", "it does not end in `.whl`"},
      {".whl", "it does not end in `.whl`"},
      {"x-1-py3-none.whl", "it has 4 parts, not 5 or 6"},
      {"x-1-1-py3-none-any-y.whl", "it has 7 parts, not 5 or 6"},
      {"-1-py3-none-any.whl", "`` is not a valid project name"},
      {"x-one-py3-none-any.whl", "`one` is not a valid version"},
      {"x-1-b1-py3-none-any.whl", "its build tag does not start with a digit"},
      {"x-1-py3..py2-none-any.whl", "a tag is empty or has a character outside `a-z0-9_`"},
      {"x__y-1-py3-none-any.whl", "its name has two underscores in a row"},
      {"x-1-2.7.6-none-any.whl", "its Python tag starts with a digit"},
      {"x-1-py3-none-a/b.whl", "a tag is empty or has a character outside `a-z0-9_`"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = WheelName::parse(row.text);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() ==
          "`" + row.text + "` is not a valid wheel file name: " + row.why);
  }
  CHECK(!WheelName::parse(std::string(10'000, 'a') + ".whl"));
}

TEST_CASE("SdistName: splits at the last dash that a version follows") {
  struct Row {
    std::string text{};
    std::string name{};
    std::string version{};
  };
  const std::vector<Row> rows = {
      {"numpy-1.26.4.tar.gz", "numpy", "1.26.4"},
      {"python-dateutil-2.8.zip", "python-dateutil", "2.8"},
      {"x-1.0-1.tgz", "x-1-0", "1"},
      {"x_y-1.0.post1.tar.bz2", "x-y", "1.0.post1"},
      {"x-1.0-beta.tar.xz", "x", "1.0b0"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = SdistName::parse(row.text);
    REQUIRE(parsed);
    CHECK(to_string(parsed->name) == row.name);
    CHECK(to_string(parsed->version) == row.version);
  }
  for (const std::string text :
       {"numpy.tar.gz", "-1.0.tar.gz", "numpy-1.0.exe", "numpy-x.zip", ""}) {
    CAPTURE(text);
    CHECK(!SdistName::parse(text));
  }
}
