#include "deb_shelf.hpp"

#include "in_parallel.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <set>

namespace cogbuild::realise {

namespace {

constexpr std::uint64_t kContentsLimitBytes = std::uint64_t{256} << 20U;

std::string contents_key(const lock::LockedDeb& package, const debian::UnpackRules& rules) {
  const std::string input = fmt::format("{} {}", to_string(package.digest), to_text(rules));
  return fmt::format("contents {}", digest::digest_of(input).hex());
}

std::string fragment_key(const std::string& contents, const plan::LayerPlan& layer,
                         const BaseFit& fit) {
  // Paths hold no control characters (archive::checked_path).
  std::string input = fmt::format("{}\n{}\n{}\n", contents, layer.mtime_seconds,
                                  compressor_identity(fragment_compression(layer)));
  for (const auto& [from, to] : fit.links) input += fmt::format("{}\n{}\n", from, to);
  for (const auto& path : fit.omitted) input += fmt::format("\n{}\n", path);
  return fmt::format("fragment {}", digest::digest_of(input).hex());
}

std::string to_text(const PackedBlob::Packed& packed) {
  return fmt::format("{} {} {}", packed.blob.hex(), packed.packed_bytes, packed.tar_bytes);
}

Result<PackedBlob::Packed> parse_packed(std::string_view text) {
  const auto broken = [] {
    return fail(Error(ErrorKind::integrity, "a cached record of a package is damaged"));
  };
  const auto take = [&text] {
    const auto end = text.find(' ');
    const auto field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return field;
  };
  PackedBlob::Packed packed;
  TRY_ASSIGN(packed.blob, digest::Digest::parse_hex(std::string(take())));
  for (auto* number : {&packed.packed_bytes, &packed.tar_bytes}) {
    const auto field = take();
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), *number);
    if (error != std::errc() || end != field.data() + field.size()) return broken();
  }
  return packed;
}

// A fragment has no segments of its own: all of it becomes one blob.
Result<PackedBlob::Packed> to_packed(const PackedBlob::Finished& finished,
                                     store::BlobStore& blobs) {
  std::string literal;
  for (const auto& segment : finished.recipe.segments)
    if (const auto* bytes = std::get_if<recipe::Literal>(&segment)) literal += bytes->bytes;
  if (!literal.empty()) TRY(store::put(blobs, literal));
  return PackedBlob::Packed{.blob = finished.recipe.digest,
                            .packed_bytes = finished.recipe.size_bytes,
                            .tar_bytes = finished.unpacked_bytes};
}

}  // namespace

plan::Compression fragment_compression(const plan::LayerPlan& layer) {
  return layer.compression == plan::Compression::gzip_stored ? plan::Compression::gzip
                                                             : layer.compression;
}

const debian::DebContents& DebShelf::contents(const WantedDeb& deb) const {
  return contents_.at(contents_key(*deb.package, *deb.rules)).contents;
}

const PackedBlob::Packed& DebShelf::fragment(const WantedDeb& deb) const {
  const std::string key = contents_key(*deb.package, *deb.rules);
  return fragments_.at(fragment_key(key, *deb.layer, contents_.at(key).fit));
}

Result<void> DebShelf::prepare(const std::vector<WantedDeb>& wanted) {
  // A package that does not fit the base as it is shows it when its contents are known; it is
  // unpacked once more then.
  for (;;) {
    TRY_ASSIGN(auto tasks, missing(wanted));
    if (tasks.empty()) return {};
    TRY(fetch(tasks));
    TRY(unpack(std::move(tasks)));
  }
}

Result<std::vector<DebShelf::Task>> DebShelf::missing(const std::vector<WantedDeb>& wanted) {
  std::map<std::string, Task> tasks;  // by key of contents
  for (const auto& deb : wanted) {
    const std::string key = contents_key(*deb.package, *deb.rules);
    TRY_ASSIGN(const bool known, find_contents(key));
    Task task{.package = deb.package, .rules = deb.rules, .layer = deb.layer};
    if (known)
      task.fit = contents_.at(key).fit;
    else
      task.contents_key = key;
    if (deb.layer != nullptr) {
      task.fragment_key = fragment_key(key, *deb.layer, task.fit);
      TRY_ASSIGN(const bool packed, find_fragment(task.fragment_key));
      if (packed) task.layer = nullptr;
    }
    if (task.contents_key.empty() && task.layer == nullptr) continue;
    auto& first = tasks.try_emplace(key, task).first->second;
    if (first.layer == nullptr && task.layer != nullptr) first = std::move(task);
  }
  std::vector<Task> listed;
  for (auto& [key, task] : tasks) listed.push_back(std::move(task));
  return listed;
}

