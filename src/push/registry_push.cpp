#include "layout_files.hpp"
#include "resumable_blob.hpp"
#include "run_all.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/manifest.hpp>
#include <cogbuild/push/registry_limits.hpp>
#include <cogbuild/push/registry_push.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

namespace cogbuild::push {

namespace {

constexpr std::size_t kMostMountCandidates = 4;
constexpr int kManifestAttempts = 5;
constexpr std::chrono::seconds kManifestPatience{3};  // times the attempt: half a minute in all

// A blob on its way, in the order of the image.
struct Outgoing {
  recipe::Recipe recipe{};
  std::string label{};
  std::vector<std::string> mount_from{};
  registry::BlobOutcome outcome = registry::BlobOutcome::present;
};

// Where digests were seen: `registry|digest` -> repositories, newest first, one a line.
class SeenRepositories {
 public:
  SeenRepositories(store::KeyIndex& index, const image::Reference& target)
      : index_(index), target_(target) {}

  [[nodiscard]] std::vector<std::string> of(const digest::Digest& blob) const {
    // Only a hint: an index that cannot be read costs an upload, not the push.
    const auto text = index_.get(store::Table::upload, key(blob));
    std::vector<std::string> repositories;
    if (!text || !*text) return repositories;
    for (std::string_view rest = **text; !rest.empty();) {
      const auto end = rest.find('\n');
      repositories.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return repositories;
  }

  Result<void> remember(const std::vector<Outgoing>& blobs) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (const auto& blob : blobs) {
      std::string text = target_.repository;
      std::size_t count = 1;
      for (const auto& repository : of(blob.recipe.digest)) {
        if (repository != target_.repository && count++ < kMostMountCandidates)
          text += "\n" + repository;
      }
      entries.emplace_back(key(blob.recipe.digest), std::move(text));
    }
    return index_.put_all(store::Table::upload, entries);
  }

 private:
  [[nodiscard]] std::string key(const digest::Digest& blob) const {
    return target_.registry + "|" + to_string(blob);
  }
  store::KeyIndex& index_;
  const image::Reference& target_;
};

// The repositories of the target's registry that should have the blob, its own left out.
std::vector<std::string> mount_candidates(const recipe::Recipe& recipe,
                                          const image::Reference& target,
                                          const SeenRepositories& seen) {
  std::vector<std::string> candidates;
  const auto add = [&](const std::string& repository) {
    if (repository != target.repository &&
        std::ranges::find(candidates, repository) == candidates.end() &&
        candidates.size() < kMostMountCandidates)
      candidates.push_back(repository);
  };
  const std::string prefix = target.registry + "/";
  for (const auto& segment : recipe.segments) {
    const auto* remote = std::get_if<recipe::RemoteBlob>(&segment);
    if (remote != nullptr && remote->blob == recipe.digest &&
        remote->repository.starts_with(prefix))
      add(remote->repository.substr(prefix.size()));
  }
  for (const auto& repository : seen.of(recipe.digest)) add(repository);
  return candidates;
}

recipe::Recipe literal(std::string content) {
  const auto digest = digest::digest_of(content);
  const auto size = content.size();
  return {.digest = digest,
          .size_bytes = size,
          .segments = {recipe::Literal{.bytes = std::move(content)}}};
}

// Every blob once: layers in order, then the config.
std::vector<Outgoing> outgoing_blobs(const image::Image& image, const image::Reference& target,
                                     const SeenRepositories& seen) {
  std::vector<Outgoing> blobs;
  std::set<digest::Digest> known;
  const auto add = [&](recipe::Recipe recipe, std::string label) {
    if (!known.insert(recipe.digest).second) return;
    auto candidates = mount_candidates(recipe, target, seen);
    blobs.push_back({.recipe = std::move(recipe),
                     .label = std::move(label),
                     .mount_from = std::move(candidates)});
  };
  for (const auto& layer : image.layers) add(layer.recipe, layer_label(layer));
  add(literal(image.config_json), "image config");
  return blobs;
}

// The blobs of a manifest; none for an index or anything else.
std::set<digest::Digest> referred_blobs(std::string_view manifest) {
  std::set<digest::Digest> blobs;
  const auto parsed = image::parse_manifest(manifest);
  const auto* image = parsed ? std::get_if<image::Manifest>(&*parsed) : nullptr;
  if (image == nullptr) return blobs;
  blobs.insert(image->config.digest);
  for (const auto& layer : image->layers) blobs.insert(layer.digest);
  return blobs;
}

std::string in_gigabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

Result<void> check_limits(const std::vector<Outgoing>& blobs, const std::string& registry) {
  const auto limit = largest_layer_bytes(registry);
  if (!limit) return {};
  for (const auto& blob : blobs) {
    if (blob.recipe.size_bytes > *limit)
      return fail(
          Error(ErrorKind::unsupported,
                fmt::format("`{}` has {}, but {} takes at most {} per layer", blob.label,
                            in_gigabytes(blob.recipe.size_bytes), registry, in_gigabytes(*limit)))
              .hint("split the file, or push to another registry"));
  }
  return {};
}

// One push: what its steps share.
class Push {
 public:
  Push(const image::Image& image, const image::Reference& target, PushServices services,
       PushOptions options)
      : image_(image), target_(target), services_(services), options_(options) {}

