#include <cogbuild/config/suggest.hpp>

#include <doctest/doctest.h>

namespace cogbuild::config {

TEST_CASE("nearest: finds what was probably meant, and nothing when nothing is near") {
  const std::vector<std::string> keys = {"gpu", "python_version", "environment",
                                         "run", "cuda",           "cudnn"};
  struct Row {
    const char* word;
    const char* expected;
  };
  for (const Row& row : {Row{"gpus", "gpu"},
                         {"GPU", "gpu"},
                         {"pgu", "gpu"},
                         {"python_verison", "python_version"},
                         {"pythonversion", "python_version"},
                         {"env", "environment"},
                         {"runs", "run"},
                         {"cudann", "cudnn"},
                         {"cud", "cuda"},
                         {"python", "python_version"},
                         {"", ""},
                         {"x", ""},
                         {"en", ""},
                         {"fast", ""},
                         {"completely_different", ""}}) {
    CAPTURE(row.word);
    CHECK(nearest(row.word, keys).value_or("") == row.expected);
  }
}

TEST_CASE("nearest: the earlier of two equally near candidates wins") {
  CHECK(nearest("bat", {"cat", "hat"}) == "cat");
  CHECK(nearest("bat", {"hat", "cat"}) == "hat");
}

TEST_CASE("nearest: a very long word costs nothing") {
  CHECK(!nearest(std::string(1'000'000, 'x'), {"gpu", "cuda"}));
}

}  // namespace cogbuild::config
