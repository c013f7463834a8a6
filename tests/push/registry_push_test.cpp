#include "sample_image.hpp"
#include "support/test_registry.hpp"

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/push/registry_push.hpp>
#include <cogbuild/store/key_index.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::push;
using namespace cogbuild::push::test;
using cogbuild::testing::TestRegistry;
using registry::BlobOutcome;

namespace {

struct Fixture {
  TestRegistry server{};
  io::TempDir place = value_of(io::TempDir::create());
  SampleOpener opener{};
  progress::Recording reporter{};
  store::MemoryKeyIndex seen{};
  clock::ManualClock clock{};
  http::CurlClient http{};
  registry::Client client{
      http, clock, reporter,
      [](const std::string&) -> Result<registry::Credentials> { return registry::Credentials{}; }};

  [[nodiscard]] image::Reference target(const std::string& repository = "user/model",
                                        const std::string& tag = "v1") const {
    return value_of(image::parse_reference(server.host() + "/" + repository + ":" + tag));
  }
  Result<PushSummary> push(const image::Image& image, const image::Reference& to,
                           int parallel = 4) {
    return push_to_registry(image, to, {client, opener, seen, reporter, clock},
                            {.parallel = parallel});
  }
  // Requests whose line begins like this.
  [[nodiscard]] std::size_t requests(const std::string& start) {
    const auto lines = server.server().request_lines();
    return static_cast<std::size_t>(
        std::ranges::count_if(lines, [&](const auto& line) { return line.starts_with(start); }));
  }
  [[nodiscard]] std::size_t manifest_puts() { return requests("PUT /v2/user/model/manifests/"); }
};

std::vector<BlobOutcome> outcomes(const PushSummary& summary) {
  std::vector<BlobOutcome> all;
  for (const auto& blob : summary.blobs) all.push_back(blob.outcome);
  return all;
}

constexpr auto kPresent = BlobOutcome::present;
constexpr auto kMounted = BlobOutcome::mounted;
constexpr auto kUploaded = BlobOutcome::uploaded;
using Outcomes = std::vector<BlobOutcome>;

std::string patterned(std::size_t size) {
  std::string content(size, '\0');
  for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>((i * 31 + i / 251) & 0xff);
  return content;
}

}  // namespace

TEST_CASE("push_to_registry: every blob arrives, then the manifest") {
  Fixture f;
  const auto image =
      image_of({literal_layer("first"), stored_layer(f.opener, patterned(3'000'000))});
  const auto summary = value_of(f.push(image, f.target()));
  CHECK(f.server.manifest("user/model", "v1") == image.manifest_json);
  for (const auto& layer : image.layers)
    CHECK(f.server.blob("user/model", to_string(layer.descriptor.digest)).has_value());
  CHECK(f.server.blob("user/model", to_string(digest::digest_of(image.config_json))) ==
        image.config_json);
  CHECK(!summary.unchanged);
  CHECK(outcomes(summary) == Outcomes{kUploaded, kUploaded, kUploaded});
  CHECK(summary.blobs[0].label == "files");
  CHECK(summary.blobs[1].size_bytes == 3'000'000);
  CHECK(summary.blobs[2].label == "image config");
  CHECK(summary.uploaded_bytes >= 3'000'005 + image.config_json.size());
  CHECK(summary.request_count == f.server.server().requests().size());
  CHECK(f.server.server().request_lines().back() == "PUT /v2/user/model/manifests/v1");
  CHECK(f.manifest_puts() == 1);
}

TEST_CASE("push_to_registry: a tag that has this manifest costs one request") {
  Fixture f;
  const auto image = image_of({literal_layer("first")});
  value_of(f.push(image, f.target()));
  f.server.server().forget_requests();
  const auto again = value_of(f.push(image, f.target()));
  CHECK(again.unchanged);
  CHECK(outcomes(again) == Outcomes{kPresent, kPresent});
  CHECK(again.uploaded_bytes == 0);
  CHECK(again.request_count == 1);
  CHECK(f.server.server().requests().size() == 1);
}

TEST_CASE("push_to_registry: only what changed is sent, the same digest once") {
  Fixture f;
  value_of(f.push(image_of({literal_layer("weights")}), f.target()));
  f.server.server().forget_requests();
  const auto summary = value_of(f.push(
      image_of({literal_layer("weights"), literal_layer("code"), literal_layer("code", "again")}),
      f.target()));
  CHECK(outcomes(summary) == Outcomes{kPresent, kUploaded, kUploaded});
  CHECK(f.requests("POST /v2/user/model/blobs/uploads/") == 2);
}

TEST_CASE("push_to_registry: what the tag's manifest refers to is not asked for again") {
  Fixture f;
  value_of(
      f.push(image_of({literal_layer("base"), literal_layer("weights"), literal_layer("code")}),
             f.target()));
  f.server.server().forget_requests();
  value_of(
      f.push(image_of({literal_layer("base"), literal_layer("weights"), literal_layer("edited")}),
             f.target()));
  // The new code layer and the new config alone; one GET of the manifest stands for the rest.
  CHECK(f.requests("HEAD ") == 2);
  CHECK(f.requests("GET /v2/user/model/manifests/v1") == 1);
  CHECK(f.server.server().requests().size() == 8);
}

