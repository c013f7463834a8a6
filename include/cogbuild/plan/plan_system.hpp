#pragma once

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/configure/configure.hpp>
#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/lock/system_lock.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/plan/plan_image.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace cogbuild::plan {

// A group of packages that share a layer.
struct DebGroup {
  std::string title{};
  std::vector<lock::LockedDeb> packages{};  // sorted by name
  friend bool operator==(const DebGroup&, const DebGroup&) = default;
};

// A source package whose .debs are together at least this large may have a layer to itself.
inline constexpr std::uint64_t kLargeSourceBytes = 5'000'000;
inline constexpr std::size_t kMaxDebGroups = 8;

// Splits packages over at most `max_groups` (at least 1) layers: the largest source packages alone,
// largest first, the rest together, last. Decided by names and sizes only.
std::vector<DebGroup> group_debs(std::vector<lock::LockedDeb> packages,
                                 std::size_t max_groups = kMaxDebGroups);

struct SystemInputs {
  const lock::SystemLock& system;
  const base::BaseImage& below;  // an image without layers, for a base composed anew
  configure::Options configuring{};
  bool keep_docs = false;
  // Files that go with the interpreter, sorted by path: links to it, above all.
  std::vector<configure::GeneratedFile> extra{};
  std::vector<std::string> left_out{};  // canonical paths of packages that stay out, sorted
};

// The layers of a base composed anew, bottom to top: the distribution's packages, the interpreter
// (packages or a standalone build), and what configuring both leaves behind.
std::vector<LayerPlan> plan_base_layers(const SystemInputs& inputs, const PlanOptions& options);

// The layers of `system_packages` above a base, and what configuring them leaves behind. None
// without packages. Error: config (diversions of the base that cannot be read).
Result<std::vector<LayerPlan>> plan_system_layers(const SystemInputs& inputs,
                                                  const PlanOptions& options);

// An interpreter of its own above a base that has none, or another one.
std::vector<LayerPlan> plan_python_layers(const lock::LockedPython& python,
                                          const PlanOptions& options);

}  // namespace cogbuild::plan
