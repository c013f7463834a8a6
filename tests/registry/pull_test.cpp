#include "fixture.hpp"

#include <cogbuild/io/bytes.hpp>

#include <doctest/doctest.h>

namespace cogbuild::registry {
namespace {

constexpr std::size_t kMiB = std::size_t{1024} * 1024;
const std::string kType(image::kManifestType);

std::string read_blob(Fixture& fixture, const std::string& content, std::uint64_t offset = 0) {
  auto source =
      fixture.client.blob(fixture.reference(), digest::digest_of(content), content.size(), offset);
  REQUIRE(source.has_value());
  auto read = io::read_all(**source, content.size() + 1);
  REQUIRE(read.has_value());
  return *read;
}

TEST_CASE("manifest: body, type and digest, by tag or digest") {
  Fixture fixture;
  const std::string body = R"({"schemaVersion":2})";
  const std::string digest = fixture.registry.put_manifest("owner/model", "v1", kType, body);
  const auto by_tag = fixture.client.manifest(fixture.reference());
  REQUIRE(by_tag.has_value());
  CHECK(by_tag->body == body);
  CHECK(by_tag->media_type == kType);
  CHECK(to_string(by_tag->digest) == digest);
  CHECK(fixture.client.manifest(fixture.reference("owner/model@" + digest)).has_value());
  CHECK(fixture.lines() == std::vector<std::string>{"GET /v2/owner/model/manifests/v1",
                                                    "GET /v2/owner/model/manifests/" + digest});
  CHECK(fixture.registry.server().requests().front().header("accept") ==
        "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
        "application/vnd.docker.distribution.manifest.v2+json, "
        "application/vnd.docker.distribution.manifest.list.v2+json");
}

TEST_CASE("manifest: wrong bytes are an integrity error, an absent one is not found") {
  Fixture fixture;
  const std::string digest = fixture.registry.put_manifest("owner/model", "v1", kType, "{}");
  fixture.registry.with_faults([](auto& faults) { faults.flip_download_byte = true; });
  const auto flipped = fixture.client.manifest(fixture.reference("owner/model@" + digest));
  REQUIRE_FALSE(flipped.has_value());
  CHECK(flipped.error().kind() == ErrorKind::integrity);
  CHECK(flipped.error().message() ==
        "the manifest that " + fixture.registry.host() + " gives for " + fixture.registry.host() +
            "/owner/model@" + digest + " has digest " + to_string(digest::digest_of("z}")));

  const auto absent = fixture.client.manifest(fixture.reference("owner/model:v2"));
  CHECK(absent.error().kind() == ErrorKind::not_found);
  CHECK(absent.error().message() == "fetching the manifest of " + fixture.registry.host() +
                                        "/owner/model:v2: " + fixture.registry.host() +
                                        " answered 404 MANIFEST_UNKNOWN: manifest unknown");
}

TEST_CASE("resolve: one HEAD; a GET where HEAD tells nothing; nothing for an absent tag") {
  Fixture fixture;
  const std::string digest = fixture.registry.put_manifest("owner/model", "v1", kType, "{}");
  CHECK(to_string(fixture.client.resolve(fixture.reference()).value().value()) == digest);
  CHECK(fixture.lines() == std::vector<std::string>{"HEAD /v2/owner/model/manifests/v1"});
  CHECK_FALSE(fixture.client.resolve(fixture.reference("owner/model:v2")).value().has_value());

  fixture.registry.with_faults([](auto& faults) { faults.no_content_digest = true; });
  CHECK(to_string(fixture.client.resolve(fixture.reference()).value().value()) == digest);

  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back({.method = "HEAD", .response = {.status = 403}, .times = 2});
  });
  CHECK(to_string(fixture.client.resolve(fixture.reference()).value().value()) == digest);
  CHECK_FALSE(fixture.client.resolve(fixture.reference("owner/model:v2")).value().has_value());
}

TEST_CASE("blob: small ones come whole, large ones in ranges, from any offset") {
  Fixture fixture;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{100}, 4 * kMiB, 4 * kMiB + 1, 13 * kMiB}) {
    CAPTURE(size);
    const std::string content = some_bytes(size);
    fixture.registry.put_blob("owner/model", content);
    CHECK(read_blob(fixture, content) == content);
    CHECK(read_blob(fixture, content, size) == "");
    CHECK(read_blob(fixture, content, size / 2) == content.substr(size / 2));
  }
}

TEST_CASE("blob: broken connections cost one range each") {
  Fixture fixture;
  const std::string content = some_bytes(13 * kMiB);
  fixture.registry.put_blob("owner/model", content);
  fixture.registry.with_faults([](auto& faults) { faults.cut_download_after = kMiB; });
  CHECK(read_blob(fixture, content) == content);
  CHECK(fixture.registry.server().requests().size() <= 9);
}

