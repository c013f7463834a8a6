#pragma once

#include <cogbuild/lock/lock.hpp>
#include <cogbuild/plan/image_plan.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cogbuild::plan {

// A wheel file of at least this size has a layer to itself. Measured on the file, not unpacked:
// that size is in the lock, so that planning needs no download.
inline constexpr std::uint64_t kLargeWheelBytes = 8'000'000;
inline constexpr std::size_t kMaxLargeWheels = 24;
inline constexpr std::size_t kSmallWheelBuckets = 4;

struct WheelGroup {
  LayerKind kind = LayerKind::python;
  std::string title{};
  std::vector<lock::LockedDistribution> wheels{};  // sorted by name
  friend bool operator==(const WheelGroup&, const WheelGroup&) = default;
};

// Splits a lock's distributions over layers: the largest alone, largest first; the rest by the
// digest of their name into stable buckets, so that a bump of one leaves the other buckets' bytes
// alone; the Cog runtime last. Decided by names and sizes only. Ties are broken by name. With fewer
// than `max_groups` (at least 1) allowed, the smallest are merged.
std::vector<WheelGroup> group_wheels(std::vector<lock::LockedDistribution> wheels,
                                     std::size_t max_groups);

}  // namespace cogbuild::plan
