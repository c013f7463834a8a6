#include "file_facts.hpp"
#include "interpreter.hpp"

#include <cogbuild/base/kept_files.hpp>
#include <cogbuild/base/summary_collector.hpp>
#include <cogbuild/filetree/whiteout.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>

namespace cogbuild::base {

namespace {

std::string variable(const image::ImageConfig& config, std::string_view name) {
  const std::string* value = image::find_environment(config, name);
  return value == nullptr ? "" : *value;
}

// `2.36` of `2.36.1`.
std::string series(const std::string& version) {
  const auto first = version.find('.');
  return version.substr(0, first == std::string::npos ? first : version.find('.', first + 1));
}

// Package databases know best; without one, the libraries themselves tell.
std::string libc_of(const FactsByPath& facts) {
  std::string glibc;
  bool has_glibc = false;
  bool has_musl = false;
  std::string alpine;
  for (const auto& [path, list] : facts) {
    for (const Fact& fact : list) {
      if (fact.kind == FactKind::debian_package && fact.name == "libc6")
        return "glibc " + series(upstream_version(fact.value));
      if (fact.kind == FactKind::alpine_package && fact.name == "musl")
        alpine = "musl " + series(upstream_version(fact.value));
      if (fact.kind == FactKind::musl) has_musl = true;
      if (fact.kind == FactKind::glibc) {
        has_glibc = true;
        if (glibc.empty()) glibc = series(fact.value);
      }
    }
  }
  if (!alpine.empty()) return alpine;
  if (has_glibc) return glibc.empty() ? "glibc" : "glibc " + glibc;
  return has_musl ? "musl" : "";
}

std::string os_name_of(const FactsByPath& facts) {
  for (const char* path : {"etc/os-release", "usr/lib/os-release"})
    if (const auto found = facts.find(path); found != facts.end() && !found->second.empty())
      return found->second.front().value;
  return "";
}

void add_distributions(const FactsByPath& facts, const std::vector<std::string>& directories,
                       std::vector<InstalledDistribution>& installed) {
  for (const auto& [path, list] : facts) {
    for (const Fact& fact : list) {
      if (fact.kind != FactKind::distribution) continue;
      const std::string directory = site_directory_of(path);
      if (std::ranges::find(directories, directory) == directories.end()) continue;
      installed.push_back({.name = fact.name, .version = fact.value, .directory = "/" + directory});
    }
  }
  std::ranges::sort(installed, [](const InstalledDistribution& a, const InstalledDistribution& b) {
    return std::tie(a.name, a.directory, a.version) < std::tie(b.name, b.directory, b.version);
  });
}

// Nothing for a file that is too large to be what it seems.
Result<std::optional<std::string>> read_kept(io::ByteSource& content) {
  std::string text;
  std::array<std::byte, 16 * 1024> buffer{};
  for (;;) {
    TRY_ASSIGN(const std::size_t count, content.read(buffer));
    if (count == 0) return std::optional(std::move(text));
    if (text.size() + count > kKeptFileLimitBytes) return std::optional<std::string>();
    text.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
}

}  // namespace

struct SummaryCollector::State {
  Environment environment{};
  TreeSummary summary{};
  FactsByPath facts{};
  std::optional<filetree::LayerMerge> layer{};
};

SummaryCollector::SummaryCollector(const image::ImageConfig& config, TreeSummary below)
    : state_(std::make_unique<State>()) {
  state_->summary = std::move(below);
  state_->environment = {.path = variable(config, "PATH"),
                         .python_version = variable(config, "PYTHON_VERSION")};
}

SummaryCollector::~SummaryCollector() = default;

void SummaryCollector::begin_layer() { state_->layer.emplace(state_->summary.tree); }

Result<void> SummaryCollector::add(const LayerEntry& entry, io::ByteSource& content) {
  State& state = *state_;
  if (!entry.hardlink_target.empty()) {
    TRY_ASSIGN(const auto place, state.layer->add_hardlink(entry.path, entry.hardlink_target));
    state.facts.erase(place);
    TRY_ASSIGN(const auto source, state.summary.tree.canonical(entry.hardlink_target));
    const auto known = state.facts.find(source);
    if (known != state.facts.end() && file_kind(place))
      state.facts.insert_or_assign(place, std::vector<Fact>(known->second));
    auto& files = state.summary.files;
    files.erase(place);
    const auto kept = files.find(source);
    if (kept != files.end() && is_kept_file(place)) files.emplace(place, std::string(kept->second));
    return {};
  }
  TRY_ASSIGN(const auto place, state.layer->add(entry.path, filetree::Node(entry.node)));
  if (!place) return {};
  const auto kind = file_kind(*place);
  const bool kept = is_kept_file(*place);
  if (kind) state.facts.erase(*place);
  if (kept) state.summary.files.erase(*place);
  if (entry.node.type != filetree::NodeType::file) return {};
  if (!kept) {
    if (!kind) return {};
    TRY_ASSIGN(auto facts, read_facts(*kind, *place, content));
    state.facts.emplace(*place, std::move(facts));
    return {};
  }
  TRY_ASSIGN(auto text, read_kept(content));
  if (kind) {
    io::MemorySource again(text.value_or(""));
    TRY_ASSIGN(auto facts, read_facts(*kind, *place, again));
    state.facts.emplace(*place, std::move(facts));
  }
  if (text) state.summary.files.emplace(*place, *std::move(text));
  return {};
}

void SummaryCollector::end_layer(std::uint64_t unpacked_bytes) {
  state_->layer.reset();
  state_->summary.unpacked_bytes += unpacked_bytes;
  state_->summary.layer_unpacked_bytes.push_back(unpacked_bytes);
}

TreeSummary SummaryCollector::finish() {
  State& state = *state_;
  TreeSummary& summary = state.summary;
  // A file that a later layer removed or replaced says nothing any more.
  std::erase_if(state.facts, [&](const auto& entry) {
    const filetree::Node* node = summary.tree.find(entry.first);
    return node == nullptr || node->type != filetree::NodeType::file;
  });
  std::erase_if(summary.files, [&](const auto& entry) {
    const filetree::Node* node = summary.tree.find(entry.first);
    return node == nullptr || node->type != filetree::NodeType::file;
  });
  // That of below stays as it is known, unless another one now comes first on the PATH.
  auto interpreter = choose_interpreter(summary.tree, state.facts, state.environment);
  if (!summary.interpreter || (interpreter && interpreter->path != summary.interpreter->path)) {
    summary.interpreter = std::move(interpreter);
    summary.distributions.clear();
  }
  if (summary.libc.empty()) summary.libc = libc_of(state.facts);
  if (summary.os_release.empty()) summary.os_release = os_name_of(state.facts);
  if (summary.interpreter)
    add_distributions(state.facts, site_directories(summary.tree, *summary.interpreter),
                      summary.distributions);
  return std::move(summary);
}

}  // namespace cogbuild::base
