#include <cogbuild/image/reference.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::image {
namespace {

const std::string kHex(64, 'a');

TEST_CASE("parse_reference: Docker's defaults fill in registry, library and tag") {
  struct Row {
    std::string text;
    std::string full;
  };
  const std::vector<Row> rows{
      {"python", "docker.io/library/python:latest"},
      {"python:3.11-slim", "docker.io/library/python:3.11-slim"},
      {"nvidia/cuda:12.1", "docker.io/nvidia/cuda:12.1"},
      {"docker.io/python", "docker.io/library/python:latest"},
      {"index.docker.io/python", "docker.io/library/python:latest"},
      {"registry-1.docker.io/a/b", "docker.io/a/b:latest"},
      {"r8.im/owner/model", "r8.im/owner/model:latest"},
      {"R8.im/owner/model", "r8.im/owner/model:latest"},
      {"localhost/x", "localhost/x:latest"},
      {"localhost:5000/x:y", "localhost:5000/x:y"},
      {"127.0.0.1:5000/a/b/c", "127.0.0.1:5000/a/b/c:latest"},
      {"[::1]:5000/a", "[::1]:5000/a:latest"},
      {"[::1]/a", "[::1]/a:latest"},
      {"host/x", "docker.io/host/x:latest"},
      {"a__b.c-d--e_f", "docker.io/library/a__b.c-d--e_f:latest"},
      {"a:_X.y-Z", "docker.io/library/a:_X.y-Z"},
      {"r8.im/a@sha256:" + kHex, "r8.im/a@sha256:" + kHex},
      {"r8.im/a:t@sha256:" + kHex, "r8.im/a:t@sha256:" + kHex},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_reference(row.text);
    REQUIRE(parsed.has_value());
    CHECK(to_string(*parsed) == row.full);
    CHECK(parse_reference(row.full).value() == *parsed);
  }
}

TEST_CASE("parse_reference: a host needs a dot or a colon") {
  CHECK(parse_reference("host/a").value().registry == "docker.io");
  CHECK(parse_reference("ho.st/a").value().registry == "ho.st");
  CHECK(parse_reference("host:1/a").value().registry == "host:1");
}

TEST_CASE("parse_reference: what is no name is refused, and why") {
  struct Row {
    std::string text;
    std::string message;
  };
  const std::vector<Row> rows{
      {"", "`` is not an image name: the repository is missing"},
      {"r8.im/", "`r8.im/` is not an image name: the repository is missing"},
      {"https://r8.im/a", "`https://r8.im/a` is not an image name: it holds a scheme"},
      {"r8.im/Owner/m", "`r8.im/Owner/m` is not an image name: `Owner/m` is not a repository"},
      {"a//b", "`a//b` is not an image name: `a//b` is not a repository"},
      {"a/../b", "`a/../b` is not an image name: `a/../b` is not a repository"},
      {"a___b", "`a___b` is not an image name: `a___b` is not a repository"},
      {"a._b", "`a._b` is not an image name: `a._b` is not a repository"},
      {"-a", "`-a` is not an image name: `-a` is not a repository"},
      {"a b", "`a b` is not an image name: `a b` is not a repository"},
      {"a:", "`a:` is not an image name: `` is not a tag"},
      {"a:-x", "`a:-x` is not an image name: `-x` is not a tag"},
      {"a:" + std::string(129, 'x'), "`a:" + std::string(129, 'x') + "` is not an image name: `" +
                                         std::string(129, 'x') + "` is not a tag"},
      {"h.:80/a", "`h.:80/a` is not an image name: `h.:80` is not a host"},
      {"h..x/a", "`h..x/a` is not an image name: `h..x` is not a host"},
      {"h:/a", "`h:/a` is not an image name: `h:` is not a host"},
      {"h:123456/a", "`h:123456/a` is not an image name: `h:123456` is not a host"},
      {"[::1/a", "`[::1/a` is not an image name: `[::1` is not a host"},
      {"a@sha256:12", "`a@sha256:12` is not an image name: `12` is not 64 hex digits"},
      {"a@md5:12", "`a@md5:12` is not an image name: digest algorithm `md5` is not supported"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_reference(row.text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().kind() == ErrorKind::config);
    CHECK(parsed.error().message() == row.message);
  }
}

TEST_CASE("parse_reference: host and repository together have at most 255 characters") {
  const std::string longest = "r8.im/" + std::string(249, 'a');
  CHECK(parse_reference(longest).has_value());
  CHECK(parse_reference(longest + "a").error().message() ==
        "`" + longest + "a` is not an image name: it is longer than 255 characters");
}

TEST_CASE("parse_reference: upper case in a repository gets its own hint") {
  CHECK(parse_reference("r8.im/Owner/m").error().hints() ==
        std::vector<std::string>{"repositories are written in lower case"});
}

}  // namespace
}  // namespace cogbuild::image
