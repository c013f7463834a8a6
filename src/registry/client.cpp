#include "blob_source.hpp"
#include "transport.hpp"
#include "upload.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/registry/client.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cogbuild::registry {

namespace {

constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{4} * 1024 * 1024;
// Above, a better mount candidate is worth leaving a session that a worse one was answered with.
constexpr std::uint64_t kWorthAnotherMount = std::uint64_t{1024} * 1024;

std::string accepted_types() {
  return fmt::format("{}, {}, {}, {}", image::kManifestType, image::kIndexType,
                     image::kDockerManifestType, image::kDockerIndexType);
}

// A digest wins over a tag.
std::string manifest_path(const image::Reference& reference) {
  return fmt::format("/v2/{}/manifests/{}", reference.repository,
                     reference.digest ? to_string(*reference.digest) : reference.tag);
}

std::string blob_path(const image::Reference& repository, const digest::Digest& digest) {
  return fmt::format("/v2/{}/blobs/{}", repository.repository, to_string(digest));
}

Access pull_access(const image::Reference& reference) {
  return {.registry = reference.registry, .repository = reference.repository};
}

// A document's type: what the server says, without parameters, unless that is no manifest type;
// then what the document says itself.
std::string manifest_type(const http::Response& response) {
  const std::string_view value = http::header(response.headers, "content-type");
  std::string type(value.substr(0, value.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  constexpr std::array kKnown{image::kManifestType, image::kIndexType, image::kDockerManifestType,
                              image::kDockerIndexType};
  if (std::ranges::find(kKnown, type) != kKnown.end()) return type;
  const auto document = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return type;
  const auto own = document.find("mediaType");
  return own != document.end() && own->is_string() ? own->get<std::string>() : type;
}

}  // namespace

struct Client::State {
  Transport transport;

  Result<FetchedManifest> manifest(const image::Reference& reference);
  Result<std::optional<digest::Digest>> digest_of_tag(const image::Reference& reference);
  Result<bool> has_blob(const Access& access, const image::Reference& repository,
                        const digest::Digest& digest);
  Result<bool> mount(const image::Reference& repository, const BlobToPush& blob, Upload& upload);
};

Client::Client(http::Client& http, clock::Clock& clock, progress::Reporter& reporter,
               CredentialsFor credentials, ClientOptions options)
    : state_(new State{.transport{http, clock, reporter, std::move(credentials), options}}) {}

Client::~Client() = default;

Result<FetchedManifest> Client::State::manifest(const image::Reference& reference) {
  const Call call{.url = transport.url_of(reference.registry, manifest_path(reference)),
                  .access = pull_access(reference),
                  .headers = {{"Accept", accepted_types()}},
                  .limit_bytes = kMaxManifestBytes};
  Backoff backoff = transport.patience("fetching the manifest of " + to_string(reference));
  TRY_ASSIGN(auto response, transport.send(call, backoff));
  if (response.status != 200) return fail(transport.refusal(call, response, backoff.what()));
  FetchedManifest fetched{.media_type = manifest_type(response), .body = std::move(response.body)};
  fetched.digest = digest::digest_of(fetched.body);
  if (reference.digest && fetched.digest != *reference.digest)
    return fail(
        Error(ErrorKind::integrity,
              fmt::format("the manifest that {} gives for {} has digest {}", reference.registry,
                          to_string(reference), to_string(fetched.digest))));
  return fetched;
}

Result<FetchedManifest> Client::manifest(const image::Reference& reference) {
  return state_->manifest(reference);
}

Result<std::optional<digest::Digest>> Client::State::digest_of_tag(
    const image::Reference& reference) {
  const Call call{.method = http::Method::head,
                  .url = transport.url_of(reference.registry, manifest_path(reference)),
                  .access = pull_access(reference),
                  .headers = {{"Accept", accepted_types()}}};
  Backoff backoff = transport.patience("looking up " + to_string(reference));
  TRY_ASSIGN(const auto response, transport.send(call, backoff));
  if (response.status == 404) return std::optional<digest::Digest>();
  if (response.status == 200) {
    const auto told =
        digest::Digest::parse(http::header(response.headers, "docker-content-digest"));
    if (told) return std::optional(*told);
  }
  // HEAD is refused in places where GET works.
  auto fetched = manifest(reference);
  if (fetched) return std::optional(fetched->digest);
  if (fetched.error().kind() == ErrorKind::not_found) return std::optional<digest::Digest>();
  return fail(std::move(fetched).error());
}

Result<std::optional<digest::Digest>> Client::resolve(const image::Reference& reference) {
  return state_->digest_of_tag(reference);
}

Result<std::unique_ptr<io::ByteSource>> Client::blob(const image::Reference& repository,
                                                     const digest::Digest& digest,
                                                     std::uint64_t size_bytes,
                                                     std::uint64_t offset) {
  return open_blob(state_->transport, repository, digest, size_bytes, offset);
}

Result<bool> Client::State::has_blob(const Access& access, const image::Reference& repository,
                                     const digest::Digest& digest) {
  Call call{.method = http::Method::head,
            .url = transport.url_of(repository.registry, blob_path(repository, digest)),
            .access = access};
  Backoff backoff = transport.patience("looking for " + to_string(digest));
  TRY_ASSIGN(const auto response, transport.send(call, backoff));
  if (response.status == 200 || response.status == 404) return response.status == 200;
  if (response.status == 401 && response.url.same_origin(call.url))
    return fail(transport.refusal(call, response, backoff.what()));
  // A redirect that is signed for GET refuses HEAD: ask for one byte. What is still unclear counts
  // as absent, since sending a blob once more does no harm.
  call.method = http::Method::get;
  call.headers = {{"Range", "bytes=0-0"}, {"Accept-Encoding", "identity"}};
  bool there = false;
  call.on_head = [&there](const http::ResponseHead& head) -> Result<void> {
    there = head.status == 200 || head.status == 206;
    if (head.status == 200) return fail(Error(ErrorKind::unsupported, "that is enough"));
    return {};
  };
  (void)transport.send_once(call);
  return there;
}

Result<bool> Client::has_blob(const image::Reference& repository, const digest::Digest& digest) {
  return state_->has_blob(pull_access(repository), repository, digest);
}

// Any failure means a plain upload; a session instead of a mount is used for it. True: mounted.
Result<bool> Client::State::mount(const image::Reference& repository, const BlobToPush& blob,
                                  Upload& upload) {
  std::optional<url::Url> session;
  for (const std::string& from : blob.mount_from) {
    Access access = push_access(repository);
    access.mount_from = from;
    Call call{.method = http::Method::post,
              .url = transport.url_of(repository.registry, uploads_path(repository)),
              .access = access,
              .body_size_bytes = 0};
    call.url.query = fmt::format("mount={}&from={}", url::percent_encode(to_string(blob.digest)),
                                 url::percent_encode(from));
    const auto outcome = transport.send_once(call);
    if (!outcome) continue;
    const bool mounted = outcome->status == 201;
    if ((mounted || outcome->status == 202) && session) {
      (void)transport.send_once({.method = http::Method::del, .url = *session, .access = access});
      session.reset();
    }
    if (mounted) return true;
    if (outcome->status != 202) continue;
    auto location = location_of(*outcome, transport.url_of(repository.registry, "/v2/"));
    if (location) session = *std::move(location);
    if (session && blob.size_bytes < kWorthAnotherMount) break;
  }
  if (session) upload.take_session(*std::move(session));
  return false;
}

Result<BlobOutcome> Client::push_blob(const image::Reference& repository, const BlobToPush& blob) {
  TRY_ASSIGN(const bool there, state_->has_blob(push_access(repository), repository, blob.digest));
  if (there) return BlobOutcome::present;
  Upload upload(state_->transport, repository, blob);
  TRY_ASSIGN(const bool mounted, state_->mount(repository, blob, upload));
  if (mounted) return BlobOutcome::mounted;
  TRY(upload.run());
  return BlobOutcome::uploaded;
}

Result<void> Client::push_manifest(const image::Reference& reference, std::string_view media_type,
                                   std::string_view body) {
  Transport& transport = state_->transport;
  image::Reference target = reference;
  if (!target.tag.empty()) target.digest.reset();
  Call call{.method = http::Method::put,
            .url = transport.url_of(target.registry, manifest_path(target)),
            .access = push_access(target),
            .headers = {{"Content-Type", std::string(media_type)}},
            .body_size_bytes = body.size()};
  call.open_body = [body]() -> Result<std::unique_ptr<io::ByteSource>> {
    return std::make_unique<io::MemorySource>(std::string(body));
  };
  Backoff backoff = transport.patience("pushing the manifest of " + to_string(target));
  TRY_ASSIGN(const auto response, transport.send(call, backoff));
  if (response.status < 200 || response.status > 202)
    return fail(transport.refusal(call, response, backoff.what()));
  return {};
}

Result<void> Client::check_push_rights(const image::Reference& repository) {
  Transport& transport = state_->transport;
  const Call call{.method = http::Method::post,
                  .url = transport.url_of(repository.registry, uploads_path(repository)),
                  .access = push_access(repository),
                  .body_size_bytes = 0};
  Backoff backoff = transport.patience("asking to push to " + to_string(repository));
  TRY_ASSIGN(const auto response, transport.send(call, backoff));
  if (response.status != 202) return fail(transport.refusal(call, response, backoff.what()));
  const auto location = location_of(response, transport.url_of(repository.registry, "/v2/"));
  if (location)
    (void)transport.send_once(
        {.method = http::Method::del, .url = *location, .access = push_access(repository)});
  return {};
}

std::uint64_t Client::sent_body_bytes() const { return state_->transport.sent_body_bytes(); }

std::uint64_t Client::request_count() const { return state_->transport.request_count(); }

}  // namespace cogbuild::registry
