#include "sample_layout.hpp"
#include "support/test_registry.hpp"

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/registry/client.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cogbuild::pull {
namespace {

using namespace test;

struct Remote {
  Place place{};
  testing::TestRegistry server{};
  clock::ManualClock clock{};
  http::CurlClient http{};
  registry::Client client{
      http, clock, place.reporter,
      [](const std::string&) -> Result<registry::Credentials> { return registry::Credentials{}; }};
  Sample made = sample();

  Remote() { upload(made, "latest"); }
  void upload(const Sample& image, const std::string& tag) {
    for (const auto& layer : image.packed) server.put_blob("team/base", layer);
    server.put_blob("team/base", image.config_json);
    server.put_manifest("team/base", tag, std::string(image::kManifestType), image.manifest_json);
  }
  [[nodiscard]] std::string name() const { return server.host() + "/team/base"; }
  ClientFor client_for() {
    return [this](const std::string& host) -> Result<registry::Client*> {
      CHECK(host == server.host());
      return &client;
    };
  }
  Result<base::BaseImage> base(const std::string& source, bool offline = false) {
    TRY_ASSIGN(const auto parsed, parse_source(source));
    return open_base(parsed, {}, place.services(client_for(), offline));
  }
  std::size_t requests(const std::string& start) {
    const auto lines = server.server().request_lines();
    return static_cast<std::size_t>(std::ranges::count_if(
        lines, [&](const std::string& line) { return line.starts_with(start); }));
  }
};

TEST_CASE("open_base: from a registry, layers streamed once and left there") {
  Remote remote;
  const auto base = value_of(remote.base(remote.name()));
  CHECK(base.summary.os_release == "Test OS");
  CHECK(base.manifest.digest == remote.made.manifest.digest);
  CHECK(base.manifest.media_type == image::kManifestType);
  REQUIRE(base.layers.size() == 2);
  CHECK(base.layers[0].recipe.segments == std::vector<recipe::Segment>{recipe::RemoteBlob{
                                              .repository = remote.name(),
                                              .blob = digest::digest_of(remote.made.packed[0]),
                                              .size_bytes = remote.made.packed[0].size()}});
  CHECK(remote.requests("GET /v2/team/base/blobs/") == 3);
  // Manifest and config are kept, layers are not.
  CHECK(value_of(remote.place.blobs.list()).size() == 2);

  // Unchanged: one HEAD tells. By digest and offline: nothing is asked.
  remote.server.server().forget_requests();
  CHECK(value_of(remote.base(remote.name())).summary == base.summary);
  CHECK(remote.server.server().request_lines() ==
        std::vector<std::string>{"HEAD /v2/team/base/manifests/latest"});
  remote.server.server().forget_requests();
  const std::string pinned = remote.name() + "@" + to_string(remote.made.manifest.digest);
  CHECK(value_of(remote.base(pinned)).summary == base.summary);
  CHECK(value_of(remote.base(remote.name(), true)).summary == base.summary);
  CHECK(remote.server.server().request_lines().empty());
}

TEST_CASE("open_base: a tag that moved is followed") {
  Remote remote;
  value_of(remote.base(remote.name()));
  const Sample next = sample({top_tar()});
  remote.upload(next, "latest");
  CHECK(value_of(remote.base(remote.name())).manifest.digest == next.manifest.digest);
  CHECK(value_of(remote.base(remote.name(), true)).manifest.digest == next.manifest.digest);
}

TEST_CASE("open_image: an index in a registry") {
  Remote remote;
  auto entry = remote.made.manifest;
  entry.platform = image::Platform{};
  const std::string index = image::to_json(image::Index{.manifests = {entry}});
  remote.server.put_manifest("team/base", "many", std::string(image::kIndexType), index);
  const auto source = value_of(parse_source(remote.name() + ":many"));
  const auto services = remote.place.services(remote.client_for());
  CHECK(value_of(open_image(source, {}, services)).manifest.digest == remote.made.manifest.digest);
  CHECK(error_of(open_image(source, {.architecture = "arm64"}, services)) ==
        "the image is not there for linux/arm64, only for linux/amd64");
}

TEST_CASE("open_base: offline, what was never fetched is an error") {
  Remote remote;
  const auto never = remote.base(remote.name(), true);
  REQUIRE_FALSE(never);
  CHECK(render(never.error()) == "error: `" + remote.name() +
                                     ":latest` is not in the local store\n  while opening `" +
                                     remote.name() +
                                     ":latest`\n"
                                     "hint: leave out --offline once, so that it can be fetched\n");
  // The documents are here, but the layers were never streamed.
  value_of(open_image(value_of(parse_source(remote.name())), {},
                      remote.place.services(remote.client_for())));
  CHECK(error_of(remote.base(remote.name(), true)) ==
        "blob " + to_string(digest::digest_of(remote.made.packed[0])) + " lies in " +
            remote.name() + ", which is not asked when offline");
  CHECK(remote.requests("GET /v2/team/base/blobs/") == 1);
}

TEST_CASE("open_base: wrong bytes and missing blobs of a registry") {
  Remote remote;
  remote.server.with_faults(
      [](testing::RegistryFaults& faults) { faults.flip_download_byte = true; });
  const auto flipped = remote.base(remote.name());
  REQUIRE_FALSE(flipped);
  CHECK(flipped.error().kind() == ErrorKind::integrity);
  CHECK(value_of(remote.place.keys.list(store::Table::tree)).empty());
  remote.server.with_faults([](testing::RegistryFaults& faults) { faults = {}; });
  remote.server.remove_blob("team/base", to_string(digest::digest_of(remote.made.packed[1])));
  const auto missing = remote.base(remote.name());
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind() == ErrorKind::not_found);
}

TEST_CASE("SegmentSources: a stored copy of a remote blob is read instead") {
  Remote remote;
  const recipe::RemoteBlob blob{.repository = remote.name(),
                                .blob = digest::digest_of(remote.made.packed[1]),
                                .size_bytes = remote.made.packed[1].size()};
  SegmentSources sources(remote.place.blobs, remote.client_for());
  const auto tail = [&] {
    return value_of(io::read_all(*value_of(sources.open(blob, 100)), 1 << 20));
  };
  CHECK((tail() == remote.made.packed[1].substr(100)));
  CHECK(remote.requests("GET ") == 1);
  value_of(store::put(remote.place.blobs, remote.made.packed[1]));
  CHECK((tail() == remote.made.packed[1].substr(100)));
  CHECK(remote.requests("GET ") == 1);
  const auto range =
      value_of(sources.open(recipe::BlobRange{.blob = blob.blob, .offset = 5, .size_bytes = 7}));
  CHECK(value_of(io::read_all(*range, 100)) == remote.made.packed[1].substr(5, 7));
}

}  // namespace
}  // namespace cogbuild::pull
