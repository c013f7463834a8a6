#include <cogbuild/config/config.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

// Files of cases: `=== name`, the cog.yaml, `---->`, what `read` says about it.
// COGBUILD_ACCEPT=1 rewrites the last part; review it like code.
namespace cogbuild::config {

namespace {

constexpr std::string_view kCase = "=== ";
constexpr std::string_view kExpected = "---->\n";

struct Case {
  std::string name{};
  std::string yaml{};
  std::string expected{};
};

std::vector<Case> load(const std::string& path) {
  const auto text = io::read_file(path);
  REQUIRE(text.has_value());
  std::vector<Case> cases;
  std::string* part = nullptr;
  for (std::size_t at = 0; at < text->size();) {
    const auto end = std::min(text->find('\n', at), text->size() - 1) + 1;
    const auto line = std::string_view(*text).substr(at, end - at);
    at = end;
    if (line.starts_with(kCase)) {
      cases.push_back(
          {.name = std::string(line.substr(kCase.size(), line.size() - kCase.size() - 1))});
      part = &cases.back().yaml;
    } else if (line == kExpected) {
      part = &cases.back().expected;
    } else {
      REQUIRE(part != nullptr);
      *part += line;
    }
  }
  return cases;
}

std::string outcome(const std::string& yaml) {
  const io::MemoryTree project({{"cog.yaml", yaml},
                                {"requirements.txt", ""},
                                {"src/a.py", ""},
                                {".gitmodules", "[submodule \"engine\"]\n\tpath = engine\n"}});
  const auto result = read(project, "cog.yaml");
  if (!result) return render(result.error());
  std::string out = to_label_json(result->config) + "\n";
  for (const Error& warning : result->warnings) out += render(warning);
  return out;
}

void check_file(const std::string& name) {
  const std::string path = std::string(COGBUILD_TEST_DATA) + "/" + name;
  auto cases = load(path);
  const bool accept = std::getenv("COGBUILD_ACCEPT") != nullptr;
  std::string rewritten;
  for (Case& example : cases) {
    CAPTURE(example.name);
    const std::string actual = outcome(example.yaml);
    if (!accept) CHECK(actual == example.expected);
    rewritten +=
        std::string(kCase) + example.name + "\n" + example.yaml + std::string(kExpected) + actual;
  }
  if (accept) REQUIRE(io::write_atomically(path, rewritten).has_value());
}

}  // namespace

TEST_CASE("read: refuses what breaks a rule, and says where, what and what to do") {
  check_file("refused.txt");
}

TEST_CASE("read: accepts what Cog accepts, with warnings where Cog is silent") {
  check_file("accepted.txt");
}

}  // namespace cogbuild::config
