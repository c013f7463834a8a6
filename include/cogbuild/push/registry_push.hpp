#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/image/reference.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/recipe/reader.hpp>
#include <cogbuild/registry/client.hpp>
#include <cogbuild/store/key_index.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cogbuild::push {

// All are used from several threads at once.
struct PushServices {
  registry::Client& client;
  recipe::SegmentOpener& opener;
  store::KeyIndex& seen;  // Table::upload: where each digest was seen in a registry
  progress::Reporter& reporter;
  clock::Clock& clock;  // for waiting until a registry knows what it was sent
};

struct PushOptions {
  int parallel = 4;  // blobs under way at once
};

struct PushedBlob {
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  std::string label{};
  registry::BlobOutcome outcome = registry::BlobOutcome::present;
};

struct PushSummary {
  bool unchanged = false;           // the tag had this very manifest: nothing was done
  std::vector<PushedBlob> blobs{};  // each digest once, base first, the config last
  std::uint64_t uploaded_bytes = 0;
  std::uint64_t request_count = 0;
};

// Brings the image to `reference`: blobs in parallel, biggest first, mounted from other
// repositories of the registry where it has them; then the manifest, once every blob is confirmed.
// Each blob is verified while it streams: a source that changed since it was hashed fails before
// the upload is closed. The first error stops the rest. Errors: usage (the reference names another
// digest), unsupported (a layer is larger than the registry takes), integrity, auth, network.
Result<PushSummary> push_to_registry(const image::Image& image, const image::Reference& reference,
                                     PushServices services, PushOptions options = {});

}  // namespace cogbuild::push
