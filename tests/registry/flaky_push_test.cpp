#include "fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

// cases/10-flaky-push, row by row; sizes are scaled down.
namespace cogbuild::registry {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kMiB = std::size_t{1024} * 1024;

bool is_stored(Fixture& fixture, const Source& source) {
  return fixture.registry.blob("owner/model", to_string(digest::digest_of(source.content))) ==
         source.content;
}

std::size_t count_of(Fixture& fixture, const std::string& prefix) {
  const auto lines = fixture.lines();
  return static_cast<std::size_t>(std::ranges::count_if(
      lines, [&](const std::string& line) { return line.starts_with(prefix); }));
}

std::string host(Fixture& fixture) { return fixture.registry.host(); }

TEST_CASE(
    "flaky push: a connection that closes inside the blob is resumed where the registry stands") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) { faults.cut_upload_after = 18 * kMiB; });
  Source source{some_bytes(30 * kMiB)};
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.client.sent_body_bytes() < 39 * kMiB);
  CHECK(fixture.registry.server().received_body_bytes() == 30 * kMiB);
  CHECK(std::ranges::is_sorted(fixture.log.done_bytes));
  CHECK(count_of(fixture, "POST") == 1);
  REQUIRE(fixture.log.notes.size() == 1);
  CHECK(fixture.log.notes[0].starts_with("uploading `torch`: PATCH http://"));
  CHECK(fixture.log.notes[0].find("; trying again in ") != std::string::npos);
}

TEST_CASE("flaky push: progress resets patience, so many breaks do not end it") {
  Fixture fixture({}, {.chunk_bytes = 2 * kMiB});
  fixture.registry.with_faults([](auto& faults) { faults.cut_upload_after = kMiB; });
  Source source{some_bytes(20 * kMiB)};
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.log.notes.size() > 6);
}

TEST_CASE("flaky push: a forgotten upload starts again, three times at most") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.cut_upload_after = kMiB;
    faults.forget_cut_uploads = true;
  });
  Source source{some_bytes(2 * kMiB)};
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(count_of(fixture, "POST") == 2);
  CHECK(fixture.log.notes.back() ==
        "uploading `torch`: the registry has forgotten the upload; starting it again");

  fixture.registry.with_faults([](auto& faults) {
    faults.cut_upload_after.reset();
    faults.answers.push_back(
        {.method = "PATCH",
         .response = {.status = 404, .body = R"({"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]})"},
         .times = 100});
  });
  Source other{some_bytes(kMiB, 2)};
  const auto pushed = fixture.client.push_blob(fixture.reference(), other.blob("other"));
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().kind() == ErrorKind::network);
  CHECK(pushed.error().message() ==
        "uploading `other`: the registry has forgotten the upload, after 4 starts");
}

TEST_CASE("flaky push: 502 and 503, and 429 with Retry-After, are waited out, one line each") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back({.method = "POST", .response = {.status = 502}});
    faults.answers.push_back({.method = "PATCH", .response = {.status = 503}});
    faults.answers.push_back({.method = "PUT",
                              .response = {.status = 429,
                                           .headers = {{"Retry-After", "2"}},
                                           .body = "Too Many Requests (HAP429)"}});
  });
  Source source{some_bytes(kMiB)};
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(is_stored(fixture, source));
  REQUIRE(fixture.log.notes.size() == 3);
  CHECK(fixture.log.notes[0].starts_with(
      "uploading `torch`: the registry answered 502; trying again in "));
  CHECK(fixture.log.notes[1].starts_with(
      "uploading `torch`: the registry answered 503; trying again in "));
  CHECK(fixture.log.notes[2] ==
        "uploading `torch`: the registry answered 429; trying again in 2.0 s");
  CHECK(fixture.clock.slept() >= std::chrono::seconds(2));
  CHECK(fixture.clock.slept() < std::chrono::seconds(6));
}

TEST_CASE("flaky push: a registry that only ever fails ends it within a minute") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.method = "POST",
         .response = {.status = 503, .body = "<html><b>down for maintenance</b></html>"},
         .times = 1000});
  });
  Source source{some_bytes(kMiB)};
  const auto pushed = fixture.client.push_blob(fixture.reference(), source.blob("torch"));
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().message() ==
        "uploading `torch`: " + host(fixture) + " answered 503 down for maintenance");
  CHECK(fixture.clock.slept() <= std::chrono::seconds(45));
  CHECK(fixture.clock.slept() > std::chrono::seconds(5));
}

