#include <cogbuild/registry/profile.hpp>

#include <doctest/doctest.h>

namespace cogbuild::registry {
namespace {

TEST_CASE("profile_for: hosts are known by name or by what they end in") {
  using enum UploadMode;
  CHECK(profile_for("registry.example.com").modes.front() == whole_patch);
  CHECK(profile_for("registry.example.com").modes.size() == 3);
  CHECK(profile_for("europe-docker.pkg.dev").modes.front() == whole_put);
  CHECK_FALSE(profile_for("eu.gcr.io").takes_ranges);
  CHECK_FALSE(profile_for("gcr.io").takes_ranges);
  CHECK(profile_for("notgcr.io").takes_ranges);
  CHECK(profile_for("ghcr.io").largest_chunk_bytes == 4'194'304);
  CHECK(profile_for("123.dkr.ecr.eu-west-1.amazonaws.com").last_chunk_in_put);
  CHECK_FALSE(profile_for("public.ecr.aws").tells_ranges);
  CHECK(profile_for("r8.im").chunk_bytes == 100'663'296);
  CHECK(profile_for("r8.im:443").chunk_bytes == 100'663'296);
}

}  // namespace
}  // namespace cogbuild::registry
