#include <cogbuild/lock/lock.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace cogbuild;
using lock::Group;
using lock::Lock;
using lock::LockedDistribution;

namespace {

digest::Digest digest_of_letter(char letter) {
  return digest::Digest::parse_hex(std::string(64, letter)).value();
}

Lock example() {
  return {.python_version = "3.11.2",
          .architecture = "x86_64",
          .libc = "glibc 2.36",
          .exclude_newer = "2024-05-01T12:00:00Z",
          .inputs = "sha256:00",
          .indexes = {"https://host/simple/"},
          .distributions = {
              {.name = "cog",
               .metadata_name = "cog",
               .version = "0.22.0",
               .file_name = "cog-0.22.0-py3-none-any.whl",
               .location = "https://host/cog-0.22.0-py3-none-any.whl",
               .digest = digest_of_letter('a'),
               .size_bytes = 12,
               .group = Group::runtime,
               .requires_names = {"pyyaml"}},
              {.name = "opencv-python-headless",
               .metadata_name = "opencv-python-headless",
               .version = "4.10.0.84",
               .file_name = "o.whl",
               .location = "wheels/o.whl",
               .digest = digest_of_letter('b'),
               .size_bytes = 18446744073709551615U,
               .requested = true,
               .direct_url = true,
               .replaces = "opencv-python",
               .stands_for = {"opencv-contrib-python", "opencv-python"},
               .index = "https://host/simple/",
               .upload_time = "2024-05-01T12:00:00Z",
               .requires_python = ">=3.8"},
              {.name = "tool",
               .metadata_name = "Tool",
               .version = "1.0",
               .form = lock::Form::version_control,
               .location = "https://host/tool.git",
               .direct_url = true,
               .commit = "0123456789012345678901234567890123456789",
               .requested_revision = "main",
               .subdirectory = "python"},
          }};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("to_json: the bytes of a small lock") {
  Lock lock = example();
  lock.distributions.resize(1);
  CHECK(to_json(lock) == R"({
  "lock-version": 2,
  "python-version": "3.11.2",
  "architecture": "x86_64",
  "libc": "glibc 2.36",
  "exclude-newer": "2024-05-01T12:00:00Z",
  "inputs": "sha256:00",
  "indexes": [
    "https://host/simple/"
  ],
  "distributions": [
    {
      "name": "cog",
      "metadata-name": "cog",
      "version": "0.22.0",
      "form": "wheel",
      "file-name": "cog-0.22.0-py3-none-any.whl",
      "location": "https://host/cog-0.22.0-py3-none-any.whl",
      "digest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "size": 12,
      "group": "runtime",
      "requested": false,
      "direct-url": false,
      "requires": [
        "pyyaml"
      ]
    }
  ]
}
)");
  CHECK(to_json(Lock{}) ==
        "{\n  \"lock-version\": 2,\n  \"python-version\": \"\",\n  \"distributions\": []\n}\n");
}

TEST_CASE("parse: reads back what to_json wrote") {
  CHECK(lock::parse(to_json(example())).value() == example());
  CHECK(lock::parse(to_json(Lock{})).value() == Lock{});
}

TEST_CASE("to_json: distributions are sorted by name whatever their order") {
  Lock shuffled = example();
  std::reverse(shuffled.distributions.begin(), shuffled.distributions.end());
  CHECK(to_json(shuffled) == to_json(example()));
}

TEST_CASE("to_json: bytes that are no UTF-8 do not throw") {
  Lock lock = example();
  lock.distributions[0].version = "\xFF";
  CHECK(lock::parse(to_json(lock)));
}

TEST_CASE("parse: another version is unsupported and says what to do") {
  const auto parsed =
      lock::parse(replaced(to_json(example()), "\"lock-version\": 2", "\"lock-version\": 1"));
  REQUIRE(!parsed);
  CHECK(parsed.error().kind() == ErrorKind::unsupported);
  CHECK(parsed.error().message() == "the lock has version 1, this cogbuild reads 2");
  CHECK(parsed.error().hints() == std::vector<std::string>{"run `cogbuild lock` to write it anew"});
}

TEST_CASE("parse: broken locks are errors") {
  const std::string good = to_json(example());
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"),
        good.substr(0, 100), replaced(good, "\"name\": \"cog\"", "\"name\": 1"),
        replaced(good, "\"size\": 12", "\"size\": -12"),
        replaced(good, "\"size\": 12", "\"size\": 1.5"), replaced(good, "sha256:aa", "md5:aa"),
        replaced(good, "\"runtime\"", "\"other\""), replaced(good, "\"wheel\"", "\"egg\""),
        replaced(good, "\"name\": \"cog\"", "\"name\": \"z\""),
        replaced(good, "\"requires\": [", "\"requires\": [1,")}) {
    CAPTURE(text);
    CHECK(!lock::parse(text));
  }
  CHECK(!lock::parse(std::string(100'000, '[')));
}