TEST_CASE("blob: a redirect is asked for once, and gets no credentials") {
  testing::TestRegistry storage;
  Fixture fixture({.auth = testing::RegistryAuth::basic});
  const std::string content = some_bytes(9 * kMiB);
  fixture.registry.put_blob("owner/model", content);
  storage.put_blob("owner/model", content);
  fixture.registry.with_faults([&](auto& faults) {
    faults.redirect_blobs_to = "http://localhost:" + std::to_string(storage.server().port());
  });
  CHECK(read_blob(fixture, content) == content);
  CHECK(fixture.registry.server().requests().size() == 2);  // the first without credentials
  CHECK(storage.server().requests().size() == 3);
  for (const auto& request : storage.server().requests())
    CHECK(request.header("authorization") == "");
}

TEST_CASE("blob: a signed address that has expired is asked for again") {
  testing::TestRegistry storage;
  Fixture fixture;
  const std::string content = some_bytes(13 * kMiB);
  fixture.registry.put_blob("owner/model", content);
  storage.put_blob("owner/model", content);
  fixture.registry.with_faults([&](auto& faults) {
    faults.redirect_blobs_to = "http://localhost:" + std::to_string(storage.server().port());
  });
  storage.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.response = {.status = 403, .body = "Request has expired"}, .skip = 1});
  });
  CHECK(read_blob(fixture, content) == content);
  CHECK(fixture.registry.server().requests().size() == 2);
}

TEST_CASE("blob: a server without ranges is read all the same") {
  Fixture fixture;
  const std::string content = some_bytes(9 * kMiB);
  fixture.registry.put_blob("owner/model", content);
  fixture.registry.with_faults([](auto& faults) { faults.ignore_ranges = true; });
  CHECK(read_blob(fixture, content) == content);
  CHECK(read_blob(fixture, content, 7 * kMiB) == content.substr(7 * kMiB));
  fixture.registry.with_faults([](auto& faults) { faults.cut_download_after = kMiB; });
  CHECK(read_blob(fixture, content) == content);
}

TEST_CASE("blob: a source dropped early leaves the client usable") {
  Fixture fixture;
  const std::string content = some_bytes(13 * kMiB);
  fixture.registry.put_blob("owner/model", content);
  for (int i = 0; i < 3; ++i)
    CHECK(fixture.client.blob(fixture.reference(), digest::digest_of(content), content.size())
              .has_value());
  CHECK(read_blob(fixture, content) == content);
}

TEST_CASE("blob: another size than expected is an integrity error") {
  Fixture fixture;
  const std::string digest = fixture.registry.put_blob("owner/model", some_bytes(91));
  const auto larger =
      fixture.client.blob(fixture.reference(), digest::Digest::parse(digest).value(), 104);
  REQUIRE_FALSE(larger.has_value());
  CHECK(larger.error().kind() == ErrorKind::integrity);
  CHECK(larger.error().message() ==
        "blob " + digest + " from " + fixture.registry.host() + " has 91 bytes, expected 104");
  CHECK(fixture.client.blob(fixture.reference(), digest::Digest::parse(digest).value(), 50)
            .error()
            .kind() == ErrorKind::integrity);

  const std::string big = fixture.registry.put_blob("owner/model", some_bytes(9 * kMiB));
  CHECK(fixture.client.blob(fixture.reference(), digest::Digest::parse(big).value(), 10 * kMiB)
            .error()
            .message() == "blob " + big + " from " + fixture.registry.host() +
                              " has 9437184 bytes, expected 10485760");
}

TEST_CASE("blob: an absent one is not found") {
  Fixture fixture;
  CHECK(fixture.client.blob(fixture.reference(), digest::digest_of("x"), 1).error().kind() ==
        ErrorKind::not_found);
}

TEST_CASE("has_blob: HEAD, or one byte where HEAD is refused") {
  Fixture fixture;
  fixture.registry.put_blob("owner/model", "here");
  const auto here = digest::digest_of("here");
  CHECK(fixture.client.has_blob(fixture.reference(), here).value());
  CHECK_FALSE(fixture.client.has_blob(fixture.reference(), digest::digest_of("not")).value());
  fixture.registry.with_faults([](auto& faults) { faults.head_blob_forbidden = true; });
  CHECK(fixture.client.has_blob(fixture.reference(), here).value());
  fixture.registry.with_faults([](auto& faults) { faults.ignore_ranges = true; });
  CHECK(fixture.client.has_blob(fixture.reference(), here).value());
  CHECK_FALSE(fixture.client.has_blob(fixture.reference(), digest::digest_of("not")).value());
}

TEST_CASE("warnings of a registry are shown once") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.response = {.status = 404, .headers = {{"Warning", "299 - \"moving on\x1b[0m\""}}},
         .times = 2});
  });
  (void)fixture.client.resolve(fixture.reference());
  (void)fixture.client.resolve(fixture.reference());
  CHECK(fixture.log.warnings ==
        std::vector<std::string>{fixture.registry.host() + " says: moving on[0m"});
}

}  // namespace
}  // namespace cogbuild::registry