TEST_CASE("flaky push: one that names a time is waited for, up to a quarter of an hour") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back({.method = "POST",
                              .response = {.status = 503, .headers = {{"Retry-After", "120"}}},
                              .times = 1000});
  });
  Source source{some_bytes(kMiB)};
  REQUIRE_FALSE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(fixture.clock.slept() <= std::chrono::minutes(15));
  CHECK(fixture.clock.slept() >= std::chrono::minutes(12));
}

TEST_CASE(
    "flaky push: without push rights nothing of the blob is read, and the message says whose") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.method = "POST",
         .response = {.status = 403,
                      .body = R"({"errors":[{"code":"DENIED","message":"access is denied"}]})"},
         .times = 2});
  });
  const std::string expected = "`me` has no right to push to owner/model on " + host(fixture) +
                               ": 403 DENIED: access is denied";
  Source source{some_bytes(kMiB)};
  const auto pushed = fixture.client.push_blob(fixture.reference(), source.blob("torch"));
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().kind() == ErrorKind::auth);
  CHECK(pushed.error().message() == expected);
  CHECK(source.opened == 0);
  CHECK(fixture.clock.slept().count() == 0);
  CHECK(fixture.client.check_push_rights(fixture.reference()).error().message() == expected);
}

TEST_CASE("flaky push: 413 goes on in smaller chunks") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) { faults.largest_body = 10 * kMiB; });
  Source source{some_bytes(30 * kMiB)};
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.registry.server().received_body_bytes() == 30 * kMiB);
  CHECK(fixture.client.sent_body_bytes() < 33 * kMiB);
}

TEST_CASE("flaky push: 413 without chunks names the layer, its size, its content and the limit") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.largest_body = kMiB;
    faults.refuse_ranged_chunks = true;
  });
  Source source{some_bytes(3 * kMiB)};
  const auto pushed = fixture.client.push_blob(fixture.reference(), source.blob("torch 2.5.1"));
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().kind() == ErrorKind::unsupported);
  CHECK(pushed.error().message() ==
        "layer " + to_string(digest::digest_of(source.content)) +
            " (`torch 2.5.1`, 3145728 bytes) is too large for " + host(fixture) +
            ": it refused a body of 2097152 bytes with 413 413 Too Large");
  CHECK(fixture.registry.open_uploads() == 0);
}

TEST_CASE("flaky push: 416 for chunks over 4 MiB goes on with chunks of 4 MiB") {
  for (const std::uint64_t chunk : {std::uint64_t{0}, std::uint64_t{8} * kMiB}) {
    Fixture fixture({}, {.chunk_bytes = chunk});
    fixture.registry.with_faults([](auto& faults) { faults.largest_chunk = 4 * kMiB; });
    Source source{some_bytes(10 * kMiB)};
    REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
    CHECK(is_stored(fixture, source));
    CHECK(fixture.registry.server().received_body_bytes() == 10 * kMiB);
  }
}

TEST_CASE(
    "flaky push: 416 from a registry that does not say what it has still makes chunks smaller") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.largest_chunk = 4 * kMiB;
    faults.no_upload_status = true;
  });
  Source source{some_bytes(10 * kMiB)};
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.registry.server().received_body_bytes() == 10 * kMiB);
}

TEST_CASE("flaky push: a blob lost before the manifest is told, found missing and sent again") {
  Fixture fixture;
  Source source{some_bytes(kMiB)};
  const auto digest = digest::digest_of(source.content);
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  fixture.registry.with_faults(
      [&](auto& faults) { faults.forget_blobs.insert(to_string(digest)); });
  const std::string manifest = R"({"layers":[{"digest":")" + to_string(digest) + R"("}]})";
  const auto refused =
      fixture.client.push_manifest(fixture.reference(), image::kManifestType, manifest);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message().find(
            "400 MANIFEST_BLOB_UNKNOWN: blob unknown to registry ({\"digest\":\"" +
            to_string(digest)) != std::string::npos);
  CHECK_FALSE(fixture.registry.manifest("owner/model", "v1").has_value());

  CHECK_FALSE(fixture.client.has_blob(fixture.reference(), digest).value());
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("torch")).value() ==
        BlobOutcome::uploaded);
  CHECK(fixture.client.push_manifest(fixture.reference(), image::kManifestType, manifest)
            .has_value());
}

