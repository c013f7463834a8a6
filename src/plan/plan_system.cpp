#include "layer_stack.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/plan/plan_system.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace cogbuild::plan {

namespace {

constexpr std::array<const char*, 4> kMergeable = {"bin", "lib", "lib64", "sbin"};

const image::Platform& platform_of(const SystemInputs& inputs) {
  return inputs.below.config.platform;
}

// A root composed anew is merged as its distribution has it on this architecture.
std::vector<std::string> merged_anew(const std::string& architecture) {
  if (architecture == "amd64") return {"bin", "lib", "lib64", "sbin"};
  return {"bin", "lib", "sbin"};
}

std::vector<std::string> merged_in(const filetree::FileTree& tree) {
  std::vector<std::string> merged;
  for (const std::string name : kMergeable) {
    const auto* node = tree.find(name);
    if (node == nullptr || node->type != filetree::NodeType::symlink) continue;
    const auto target = tree.resolve(name);
    if (target && *target == "usr/" + name) merged.push_back(name);
  }
  return merged;
}

digest::Digest chain_of(const base::BaseImage& base) {
  digest::Hasher hasher;
  for (const auto& diff_id : base.config.diff_ids) hasher.update(to_string(diff_id) + "\n");
  return hasher.finish();
}

std::vector<lock::LockedDeb> joined(std::vector<lock::LockedDeb> packages,
                                    const std::vector<lock::LockedDeb>& more) {
  packages.insert(packages.end(), more.begin(), more.end());
  std::ranges::sort(packages, [](const lock::LockedDeb& a, const lock::LockedDeb& b) {
    return std::tie(a.name, a.architecture) < std::tie(b.name, b.architecture);
  });
  return packages;
}

std::string counted(std::size_t count) {
  return fmt::format("{} package{}", count, count == 1 ? "" : "s");
}

}  // namespace

std::vector<LayerPlan> plan_base_layers(const SystemInputs& inputs, const PlanOptions& options) {
  const lock::SystemLock& system = inputs.system;
  const std::string& architecture = platform_of(inputs).architecture;
  const debian::UnpackRules rules{.keep_docs = inputs.keep_docs,
                                  .merged = merged_anew(architecture),
                                  .left_out = inputs.left_out};
  const Compression compression = ordinary_compression(options.compression);
  std::vector<LayerPlan> layers;
  LayerStack stack(layers, options);
  stack.add(
      {.kind = LayerKind::base,
       .title = fmt::format("debian {}, {}", system.suite, counted(system.base_packages.size())),
       .compression = compression,
       .content = DebLayer{.packages = system.base_packages, .rules = rules}},
      {});
  if (system.python)
    stack.add({.kind = LayerKind::base,
               .title = "python " + system.python->version,
               .compression = compression,
               .content = StandalonePythonLayer{.python = *system.python}},
              {});
  else if (!system.python_packages.empty())
    stack.add({.kind = LayerKind::base,
               .title = fmt::format("python, {}", counted(system.python_packages.size())),
               .compression = compression,
               .content = DebLayer{.packages = system.python_packages, .rules = rules}},
              {});
  configure::Options configuring = inputs.configuring;
  configuring.new_root = true;
  const auto all = joined(system.base_packages, system.python_packages);
  stack.add({.kind = LayerKind::base,
             .title = fmt::format("configuration of {}", counted(all.size())),
             .compression = compression,
             .content = ConfigurationLayer{.packages = all,
                                           .rules = rules,
                                           .options = configuring,
                                           .architecture = architecture,
                                           .extra = inputs.extra}},
            {});
  return layers;
}

Result<std::vector<LayerPlan>> plan_system_layers(const SystemInputs& inputs,
                                                  const PlanOptions& options) {
  std::vector<LayerPlan> layers;
  const auto& packages = inputs.system.system_packages;
  if (packages.empty()) return layers;
  const base::TreeSummary& below = inputs.below.summary;
  debian::UnpackRules rules{
      .keep_docs = inputs.keep_docs, .merged = merged_in(below.tree), .left_out = inputs.left_out};
  if (const auto found = below.files.find("var/lib/dpkg/diversions"); found != below.files.end()) {
    TRY_ASSIGN(rules.diversions, debian::parse_diversions(found->second, found->first));
  }
  const Compression compression = ordinary_compression(options.compression);
  LayerStack stack(layers, options);
  for (auto& group : group_debs(packages))
    stack.add({.kind = LayerKind::system,
               .title = std::move(group.title),
               .compression = compression,
               .content = DebLayer{.packages = std::move(group.packages), .rules = rules}},
              {});
  stack.add({.kind = LayerKind::system,
             .title = fmt::format("configuration of {}", counted(packages.size())),
             .compression = compression,
             .content = ConfigurationLayer{.packages = packages,
                                           .rules = rules,
                                           .options = inputs.configuring,
                                           .architecture = platform_of(inputs).architecture,
                                           .base = chain_of(inputs.below)}},
            {});
  return layers;
}

std::vector<LayerPlan> plan_python_layers(const lock::LockedPython& python,
                                          const PlanOptions& options) {
  std::vector<LayerPlan> layers;
  LayerStack stack(layers, options);
  stack.add({.kind = LayerKind::base,
             .title = "python " + python.version,
             .compression = ordinary_compression(options.compression),
             .content = StandalonePythonLayer{.python = python}},
            {});
  return layers;
}

}  // namespace cogbuild::plan