Result<bool> DebShelf::find_contents(const std::string& key) {
  if (contents_.contains(key)) return true;
  if (!services_.use_cache) return false;
  TRY_ASSIGN(const auto record, services_.keys.get(store::Table::deb, key));
  if (!record) return false;
  const auto blob = digest::Digest::parse_hex(*record);
  if (!blob) return false;
  const auto text = store::get(services_.blobs, *blob, kContentsLimitBytes);
  if (!text && text.error().kind() != ErrorKind::not_found) return fail(text.error());
  auto contents =
      text ? debian::parse_deb_contents(*text) : Result<debian::DebContents>(fail(text.error()));
  if (!contents) return false;
  TRY(shelve(key, *std::move(contents)));
  return true;
}

Result<bool> DebShelf::find_fragment(const std::string& key) {
  if (fragments_.contains(key)) return true;
  if (!services_.use_cache) return false;
  TRY_ASSIGN(const auto record, services_.keys.get(store::Table::deb, key));
  if (!record) return false;
  const auto packed = parse_packed(*record);
  if (!packed) return false;
  TRY_ASSIGN(const bool there, services_.blobs.contains(packed->blob));
  if (there) fragments_.emplace(key, *packed);
  return there;
}

Result<void> DebShelf::shelve(const std::string& key, debian::DebContents contents) {
  TRY_ASSIGN(auto fit, fit_to_base(contents, base_));
  Shelved shelved{.contents = fitted(std::move(contents), fit), .fit = std::move(fit)};
  const std::lock_guard lock(mutex_);
  contents_.emplace(key, std::move(shelved));
  return {};
}

Result<void> DebShelf::fetch(const std::vector<Task>& tasks) {
  std::vector<lock::LockedDeb> absent;
  for (const auto& task : tasks) {
    TRY_ASSIGN(const bool stored, services_.blobs.contains(task.package->digest));
    if (!stored) absent.push_back(*task.package);
  }
  std::ranges::sort(absent, {}, &lock::LockedDeb::name);
  return absent.empty() ? Result<void>() : services_.fetch_debs(absent);
}

Result<void> DebShelf::unpack(std::vector<Task> tasks) {
  // The largest first: the last one decides when all are done.
  std::ranges::stable_sort(tasks, std::ranges::greater(),
                           [](const Task& task) { return task.package->size_bytes; });
  const std::string id = "unpack packages";
  std::uint64_t total = 0;
  for (const auto& task : tasks) total += task.package->size_bytes;
  services_.reporter.started(id, fmt::format("unpack {} packages", tasks.size()), total);
  std::atomic<std::uint64_t> done{0};
  const auto outcome =
      in_parallel(tasks.size(), services_.threads, [&](std::size_t i) -> Result<void> {
        TRY(unpack(tasks[i]));
        services_.reporter.advanced(id, done += tasks[i].package->size_bytes);
        return {};
      });
  services_.reporter.finished(id, "");
  // What is done stays done, whatever became of the others.
  TRY(services_.keys.put_all(store::Table::deb, std::exchange(learned_, {})));
  return outcome;
}

Result<void> DebShelf::unpack(const Task& task) {
  TRY_ASSIGN(const auto path, services_.blobs.file(task.package->digest));
  std::vector<std::pair<std::string, std::string>> learned;
  if (task.layer == nullptr) {
    TRY_ASSIGN(auto contents, unpack_deb(path, *task.package, *task.rules, {}, nullptr));
    TRY_ASSIGN(const auto text, store::put(services_.blobs, to_text(contents)));
    learned.emplace_back(task.contents_key, text.hex());
    TRY(shelve(task.contents_key, std::move(contents)));
  } else {
    PackedBlob blob(fragment_compression(*task.layer), services_.blobs);
    const DebTar tar{.blob = blob, .mtime_seconds = task.layer->mtime_seconds};
    TRY_ASSIGN(auto contents, unpack_deb(path, *task.package, *task.rules, task.fit, &tar));
    TRY_ASSIGN(const auto finished, blob.finish());
    TRY_ASSIGN(const auto packed, to_packed(finished, services_.blobs));
    learned.emplace_back(task.fragment_key, to_text(packed));
    if (!task.contents_key.empty()) {
      TRY_ASSIGN(const auto text, store::put(services_.blobs, to_text(contents)));
      learned.emplace_back(task.contents_key, text.hex());
      TRY(shelve(task.contents_key, std::move(contents)));
    }
    const std::lock_guard lock(mutex_);
    fragments_.emplace(task.fragment_key, packed);
  }
  const std::lock_guard lock(mutex_);
  learned_.insert(learned_.end(), learned.begin(), learned.end());
  return {};
}

}  // namespace cogbuild::realise