TEST_CASE("flaky push: a granted mount sends nothing") {
  Fixture fixture({.auth = testing::RegistryAuth::token});
  Source source{some_bytes(kMiB)};
  fixture.registry.put_blob("base/image", source.content);
  CHECK(
      fixture.client.push_blob(fixture.reference(), source.blob("base", {"base/image"})).value() ==
      BlobOutcome::mounted);
  CHECK(is_stored(fixture, source));
  CHECK(source.opened == 0);
  CHECK(fixture.client.sent_body_bytes() == 0);
}

TEST_CASE(
    "flaky push: a mount answered with a session is uploaded through it, without another POST") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) { faults.mount = testing::MountAnswer::session; });
  Source source{some_bytes(kMiB)};
  fixture.registry.put_blob("base/image", source.content);
  CHECK(
      fixture.client.push_blob(fixture.reference(), source.blob("base", {"base/image"})).value() ==
      BlobOutcome::uploaded);
  CHECK(is_stored(fixture, source));
  CHECK(count_of(fixture, "POST") == 1);
}

TEST_CASE("flaky push: tokens that expire during an upload are replaced, no byte is sent again") {
  Fixture fixture({.auth = testing::RegistryAuth::token, .token_life_seconds = 60},
                  {.chunk_bytes = kMiB});
  Source source{some_bytes(10 * kMiB)};
  BlobToPush blob = source.blob("torch");
  // Each chunk takes half a minute.
  blob.open = [&fixture, open = blob.open](std::uint64_t offset) {
    if (offset > 0) fixture.clock.sleep(std::chrono::seconds(29));
    return open(offset);
  };
  REQUIRE(fixture.client.push_blob(fixture.reference(), blob).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.client.sent_body_bytes() == 10 * kMiB);
  CHECK(fixture.registry.tokens_given() >= 5);
}

TEST_CASE(
    "flaky push: a token that ends within one long PATCH is replaced before the closing PUT") {
  Fixture fixture({.auth = testing::RegistryAuth::token, .token_life_seconds = 60});
  Source source{some_bytes(5 * kMiB)};
  BlobToPush blob = source.blob("torch");
  blob.open = [&fixture, open = blob.open](std::uint64_t offset) {
    fixture.clock.sleep(std::chrono::minutes(5));
    return open(offset);
  };
  const auto pushed = fixture.client.push_blob(fixture.reference(), blob);
  REQUIRE(pushed.has_value());
  CHECK(is_stored(fixture, source));
}

TEST_CASE("flaky push: a token refused before its time is replaced once") {
  Fixture fixture({.auth = testing::RegistryAuth::token});
  fixture.registry.with_faults([&](auto& faults) {
    faults.answers.push_back(
        {.method = "PUT",
         .response = {.status = 401,
                      .headers = {{"WWW-Authenticate",
                                   "Bearer realm=\"" + fixture.registry.server().url("/token") +
                                       "\",service=\"test\",error=\"invalid_token\""}}}});
  });
  Source source{some_bytes(kMiB)};
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.client.sent_body_bytes() == kMiB);
  CHECK(fixture.registry.tokens_given() == 2);
}

TEST_CASE("flaky push: a registry that accepts and never answers is a stall, said so") {
  Fixture fixture({}, {.stall_timeout = std::chrono::seconds(1)});
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back({.method = "POST", .response = {.hang = true}, .times = 100});
  });
  Source source{some_bytes(kMiB)};
  const auto pushed = fixture.client.push_blob(fixture.reference(), source.blob("torch"));
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().kind() == ErrorKind::network);
  CHECK(pushed.error().message() == "POST http://" + host(fixture) +
                                        "/v2/owner/model/blobs/uploads/ stalled: no byte moved for "
                                        "1 s");
  CHECK(source.opened == 0);
}

TEST_CASE("flaky push: a slow registry is no stall") {
  Fixture fixture({}, {.stall_timeout = std::chrono::seconds(2)});
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.method = "POST", .response = {.status = 503, .delay = std::chrono::milliseconds(500)}});
  });
  Source source{some_bytes(kMiB)};
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("torch")).has_value());
}

}  // namespace
}  // namespace cogbuild::registry
