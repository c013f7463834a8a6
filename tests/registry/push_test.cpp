#include "fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::registry {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kMiB = std::size_t{1024} * 1024;

bool is_stored(Fixture& fixture, const Source& source) {
  return fixture.registry.blob("owner/model", to_string(digest::digest_of(source.content))) ==
         source.content;
}

// The request lines without what differs between runs: digests and upload states.
Lines shape(Fixture& fixture) {
  Lines lines;
  for (const auto& request : fixture.registry.server().requests()) {
    std::string path = request.path();
    if (const auto at = path.find("sha256:"); at != std::string::npos) path.replace(at, 71, "D");
    const bool closes = request.query().find("digest=") != std::string::npos;
    lines.push_back(request.method + " " + path.substr(std::string("/v2/owner/model/").size()) +
                    (closes ? " +digest" : ""));
  }
  return lines;
}

TEST_CASE("push_blob: a blob that is there costs one HEAD") {
  Fixture fixture;
  Source source{some_bytes(100)};
  fixture.registry.put_blob("owner/model", source.content);
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("code")).value() ==
        BlobOutcome::present);
  CHECK(shape(fixture) == Lines{"HEAD blobs/D"});
  CHECK(source.opened == 0);
}

TEST_CASE("push_blob: a small blob is a POST and a PUT, a large one has a PATCH between") {
  Fixture fixture;
  Source small{some_bytes(1000)};
  CHECK(fixture.client.push_blob(fixture.reference(), small.blob("code")).value() ==
        BlobOutcome::uploaded);
  CHECK(is_stored(fixture, small));
  CHECK(shape(fixture) ==
        Lines{"HEAD blobs/D", "POST blobs/uploads/", "PUT blobs/uploads/upload-1 +digest"});

  fixture.registry.server().forget_requests();
  Source large{some_bytes(3 * kMiB)};
  CHECK(fixture.client.push_blob(fixture.reference(), large.blob("torch")).value() ==
        BlobOutcome::uploaded);
  CHECK(is_stored(fixture, large));
  CHECK(shape(fixture) == Lines{"HEAD blobs/D", "POST blobs/uploads/",
                                "PATCH blobs/uploads/upload-2",
                                "PUT blobs/uploads/upload-2 +digest"});
  const auto patch = fixture.registry.server().requests().at(2);
  CHECK(patch.header("content-range") == "");
  CHECK(patch.header("content-type") == "application/octet-stream");
  CHECK(fixture.client.sent_body_bytes() == 1000 + 3 * kMiB);
  CHECK(fixture.client.request_count() == 7);
  CHECK(large.opened == 1);
  CHECK(fixture.log.done_bytes.back() == 3 * kMiB);
  CHECK(fixture.log.notes.empty());
}

TEST_CASE("push_blob: an empty blob") {
  Fixture fixture;
  Source empty{};
  CHECK(fixture.client.push_blob(fixture.reference(), empty.blob("nothing")).has_value());
  CHECK(is_stored(fixture, empty));
}

TEST_CASE("push_blob: chunks of a given size, in order, each with its range") {
  Fixture fixture({}, {.chunk_bytes = kMiB});
  Source source{some_bytes(2 * kMiB + 5)};
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
  CHECK(is_stored(fixture, source));
  Lines ranges;
  for (const auto& request : fixture.registry.server().requests())
    if (request.method == "PATCH") ranges.push_back(request.header("content-range"));
  CHECK(ranges == Lines{"0-1048575", "1048576-2097151", "2097152-2097156"});
}

TEST_CASE("push_blob: OCI-Chunk-Max-Length is kept, with room for what a front end adds") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.chunk_max_length = kMiB;
    faults.largest_body = kMiB;
  });
  Source source{some_bytes(2 * kMiB)};
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.registry.server().requests().at(2).body_bytes == kMiB - 65'536);
}

TEST_CASE("push_blob: locations may be relative") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) { faults.relative_locations = true; });
  Source source{some_bytes(kMiB)};
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
  CHECK(is_stored(fixture, source));
}

TEST_CASE("push_blob: what a registry keeps of a PATCH is where the next one begins") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) { faults.accept_short = 1000; });
  Source source{some_bytes(kMiB)};
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
  CHECK(is_stored(fixture, source));
}

TEST_CASE("push_blob: a Range that cannot be is no statement") {
  for (const std::string range : {"0-0", "0-10485759", "bytes=0-99999999", "junk", "5-7", ""}) {
    CAPTURE(range);
    Fixture fixture;
    fixture.registry.with_faults([&](auto& faults) { faults.constant_range = range; });
    Source source{some_bytes(kMiB)};
    CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
    CHECK(is_stored(fixture, source));
  }
}

TEST_CASE(
    "push_blob: a registry without status or without true ranges starts a broken blob again") {
  for (const bool no_status : {true, false}) {
    Fixture fixture;
    fixture.registry.with_faults([&](auto& faults) {
      faults.cut_upload_after = kMiB;
      faults.no_upload_status = no_status;
      if (!no_status) faults.constant_range = "0-10485759";
    });
    Source source{some_bytes(2 * kMiB)};
    CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
    CHECK(is_stored(fixture, source));
  }
}

