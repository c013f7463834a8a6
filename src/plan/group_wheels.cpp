#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/plan/group_wheels.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace cogbuild::plan {

namespace {

// A runtime is known by these, whatever else it needs.
std::vector<lock::LockedDistribution> cog_first(std::vector<lock::LockedDistribution> wheels) {
  std::ranges::stable_partition(
      wheels, [](const auto& wheel) { return wheel.name == "cog" || wheel.name == "coglet"; });
  return wheels;
}

std::string in_words(const std::vector<lock::LockedDistribution>& wheels) {
  constexpr std::size_t kNamed = 4;
  std::string out;
  for (std::size_t i = 0; i < std::min(wheels.size(), kNamed); ++i)
    out += fmt::format("{}{} {}", i == 0 ? "" : ", ", wheels[i].name, wheels[i].version);
  if (wheels.size() > kNamed) out += fmt::format(" and {} more", wheels.size() - kNamed);
  return out;
}

std::size_t bucket_of(const std::string& name) {
  return static_cast<std::size_t>(digest::digest_of(name).raw()[0]) % kSmallWheelBuckets;
}

}  // namespace

std::vector<WheelGroup> group_wheels(std::vector<lock::LockedDistribution> wheels,
                                     std::size_t max_groups) {
  std::ranges::sort(wheels, [](const auto& a, const auto& b) {
    return std::tie(b.size_bytes, a.name) < std::tie(a.size_bytes, b.name);
  });
  constexpr std::size_t kShared = kSmallWheelBuckets + 1;  // the buckets and the runtime
  const std::size_t most_alone =
      std::min(kMaxLargeWheels, max_groups > kShared ? max_groups - kShared : 0);
  // Too few groups for the buckets as well: everything small shares one.
  const std::size_t buckets = max_groups > kShared ? kSmallWheelBuckets : 1;

  std::vector<WheelGroup> groups;
  std::array<WheelGroup, kSmallWheelBuckets> small{};
  WheelGroup runtime{.kind = LayerKind::runtime};
  for (auto& wheel : wheels) {
    if (wheel.group == lock::Group::runtime && max_groups > 1)
      runtime.wheels.push_back(std::move(wheel));
    else if (wheel.size_bytes >= kLargeWheelBytes && groups.size() < most_alone)
      groups.push_back({.wheels = {std::move(wheel)}});
    else
      small[bucket_of(wheel.name) % buckets].wheels.push_back(std::move(wheel));
  }
  for (auto& bucket : small)
    if (!bucket.wheels.empty()) groups.push_back(std::move(bucket));
  if (!runtime.wheels.empty()) groups.push_back(std::move(runtime));
  for (auto& group : groups) {
    std::ranges::sort(group.wheels, {}, &lock::LockedDistribution::name);
    group.title =
        in_words(group.kind == LayerKind::runtime ? cog_first(group.wheels) : group.wheels);
  }
  return groups;
}

}  // namespace cogbuild::plan
