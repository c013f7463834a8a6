#include "build_layer.hpp"
#include "layer_tar.hpp"

#include <fmt/format.h>

#include <chrono>

namespace cogbuild::realise {

namespace {

// A stamp is only worth keeping if a later change must show in it: the file has to be older than
// one tick of the file system's clock when reading begins. Fresh files are waited for, some
// milliseconds.
void let_stamp_settle(const io::FileStamp& stamp, clock::Clock& clock) {
  constexpr std::chrono::milliseconds kTick{20};
  const auto changed = clock::Time(
      std::chrono::duration_cast<clock::Time::duration>(std::chrono::nanoseconds(stamp.ctime_ns)));
  const auto age = clock.now() - changed;
  if (age >= std::chrono::milliseconds(0) && age < kTick)
    clock.sleep(std::chrono::duration_cast<std::chrono::milliseconds>(kTick - age) +
                std::chrono::milliseconds(1));
}

}  // namespace

Result<Layer> build_weights_layer(const plan::LayerPlan& layer, const plan::WeightsLayer& weights,
                                  const Services& services) {
  PackedBlob blob(layer.compression, services.blobs);
  LayerTar tar(layer, blob);
  std::vector<ContentItem> items;
  std::uint64_t total = 0;
  for (const auto& file : weights.files) total += file.stamp.size_bytes;
  services.reporter.started(layer.title, "hash " + layer.title, total);
  std::uint64_t before = 0;
  for (const auto& file : weights.files) {
    if (!file.hardlink_to.empty()) {
      TRY(tar.hardlink(file.path, file.hardlink_to));
      continue;
    }
    let_stamp_settle(file.stamp, services.clock);
    TRY(tar.file(file.path, file.executable ? 0755 : 0644, file.stamp.size_bytes));
    TRY(blob.write_file(file.source, file.stamp, [&](std::uint64_t done) {
      services.reporter.advanced(layer.title, before + done);
    }));
    TRY(tar.end_file(file.stamp.size_bytes));
    before += file.stamp.size_bytes;
    items.push_back(
        {.kind = "weights", .name = file.project_path, .unpacked_bytes = file.stamp.size_bytes});
  }
  TRY(tar.end());
  TRY_ASSIGN(auto finished, blob.finish());
  services.reporter.finished(layer.title, "");
  return to_layer(layer.compression, std::move(finished), std::move(items));
}

}  // namespace cogbuild::realise
