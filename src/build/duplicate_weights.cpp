#include "duplicate_weights.hpp"

#include "text_lines.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/project/utf8.hpp>
#include <cogbuild/store/file_digests.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace cogbuild::build {

namespace {

struct Candidate {
  const project::ProjectFile* file = nullptr;
  std::filesystem::path path{};
};
using Candidates = std::vector<Candidate>;

// The weights by size, each file once however many hard links it has.
std::map<std::uint64_t, Candidates> by_size(const Project& project) {
  std::map<std::uint64_t, Candidates> groups;
  std::set<std::pair<std::uint64_t, std::uint64_t>> linked;
  for (const auto& file : project.listing.files) {
    const auto& stamp = file.stamp;
    if (file.role != project::FileRole::weights) continue;
    if (file.link_count > 1 && !linked.emplace(stamp.device, stamp.inode).second) continue;
    groups[stamp.size_bytes].push_back({.file = &file, .path = project.root / file.path});
  }
  return groups;
}

// Shards of one model have one size; their last bytes tell them apart without reading them whole.
Result<std::string> end_of(const Candidate& candidate) {
  constexpr std::size_t kEnd = 4096;
  std::array<std::byte, kEnd> buffer{};
  TRY_ASSIGN(const auto file, io::open_for_reading(candidate.path));
  TRY(io::read_at(file, candidate.path, candidate.file->stamp.size_bytes - kEnd, buffer));
  std::string text;
  for (const std::byte byte : buffer) text += static_cast<char>(byte);
  return text;
}

Result<std::vector<Candidates>> same_content(const Candidates& group, Services& services) {
  std::map<std::string, Candidates> by_end;
  for (const auto& candidate : group) {
    TRY_ASSIGN(auto end, end_of(candidate));
    by_end[std::move(end)].push_back(candidate);
  }
  store::FileDigests known(services.keys, services.clock);
  std::vector<Candidates> same;
  for (const auto& [end, candidates] : by_end) {
    if (candidates.size() < 2) continue;
    std::map<std::string, Candidates> by_digest;
    for (const auto& candidate : candidates) {
      const auto& stamp = candidate.file->stamp;
      TRY_ASSIGN(auto digest, known.get(candidate.path, stamp));
      if (!digest) {
        TRY_ASSIGN(digest, store::digest_file(candidate.path, stamp, services.clock));
        TRY(known.put({.path = candidate.path, .stamp = stamp, .digest = *digest}));
      }
      by_digest[digest::to_string(*digest)].push_back(candidate);
    }
    for (auto& [digest, copies] : by_digest)
      if (copies.size() > 1) same.push_back(std::move(copies));
  }
  return same;
}

std::string describe(const Candidates& copies) {
  std::string names;
  for (const auto& copy : copies) {
    if (!names.empty()) names += &copy == &copies.back() ? " and " : ", ";
    names += "`" + project::escape(copy.file->path) + "`";
  }
  const auto wasted = copies.front().file->stamp.size_bytes * (copies.size() - 1);
  return fmt::format(
      "{} have the same content: {:.1f} MB of the image are wasted; keep one and link "
      "to it",
      names, static_cast<double>(wasted) / 1e6);
}

}  // namespace

Result<std::vector<std::string>> warn_of_duplicate_weights(const Project& project,
                                                           Services& services) {
  const auto groups = by_size(project);
  // The verdict on files that did not change is kept: a rebuild opens no weights.
  digest::Hasher hasher;
  for (const auto& [size_bytes, group] : groups) {
    if (group.size() < 2) continue;
    for (const auto& candidate : group) {
      const auto& stamp = candidate.file->stamp;
      hasher.update(fmt::format("{}\n{} {} {} {} {}\n", candidate.path.string(), stamp.device,
                                stamp.inode, stamp.size_bytes, stamp.mtime_ns, stamp.ctime_ns));
    }
  }
  if (hasher.size_bytes() == 0) return std::vector<std::string>();
  const std::string key = "copies:" + hasher.finish().hex();
  TRY_ASSIGN(const auto known, services.keys.get(store::Table::file, key));
  if (known) return text_lines(*known);

  std::vector<std::string> warnings;
  for (const auto& [size_bytes, group] : groups) {
    if (group.size() < 2) continue;
    TRY_ASSIGN(const auto same, same_content(group, services));
    for (const auto& copies : same) warnings.push_back(describe(copies));
  }
  std::ranges::sort(warnings);
  TRY(services.keys.put(store::Table::file, key, fmt::format("{}", fmt::join(warnings, "\n"))));
  return warnings;
}

}  // namespace cogbuild::build