TEST_CASE("push_blob: only the answer to the closing PUT is lost") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.method = "PUT", .response = {.close_instead = true}, .after_the_fact = true});
  });
  Source source{some_bytes(kMiB)};
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
  CHECK(fixture.client.sent_body_bytes() == kMiB);
}

TEST_CASE("push_blob: a refused way is followed by the next") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back({.method = "PATCH", .response = {.status = 405}, .times = 100});
  });
  Source source{some_bytes(kMiB)};
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("w")).has_value());
  CHECK(is_stored(fixture, source));
  CHECK(fixture.registry.open_uploads() == 0);  // those left behind were cancelled
  CHECK(fixture.log.explanations.size() == 2);
}

TEST_CASE(
    "push_blob: a source that changed is an integrity error, one that did not is sent again") {
  Fixture fixture;
  Source source{some_bytes(kMiB)};
  BlobToPush blob = source.blob("weights.bin");
  source.content[5] ^= 1;
  const auto changed = fixture.client.push_blob(fixture.reference(), blob);
  REQUIRE_FALSE(changed.has_value());
  CHECK(changed.error().kind() == ErrorKind::integrity);
  CHECK(changed.error().message() == "`weights.bin` changed while it was being pushed");

  source.content[5] ^= 1;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.method = "PUT",
         .response = {.status = 400, .body = R"({"errors":[{"code":"DIGEST_INVALID"}]})"}});
  });
  CHECK(fixture.client.push_blob(fixture.reference(), blob).has_value());
  CHECK(is_stored(fixture, source));
}

TEST_CASE("push_blob: the source's own error is returned, not retried") {
  Fixture fixture;
  BlobToPush blob{.digest = digest::digest_of("x"),
                  .size_bytes = kMiB,
                  .label = "w",
                  .open = [](std::uint64_t) -> Result<std::unique_ptr<io::ByteSource>> {
                    return fail(Error(ErrorKind::network, "the base's registry is away"));
                  }};
  const auto pushed = fixture.client.push_blob(fixture.reference(), blob);
  CHECK(pushed.error().message() == "the base's registry is away");
  CHECK(fixture.log.notes.empty());
}

TEST_CASE("mounts: refused in any way means a plain upload") {
  for (const int status : {400, 401, 403, 404, 405, 500, 503}) {
    CAPTURE(status);
    Fixture fixture;
    Source source{some_bytes(1000)};
    fixture.registry.put_blob("base/image", source.content);
    fixture.registry.with_faults([&](auto& faults) {
      faults.mount = testing::MountAnswer::refused;
      faults.mount_refusal_status = status;
    });
    CHECK(fixture.client.push_blob(fixture.reference(), source.blob("b", {"base/image"})).value() ==
          BlobOutcome::uploaded);
    CHECK(is_stored(fixture, source));
  }
}

TEST_CASE("mounts: the second candidate may have a large blob; the first one's session is ended") {
  Fixture fixture;
  Source source{some_bytes(2 * kMiB)};
  fixture.registry.put_blob("base/image", source.content);
  CHECK(fixture.client.push_blob(fixture.reference(), source.blob("b", {"no/such", "base/image"}))
            .value() == BlobOutcome::mounted);
  CHECK(source.opened == 0);
  CHECK(fixture.registry.open_uploads() == 0);
}

TEST_CASE("push_manifest: by tag, or by digest when there is no tag") {
  Fixture fixture;
  const std::string body = R"({"schemaVersion":2})";
  REQUIRE(
      fixture.client.push_manifest(fixture.reference(), image::kManifestType, body).has_value());
  CHECK(fixture.registry.manifest("owner/model", "v1") == body);
  const auto digest = to_string(digest::digest_of(body));
  REQUIRE(fixture.client
              .push_manifest(fixture.reference("owner/model@" + digest), image::kManifestType, body)
              .has_value());
  CHECK(shape(fixture) == Lines{"PUT manifests/v1", "PUT manifests/D"});
  CHECK(fixture.registry.server().requests().front().header("content-type") ==
        image::kManifestType);
}

TEST_CASE("push_manifest: a refused manifest is explained and not retried") {
  Fixture fixture;
  fixture.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.method = "PUT",
         .response = {.status = 400,
                      .body = R"({"errors":[{"code":"MANIFEST_INVALID","message":"bad"}]})"}});
  });
  const auto pushed = fixture.client.push_manifest(fixture.reference(), image::kManifestType, "{}");
  CHECK(pushed.error().kind() == ErrorKind::unsupported);
  CHECK(pushed.error().message() == "pushing the manifest of " + fixture.registry.host() +
                                        "/owner/model:v1: " + fixture.registry.host() +
                                        " answered 400 MANIFEST_INVALID: bad");
  CHECK(fixture.lines().size() == 1);
}

TEST_CASE("check_push_rights: starts an upload and cancels it") {
  Fixture fixture;
  CHECK(fixture.client.check_push_rights(fixture.reference()).has_value());
  CHECK(fixture.registry.open_uploads() == 0);
  CHECK(shape(fixture) == Lines{"POST blobs/uploads/", "DELETE blobs/uploads/upload-1"});
}

}  // namespace
}  // namespace cogbuild::registry