TEST_CASE("push_to_registry: a base layer of the same registry is mounted from its repository") {
  Fixture f;
  f.server.put_blob("bases/python", "base layer");
  const auto base = layer_of("base layer",
                             {recipe::RemoteBlob{.repository = f.server.host() + "/bases/python",
                                                 .blob = digest::digest_of("base layer"),
                                                 .size_bytes = 10}},
                             "");
  const auto summary = value_of(f.push(image_of({base}), f.target()));
  CHECK(outcomes(summary) == Outcomes{kMounted, kUploaded});
  CHECK(summary.blobs[0].label == "layer " + to_string(base.descriptor.digest).substr(0, 19));
  CHECK(f.opener.remote_reads.empty());
}

TEST_CASE("push_to_registry: a base layer of another registry is streamed from there") {
  Fixture f;
  const auto digest = digest::digest_of("base layer");
  f.opener.remote["docker.io/library/python@" + to_string(digest)] = "base layer";
  const auto base =
      layer_of("base layer",
               {recipe::RemoteBlob{
                   .repository = "docker.io/library/python", .blob = digest, .size_bytes = 10}},
               "");
  const auto summary = value_of(f.push(image_of({base}), f.target()));
  CHECK(outcomes(summary) == Outcomes{kUploaded, kUploaded});
  CHECK(f.opener.remote_reads == std::vector<std::string>{"docker.io/library/python"});
  CHECK(f.server.blob("user/model", to_string(digest)) == "base layer");
}

TEST_CASE("push_to_registry: layers seen in another repository are mounted from it") {
  Fixture f;
  const auto image = image_of({literal_layer("torch")});
  value_of(f.push(image, f.target("user/first")));
  const auto summary = value_of(f.push(image, f.target("user/second")));
  CHECK(outcomes(summary) == Outcomes{kMounted, kMounted});
  CHECK(
      value_of(f.seen.get(store::Table::upload,
                          f.server.host() + "|" + to_string(image.layers[0].descriptor.digest))) ==
      "user/second\nuser/first");
}

TEST_CASE(
    "push_to_registry: the newest four repositories are remembered, the target's own is not "
    "asked") {
  Fixture f;
  const auto image = image_of({literal_layer("torch")});
  for (const std::string name : {"a", "b", "c", "d", "e"}) value_of(f.push(image, f.target(name)));
  const auto key = f.server.host() + "|" + to_string(image.layers[0].descriptor.digest);
  CHECK(value_of(f.seen.get(store::Table::upload, key)) == "e\nd\nc\nb");
  f.server.remove_blob("e", to_string(image.layers[0].descriptor.digest));
  f.server.server().forget_requests();
  value_of(f.push(image, f.target("e", "other")));
  for (const auto& line : f.server.server().request_lines())
    CHECK(line.find("from=e") == std::string::npos);
}

TEST_CASE("push_to_registry: a refused mount becomes an upload") {
  Fixture f;
  const auto image = image_of({literal_layer("torch")});
  value_of(f.push(image, f.target("user/first")));
  f.server.with_faults(
      [](auto& faults) { faults.mount = cogbuild::testing::MountAnswer::refused; });
  CHECK(outcomes(value_of(f.push(image, f.target("user/second")))) ==
        Outcomes{kUploaded, kUploaded});
}

TEST_CASE("push_to_registry: a file that changed since it was hashed never completes an upload") {
  Fixture f;
  const auto weights = f.place.path() / "weights.bin";
  value_of(io::write_atomically(weights, patterned(2'000'000)));
  const auto image = image_of({literal_layer("code"), file_layer(weights)});
  value_of(io::write_atomically(weights, patterned(2'000'001).substr(1)));
  const auto pushed = f.push(image, f.target());
  REQUIRE(!pushed);
  CHECK(pushed.error().kind() == ErrorKind::integrity);
  CHECK(pushed.error().message() == weights.string() + " changed since it was hashed");
  CHECK(pushed.error().steps().back() == "pushing `weights`");
  CHECK(f.manifest_puts() == 0);
  CHECK(!f.server.blob("user/model", to_string(image.layers[1].descriptor.digest)));
}

TEST_CASE("push_to_registry: bytes that differ from their digest never complete an upload") {
  Fixture f;
  auto layer = stored_layer(f.opener, patterned(2'000'000));
  layer.recipe.digest = layer.descriptor.digest = digest::digest_of("other");
  const auto pushed = f.push(image_of({layer}), f.target());
  REQUIRE(!pushed);
  CHECK(pushed.error().kind() == ErrorKind::integrity);
  CHECK(f.manifest_puts() == 0);
  const auto lines = f.server.server().request_lines();
  CHECK(std::ranges::none_of(lines, [&](const auto& line) {
    return line.starts_with("PUT") && line.find(layer.descriptor.digest.hex()) != std::string::npos;
  }));
}