  Result<PushSummary> run();

 private:
  Result<void> send(Outgoing& blob);
  Result<void> send_all(const std::vector<std::size_t>& which);
  Result<void> send_manifest();
  Result<std::vector<std::size_t>> missing_blobs();

  const image::Image& image_;
  const image::Reference& target_;
  PushServices services_;
  PushOptions options_;
  std::vector<Outgoing> blobs_{};
  std::atomic<bool> stop_ = false;
};

Result<void> Push::send(Outgoing& blob) {
  ResumableBlob bytes(blob.recipe, services_.opener, stop_);
  auto outcome = services_.client.push_blob(
      target_, {.digest = blob.recipe.digest,
                .size_bytes = blob.recipe.size_bytes,
                .label = blob.label,
                .open = [&](std::uint64_t offset) { return bytes.open(offset); },
                .mount_from = blob.mount_from});
  if (!outcome)
    return fail(std::move(outcome).error().during(fmt::format("pushing `{}`", blob.label)));
  blob.outcome = *outcome;
  return {};
}

// Biggest first, so that no large blob begins when all others are done.
Result<void> Push::send_all(const std::vector<std::size_t>& which) {
  std::vector<std::size_t> order = which;
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const auto& left = blobs_[a].recipe;
    const auto& right = blobs_[b].recipe;
    return std::tie(right.size_bytes, left.digest) < std::tie(left.size_bytes, right.digest);
  });
  return run_all(order.size(), options_.parallel, stop_,
                 [&](std::size_t i) { return send(blobs_[order[i]]); });
}

Result<std::vector<std::size_t>> Push::missing_blobs() {
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < blobs_.size(); ++i) {
    TRY_ASSIGN(const bool there, services_.client.has_blob(target_, blobs_[i].recipe.digest));
    if (!there) missing.push_back(i);
  }
  return missing;
}

// Some registries take a blob and forget it, or know it only a little later: what the manifest
// misses is sent again.
Result<void> Push::send_manifest() {
  for (int attempt = 1;; ++attempt) {
    auto sent =
        services_.client.push_manifest(target_, image_.manifest.media_type, image_.manifest_json);
    if (sent) return {};
    const bool misses_blobs =
        sent.error().message().find("MANIFEST_BLOB_UNKNOWN") != std::string::npos;
    if (!misses_blobs || attempt == kManifestAttempts)
      return fail(std::move(sent).error().during("pushing the manifest"));
    TRY_ASSIGN(const auto missing, missing_blobs());
    TRY(send_all(missing));
    if (missing.empty()) {
      services_.reporter.explain(
          fmt::format("{} does not know all blobs yet; waiting", target_.registry));
      services_.clock.sleep(kManifestPatience * attempt);
    }
  }
}

Result<PushSummary> Push::run() {
  if (target_.digest && *target_.digest != image_.manifest.digest)
    return fail(
        Error(ErrorKind::usage, fmt::format("the image has digest {}, not the one in `{}`",
                                            to_string(image_.manifest.digest), to_string(target_)))
            .hint("push to a tag"));
  const std::uint64_t requests_before = services_.client.request_count();
  const std::uint64_t sent_before = services_.client.sent_body_bytes();
  PushSummary summary;

  SeenRepositories seen(services_.seen, target_);
  blobs_ = outgoing_blobs(image_, target_, seen);
  TRY(check_limits(blobs_, target_.registry));
  const auto current = services_.client.manifest(target_);
  // Some registries refuse to say anything of a repository that does not exist yet.
  if (!current && current.error().kind() == ErrorKind::network) return fail(current.error());
  if (current && current->digest == image_.manifest.digest) {
    summary.unchanged = true;
  } else {
    // What the tag's manifest refers to is there: after a small change nothing else needs a
    // question.
    const std::set<digest::Digest> there =
        current ? referred_blobs(current->body) : std::set<digest::Digest>();
    std::vector<std::size_t> unknown;
    for (std::size_t i = 0; i < blobs_.size(); ++i)
      if (!there.contains(blobs_[i].recipe.digest)) unknown.push_back(i);
    TRY(send_all(unknown));
    TRY(send_manifest());
  }
  if (const auto kept = seen.remember(blobs_); !kept)
    services_.reporter.explain("later pushes cannot mount these layers: " + kept.error().message());

  for (auto& blob : blobs_)
    summary.blobs.push_back({.digest = blob.recipe.digest,
                             .size_bytes = blob.recipe.size_bytes,
                             .label = std::move(blob.label),
                             .outcome = blob.outcome});
  summary.request_count = services_.client.request_count() - requests_before;
  summary.uploaded_bytes = services_.client.sent_body_bytes() - sent_before;
  return summary;
}

}  // namespace

Result<PushSummary> push_to_registry(const image::Image& image, const image::Reference& reference,
                                     PushServices services, PushOptions options) {
  return Push(image, reference, services, options).run();
}

}  // namespace cogbuild::push
