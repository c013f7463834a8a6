#include <cogbuild/python/tag.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::python {
namespace {

std::string key(const std::string& python, const std::string& abi, const std::string& platform) {
  std::string text;
  text.reserve(python.size() + abi.size() + platform.size() + 2);
  return text.append(python).append(1, '-').append(abi).append(1, '-').append(platform);
}

void add_manylinux(std::vector<std::string>& platforms, const Target& target) {
  if (target.libc.major != 2) return;  // no other glibc has ever been
  const bool is_x86 = target.architecture == "x86_64" || target.architecture == "i686";
  const std::uint64_t floor = is_x86 ? 5 : 17;
  for (std::uint64_t minor = target.libc.minor; minor >= floor; --minor) {
    platforms.push_back(fmt::format("manylinux_2_{}_{}", minor, target.architecture));
    const char* alias = minor == 17   ? "manylinux2014"
                        : minor == 12 ? "manylinux2010"
                        : minor == 5  ? "manylinux1"
                                      : nullptr;
    if (alias != nullptr) platforms.push_back(fmt::format("{}_{}", alias, target.architecture));
  }
}

}  // namespace

std::string to_string(const Tag& tag) { return key(tag.python, tag.abi, tag.platform); }

std::vector<std::string> platform_tags(const Target& target) {
  std::vector<std::string> platforms;
  if (target.libc.kind == Libc::Kind::glibc) {
    add_manylinux(platforms, target);
  } else {
    for (std::uint64_t minor = target.libc.minor + 1; minor-- > 0;) {
      platforms.push_back(
          fmt::format("musllinux_{}_{}_{}", target.libc.major, minor, target.architecture));
    }
  }
  platforms.push_back(fmt::format("linux_{}", target.architecture));
  return platforms;
}

TagList TagList::of(const Target& target) {
  const std::uint64_t major = target.python.segment(0);
  // Real minors are two digits; the bound keeps a nonsense target from filling memory.
  const std::uint64_t minor = std::min<std::uint64_t>(target.python.segment(1), 99);
  const auto platforms = platform_tags(target);
  const std::string stable_abi = target.free_threaded ? "abi3t" : "abi3";
  const std::string own = fmt::format("cp{}{}", major, minor);

  TagList list;
  const auto add = [&list](const std::string& python, const std::string& abi,
                           const std::string& platform) {
    if (!list.ranks_.emplace(key(python, abi, platform), list.tags_.size()).second) return;
    list.tags_.push_back({.python = python, .abi = abi, .platform = platform});
  };
  const auto add_platforms = [&](const std::string& python, const std::string& abi) {
    for (const auto& platform : platforms) add(python, abi, platform);
  };

  add_platforms(own, own + (target.free_threaded ? "t" : ""));
  add_platforms(own, stable_abi);
  add_platforms(own, "none");
  for (std::uint64_t older = minor; older-- > 2;) {
    add_platforms(fmt::format("cp{}{}", major, older), stable_abi);
  }
  std::vector<std::string> generic = {fmt::format("py{}{}", major, minor),
                                      fmt::format("py{}", major)};
  for (std::uint64_t older = minor; older-- > 0;)
    generic.push_back(fmt::format("py{}{}", major, older));
  for (const auto& python : generic) add_platforms(python, "none");
  add(own, "none", "any");
  for (const auto& python : generic) add(python, "none", "any");
  return list;
}

std::optional<std::size_t> TagList::rank(const Tag& tag) const {
  const auto found = ranks_.find(key(tag.python, tag.abi, tag.platform));
  if (found == ranks_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::size_t> TagList::rank(const WheelName& wheel) const {
  std::optional<std::size_t> best;
  for (const auto& python : wheel.pythons) {
    for (const auto& abi : wheel.abis) {
      for (const auto& platform : wheel.platforms) {
        const auto found = ranks_.find(key(python, abi, platform));
        if (found != ranks_.end() && (!best || found->second < *best)) best = found->second;
      }
    }
  }
  return best;
}

}  // namespace cogbuild::python