TEST_CASE("push_to_registry: uploads that break are resumed with the right bytes") {
  Fixture f;
  f.server.with_faults([](auto& faults) { faults.cut_upload_after = 700'000; });
  const auto weights = f.place.path() / "weights.bin";
  const auto content = patterned(3'000'000);
  value_of(io::write_atomically(weights, content));
  const auto image = image_of({file_layer(weights)});
  value_of(f.push(image, f.target()));
  CHECK(f.server.blob("user/model", to_string(image.layers[0].descriptor.digest)) == content);
}

TEST_CASE("push_to_registry: a blob that the registry forgot is sent again") {
  Fixture f;
  const auto image = image_of({literal_layer("forgotten"), literal_layer("kept")});
  const auto digest = to_string(image.layers[0].descriptor.digest);
  f.server.with_faults([&](auto& faults) { faults.forget_blobs = {digest}; });
  value_of(f.push(image, f.target()));
  CHECK(f.server.blob("user/model", digest) == "forgotten");
  CHECK(f.server.manifest("user/model", "v1") == image.manifest_json);
}

TEST_CASE(
    "push_to_registry: a registry that knows its blobs only later is waited for, not for ever") {
  for (const int refusals : {2, 100}) {
    CAPTURE(refusals);
    Fixture f;
    f.server.with_faults([&](auto& faults) {
      faults.answers.push_back(
          {.method = "PUT",
           .target_part = "/manifests/",
           .response =
               {.status = 404,
                .body =
                    R"({"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown"}]})"},
           .times = refusals});
    });
    const auto pushed = f.push(image_of({literal_layer("x")}), f.target());
    CHECK(pushed.has_value() == (refusals == 2));
    CHECK(f.manifest_puts() == (refusals == 2 ? 3 : 5));
    CHECK(f.clock.slept() == std::chrono::seconds(refusals == 2 ? 3 + 6 : 3 + 6 + 9 + 12));
    if (!pushed)
      CHECK(pushed.error().message().find("MANIFEST_BLOB_UNKNOWN: blob unknown") !=
            std::string::npos);
  }
}

TEST_CASE(
    "push_to_registry: a registry that hides missing repositories is pushed to all the same") {
  Fixture f;
  f.server.with_faults([&](auto& faults) {
    faults.answers.push_back(
        {.method = "HEAD", .target_part = "/manifests/", .response = {.status = 403}});
    faults.answers.push_back(
        {.method = "GET", .target_part = "/manifests/", .response = {.status = 403}});
  });
  const auto image = image_of({literal_layer("x")});
  value_of(f.push(image, f.target()));
  CHECK(f.server.manifest("user/model", "v1") == image.manifest_json);
}

TEST_CASE("push_to_registry: the first error stops the rest") {
  Fixture f;
  const auto weights = f.place.path() / "weights.bin";
  value_of(io::write_atomically(weights, patterned(5'000)));
  const auto image =
      image_of({literal_layer("small"), file_layer(weights), literal_layer("small too")});
  std::filesystem::remove(weights);
  const auto pushed = f.push(image, f.target(), 1);
  REQUIRE(!pushed);
  CHECK(pushed.error().message() == weights.string() + " is gone since it was hashed");
  CHECK(f.requests("HEAD /v2/user/model/blobs/") == 1);  // the biggest is first, nothing follows
  CHECK(f.manifest_puts() == 0);
}

TEST_CASE("push_to_registry: a layer beyond the registry's limit is refused before any request") {
  Fixture f;
  auto layer = literal_layer("x", "weights/model.safetensors");
  layer.recipe.size_bytes = layer.descriptor.size_bytes = 12'300'000'000;
  const auto pushed =
      f.push(image_of({layer}), value_of(image::parse_reference("ghcr.io/user/model")));
  REQUIRE(!pushed);
  CHECK(pushed.error().kind() == ErrorKind::unsupported);
  CHECK(pushed.error().message() ==
        "`weights/model.safetensors` has 12.3 GB, but ghcr.io takes at most 10.7 GB per layer");
  CHECK(pushed.error().hints() ==
        std::vector<std::string>{"split the file, or push to another registry"});
  CHECK(f.client.request_count() == 0);
}

TEST_CASE("push_to_registry: a reference with another digest is a usage error") {
  Fixture f;
  const auto image = image_of({literal_layer("x")});
  auto to = f.target();
  to.digest = digest::digest_of("other");
  const auto pushed = f.push(image, to);
  REQUIRE(!pushed);
  CHECK(pushed.error().kind() == ErrorKind::usage);
  CHECK(pushed.error().message() == "the image has digest " + to_string(image.manifest.digest) +
                                        ", not the one in `" + to_string(to) + "`");
  CHECK(f.client.request_count() == 0);
}
