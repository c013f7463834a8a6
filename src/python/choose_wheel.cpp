#include <cogbuild/python/choose_wheel.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

namespace cogbuild::python {
namespace {

constexpr std::size_t kMaxListed = 8;

std::string listing(const std::set<std::string>& found) {
  std::vector<std::string> shown(found.begin(), found.end());
  const std::size_t more = shown.size() > kMaxListed ? shown.size() - kMaxListed : 0;
  shown.resize(shown.size() - more);
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

// `cp312`, `cp313t`, `cp38-abi3`, `py2`: what one interpreter and ABI are commonly called.
std::string interpreter_label(const std::string& python, const std::string& abi) {
  if (abi == "none") return python;
  return abi.starts_with("cp") ? abi : fmt::format("{}-{}", python, abi);
}

// What the wheels there are ask for: their platforms if any is for this Python, else their Pythons,
// as a list of platforms helps nobody whose Python has no wheel at all.
std::string found_instead(const std::vector<WheelName>& wheels, bool has_source,
                          const TagList& tags) {
  if (wheels.empty()) return has_source ? "only a source archive" : "no file";
  std::set<std::string> accepted;
  for (const Tag& tag : tags.tags()) accepted.insert(fmt::format("{}-{}", tag.python, tag.abi));
  std::set<std::string> pythons;
  std::set<std::string> platforms;
  for (const WheelName& wheel : wheels) {
    for (const auto& python : wheel.pythons) {
      for (const auto& abi : wheel.abis) {
        pythons.insert(interpreter_label(python, abi));
        if (accepted.contains(fmt::format("{}-{}", python, abi))) {
          platforms.insert(wheel.platforms.begin(), wheel.platforms.end());
        }
      }
    }
  }
  return listing(platforms.empty() ? pythons : platforms);
}

}  // namespace

WheelChoice choose_wheel(std::span<const std::string> file_names, const TagList& tags,
                         const Target& target) {
  struct Fit {
    std::size_t index = 0;
    std::size_t rank = 0;
    BuildTag build{};
  };
  std::optional<Fit> best;
  std::vector<WheelName> others;
  bool has_source = false;
  for (std::size_t i = 0; i < file_names.size(); ++i) {
    has_source = has_source || is_source_archive_file_name(file_names[i]);
    auto wheel = WheelName::parse(file_names[i]);
    if (!wheel) continue;
    const auto rank = tags.rank(*wheel);
    if (!rank) {
      others.push_back(*std::move(wheel));
      continue;
    }
    Fit fit{.index = i, .rank = *rank, .build = wheel->build};
    const auto better = [&](const Fit& a, const Fit& b) {
      return std::tie(a.rank, b.build, file_names[a.index]) <
             std::tie(b.rank, a.build, file_names[b.index]);
    };
    if (!best || better(fit, *best)) best = std::move(fit);
  }
  if (best) return {.index = best->index};
  return {.reason = fmt::format("has no wheel for {} (found: {})", describe(target),
                                found_instead(others, has_source, tags))};
}

}  // namespace cogbuild::python
