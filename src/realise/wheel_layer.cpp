#include "build_layer.hpp"
#include "layer_tar.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace cogbuild::realise {

Result<OpenedWheel> open_wheel(const lock::LockedDistribution& distribution,
                               const plan::InstallScheme& scheme, const Services& services) {
  TRY_ASSIGN(const bool stored, services.blobs.contains(distribution.digest));
  if (!stored) {
    TRY_ASSIGN(const auto wanted, services.wanted(distribution));
    TRY(fetch::fetch(wanted, services.fetch));
  }
  TRY_ASSIGN(const auto path, services.blobs.file(distribution.digest));
  TRY_ASSIGN(auto zip, archive::ZipDirectory::open(path, distribution.file_name));
  TRY_ASSIGN(auto layout, lay_out_wheel(zip, distribution, scheme));
  return OpenedWheel{&distribution, std::move(zip), std::move(layout)};
}

namespace {

struct Placed {
  const OpenedWheel* wheel = nullptr;
  archive::MemberReader* reader = nullptr;
  const WheelFile* file = nullptr;
};

// What is packed anew must be what RECORD promised; the hash is taken while the bytes pass by. A
// member that keeps its compressed bytes is covered by the wheel's digest and its CRC-32
// (docs/decisions).
Result<void> write_member(const Placed& placed, PackedBlob& blob) {
  const archive::ZipMember& member = *placed.file->member;
  digest::Hasher hasher;
  io::ByteSink* const observer = placed.file->expected && !blob.keeps(member) ? &hasher : nullptr;
  TRY(blob.write_member(*placed.reader, member, placed.wheel->distribution->digest, observer));
  if (observer != nullptr && hasher.finish() != *placed.file->expected)
    return fail(
        Error(ErrorKind::integrity, fmt::format("`{}` in {} differs from what its RECORD says",
                                                member.name, placed.wheel->zip.name())));
  return {};
}

}  // namespace

Result<Layer> build_wheel_layer(const plan::LayerPlan& layer, const OpenedWheels& opened,
                                const Services& services) {
  // Equal files of two wheels (namespace stubs) stand once; conflicts were refused before.
  std::vector<Placed> files;
  std::vector<ContentItem> items;
  std::uint64_t total = 0;
  // Wheels read whole are fast in any order, but a group of many must not fill the memory.
  constexpr std::uint64_t kWholeGroupBytes = std::uint64_t{32} << 20U;
  std::uint64_t packed_bytes = 0;
  for (const auto& wheel : opened) packed_bytes += wheel->zip.size_bytes();
  using Access = archive::MemberReader::Access;
  const Access access = packed_bytes <= kWholeGroupBytes ? Access::all : Access::few;
  std::deque<archive::MemberReader> readers;
  for (const auto& wheel_pointer : opened) {
    const OpenedWheel& wheel = *wheel_pointer;
    auto& reader = readers.emplace_back(wheel.zip, access);
    for (const auto& file : wheel.layout.files) files.push_back({&wheel, &reader, &file});
    for (const auto& warning : wheel.layout.warnings) services.reporter.warn(warning);
    items.push_back({.kind = "package",
                     .name = wheel.distribution->name,
                     .version = wheel.distribution->version,
                     .unpacked_bytes = wheel.layout.unpacked_bytes});
    total += wheel.layout.unpacked_bytes;
  }

  const auto path_of = [](const Placed& placed) -> const std::string& { return placed.file->path; };
  if (opened.size() > 1) {
    std::ranges::stable_sort(files, {}, path_of);
    const auto twice = std::ranges::unique(files, {}, path_of);
    files.erase(twice.begin(), twice.end());
  }

  services.reporter.started(layer.title, "unpack " + layer.title, total);
  PackedBlob blob(layer.compression, services.blobs);
  LayerTar tar(layer, blob);
  std::uint64_t done = 0;
  for (const Placed& placed : files) {
    const std::string& path = placed.file->path;
    const std::uint64_t size = placed.file->size_bytes();
    TRY(tar.file(path, placed.file->executable ? 0755 : 0644, size));
    if (placed.file->member)
      TRY(write_member(placed, blob));
    else
      TRY(blob.write(placed.file->content));
    TRY(tar.end_file(size));
    done += size;
    services.reporter.advanced(layer.title, done);
  }
  TRY(tar.end());
  TRY_ASSIGN(auto finished, blob.finish());
  services.reporter.finished(layer.title, "");
  return to_layer(layer.compression, std::move(finished), std::move(items));
}

}  // namespace cogbuild::realise
