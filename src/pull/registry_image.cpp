#include "registry_image.hpp"

#include "read_image.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cogbuild::pull {

namespace {

using store::Table;

Error not_here(const std::string& what) {
  return Error(ErrorKind::network, fmt::format("{} is not in the local store", what))
      .hint("leave out --offline once, so that it can be fetched");
}

// What is asked of the registry, through the local store.
class RegistryCarrier final : public Carrier {
 public:
  RegistryCarrier(const image::Reference& reference, const PullServices& services)
      : reference_(reference), services_(services) {}

  // The descriptor of the manifest or index that the reference names.
  Result<image::Descriptor> top() {
    if (reference_.digest) return by_digest(*reference_.digest);
    const std::string key = "manifest " + to_string(reference_);
    TRY_ASSIGN(const auto row, services_.keys.get(Table::response, key));
    std::optional<digest::Digest> last;
    if (row) {
      const auto parsed = digest::Digest::parse(*row);
      if (parsed) last = *parsed;
    }
    if (services_.offline) {
      if (!last) return fail(not_here(fmt::format("`{}`", to_string(reference_))));
      return by_digest(*last);
    }
    TRY_ASSIGN(registry::Client * client, services_.client_for(reference_.registry));
    if (last) {
      // A HEAD is cheaper than a GET, and some registries count only the latter against a quota.
      TRY_ASSIGN(const auto now, client->resolve(reference_));
      TRY_ASSIGN(const bool stored, services_.blobs.contains(*last));
      if (now == last && stored) return by_digest(*last);
    }
    TRY_ASSIGN(const auto fetched, client->manifest(reference_));
    TRY_ASSIGN(const digest::Digest digest, store::put(services_.blobs, fetched.body));
    TRY(services_.keys.put(Table::response, key, to_string(digest)));
    return image::Descriptor{
        .media_type = fetched.media_type, .digest = digest, .size_bytes = fetched.body.size()};
  }

  Result<std::string> manifest(const image::Descriptor& descriptor) override {
    TRY_ASSIGN(auto kept, stored(descriptor.digest, kMaxManifestBytes));
    if (kept) return *std::move(kept);
    if (services_.offline)
      return fail(not_here(fmt::format("manifest {}", to_string(descriptor.digest))));
    TRY_ASSIGN(registry::Client * client, services_.client_for(reference_.registry));
    image::Reference reference = reference_;
    reference.digest = descriptor.digest;
    TRY_ASSIGN(auto fetched, client->manifest(reference));
    TRY(verify(fetched.body, descriptor, "the manifest"));
    TRY(store::put(services_.blobs, fetched.body));
    return std::move(fetched.body);
  }

  Result<std::string> config(const image::Descriptor& descriptor) override {
    TRY_ASSIGN(auto kept, stored(descriptor.digest, kMaxConfigBytes));
    if (kept) return *std::move(kept);
    if (services_.offline)
      return fail(not_here(fmt::format("config {}", to_string(descriptor.digest))));
    TRY_ASSIGN(registry::Client * client, services_.client_for(reference_.registry));
    TRY_ASSIGN(const auto source,
               client->blob(reference_, descriptor.digest, descriptor.size_bytes));
    TRY_ASSIGN(std::string content, io::read_all(*source, kMaxConfigBytes));
    TRY(verify(content, descriptor, "the config"));
    TRY(store::put(services_.blobs, content));
    return content;
  }

  Result<recipe::Recipe> layer(const image::Descriptor& descriptor) override {
    return recipe::Recipe{
        .digest = descriptor.digest,
        .size_bytes = descriptor.size_bytes,
        .segments = {recipe::RemoteBlob{
            .repository = fmt::format("{}/{}", reference_.registry, reference_.repository),
            .blob = descriptor.digest,
            .size_bytes = descriptor.size_bytes}}};
  }

 private:
  Result<std::optional<std::string>> stored(const digest::Digest& digest, std::uint64_t limit) {
    TRY_ASSIGN(const bool there, services_.blobs.contains(digest));
    if (!there) return std::nullopt;
    TRY_ASSIGN(auto content, store::get(services_.blobs, digest, limit));
    return std::optional(std::move(content));
  }

  // The size is learned from the content; read_image then verifies that by its digest.
  Result<image::Descriptor> by_digest(const digest::Digest& digest) {
    TRY_ASSIGN(auto kept, stored(digest, kMaxManifestBytes));
    if (kept) return image::Descriptor{.digest = digest, .size_bytes = kept->size()};
    if (services_.offline) return fail(not_here(fmt::format("`{}`", to_string(reference_))));
    TRY_ASSIGN(registry::Client * client, services_.client_for(reference_.registry));
    image::Reference reference = reference_;
    reference.digest = digest;
    TRY_ASSIGN(const auto fetched, client->manifest(reference));
    const image::Descriptor descriptor{
        .media_type = fetched.media_type, .digest = digest, .size_bytes = fetched.body.size()};
    TRY(verify(fetched.body, descriptor, "the manifest"));
    TRY(store::put(services_.blobs, fetched.body));
    return descriptor;
  }

  const image::Reference& reference_;
  const PullServices& services_;
};

}  // namespace

Result<image::Image> open_registry_image(const image::Reference& reference,
                                         const image::Platform& platform,
                                         const PullServices& services) {
  RegistryCarrier carrier(reference, services);
  TRY_ASSIGN(const image::Descriptor top, carrier.top());
  return read_image(top, platform, carrier);
}

}  // namespace cogbuild::pull
