#include <cogbuild/lock/changes.hpp>
#include <cogbuild/lock/requirements_export.hpp>

#include <doctest/doctest.h>

using namespace cogbuild;
using lock::Lock;
using lock::LockedDistribution;

namespace {

LockedDistribution one(const std::string& name, const std::string& version, char letter = 'a') {
  return {.name = name,
          .version = version,
          .file_name = name + "-" + version + "-py3-none-any.whl",
          .location = "https://host/" + name + "-" + version + "-py3-none-any.whl",
          .digest = digest::Digest::parse_hex(std::string(64, letter)).value()};
}

std::vector<std::string> texts(const std::vector<lock::Change>& changes) {
  std::vector<std::string> found;
  for (const auto& change : changes) found.push_back(to_string(change));
  return found;
}

}  // namespace

TEST_CASE("changes: versions, additions and removals by name") {
  const Lock before{.distributions = {one("a", "1"), one("b", "1"), one("gone", "2")}};
  const Lock after{.distributions = {one("a", "1"), one("b", "1.1"), one("new", "3")}};
  CHECK(texts(changes(before, after)) ==
        std::vector<std::string>{"b 1 -> 1.1", "- gone 2", "+ new 3"});
  CHECK(changes(before, before).empty());
}

TEST_CASE("changes: another file of the same version is told") {
  auto built = one("a", "1");
  built.file_name = "a-1-1-py3-none-any.whl";
  CHECK(texts(lock::changes({.distributions = {one("a", "1")}}, {.distributions = {built}})) ==
        std::vector<std::string>{"a 1 (a-1-py3-none-any.whl) -> 1 (a-1-1-py3-none-any.whl)"});
  const auto other =
      lock::changes({.distributions = {one("a", "1")}}, {.distributions = {one("a", "1", 'b')}});
  REQUIRE(other.size() == 1);
  CHECK(other[0].before != other[0].after);
}

TEST_CASE("requirement_changes: a line of the same name is one change") {
  CHECK(lock::requirement_changes({"-c numpy<2", "numpy==1.26.3", "pillow", "y[z]>=1"},
                                  {"-c numpy<3", "numpy==1.26.4", "x", "y>=1"}) ==
        std::vector<std::string>{"-c numpy<2 -> -c numpy<3", "numpy==1.26.3 -> numpy==1.26.4",
                                 "- pillow", "y[z]>=1 -> y>=1", "+ x"});
}

TEST_CASE("to_requirements: indexes first, then a line and a hash each") {
  auto local = one("local", "1", 'b');
  local.direct_url = true;
  local.location = "wheels/local-1-py3-none-any.whl";
  auto remote = one("remote", "1", 'b');
  remote.direct_url = true;
  const LockedDistribution git{.name = "tool",
                               .version = "1",
                               .form = lock::Form::version_control,
                               .location = "https://host/tool.git",
                               .direct_url = true,
                               .commit = "0123",
                               .subdirectory = "py"};
  const Lock lock{.indexes = {"https://host/simple/", "https://extra/simple/", "wheels"},
                  .distributions = {git, remote, local, one("a", "1")}};
  const std::string a(64, 'a');
  const std::string b(64, 'b');
  CHECK(to_requirements(lock) ==
        "--index-url https://host/simple/\n"
        "--extra-index-url https://extra/simple/\n"
        "--find-links wheels\n"
        "a==1 \\\n    --hash=sha256:" +
            a +
            "\n"
            "wheels/local-1-py3-none-any.whl \\\n    --hash=sha256:" +
            b +
            "\n"
            "remote @ https://host/remote-1-py3-none-any.whl \\\n    --hash=sha256:" +
            b +
            "\n"
            "tool @ git+https://host/tool.git@0123#subdirectory=py\n");
}
