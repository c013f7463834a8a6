#include "ascii.hpp"

#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace cogbuild::python {
namespace {

constexpr std::size_t kMaxNameBytes = 4096;

constexpr std::array<std::string_view, 5> kSourceSuffixes = {".tar.gz", ".zip", ".tgz", ".tar.bz2",
                                                             ".tar.xz"};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Each tag once, in the order written.
bool read_tags(std::string_view text, std::vector<std::string>& tags) {
  for (const auto part : split(text, '.')) {
    const bool valid = !part.empty() && std::all_of(part.begin(), part.end(),
                                                    [](char c) { return is_alnum(c) || c == '_'; });
    if (!valid) return false;
    auto tag = to_lower(part);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
  return true;
}

bool read_build(std::string_view text, BuildTag& build) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), build.number);
  if (error != std::errc{} || text.empty() || !is_digit(text.front())) return false;
  build.present = true;
  build.text = std::string(text.substr(static_cast<std::size_t>(end - text.data())));
  return true;
}

tl::unexpected<Error> invalid(std::string_view file_name, std::string_view why) {
  return fail(Error(ErrorKind::config, fmt::format("`{}` is not a valid wheel file name: {}",
                                                   file_name.substr(0, kMaxNameBytes), why)));
}

// The file name without its source archive suffix; empty when it has none.
std::string_view source_stem(std::string_view file_name) {
  const std::string lower = to_lower(file_name);
  for (const auto suffix : kSourceSuffixes) {
    if (lower.ends_with(suffix)) return file_name.substr(0, file_name.size() - suffix.size());
  }
  return {};
}

}  // namespace

bool is_wheel_file_name(std::string_view file_name) {
  return file_name.size() > 4 && to_lower(file_name.substr(file_name.size() - 4)) == ".whl";
}

bool is_source_archive_file_name(std::string_view file_name) {
  return !source_stem(file_name).empty();
}

Result<WheelName> WheelName::parse(std::string_view file_name) {
  if (file_name.size() > kMaxNameBytes) return invalid(file_name.substr(0, 64), "it is too long");
  if (!is_wheel_file_name(file_name)) return invalid(file_name, "it does not end in `.whl`");
  const auto parts = split(file_name.substr(0, file_name.size() - 4), '-');
  if (parts.size() != 5 && parts.size() != 6) {
    return invalid(file_name, fmt::format("it has {} parts, not 5 or 6", parts.size()));
  }
  WheelName wheel;
  auto name = PackageName::parse(parts[0]);
  if (!name) return invalid(file_name, name.error().message());
  if (parts[0].find("__") != std::string_view::npos)
    return invalid(file_name, "its name has two underscores in a row");
  wheel.name = *std::move(name);
  // `_` stands for the `-` that a version may contain, as in `1.0_1`: a post release.
  std::string version_text(parts[1]);
  std::replace(version_text.begin(), version_text.end(), '_', '-');
  auto version = Version::parse(version_text);
  if (!version) return invalid(file_name, version.error().message());
  wheel.version = *std::move(version);
  if (parts.size() == 6 && !read_build(parts[2], wheel.build)) {
    return invalid(file_name, "its build tag does not start with a digit");
  }
  const std::size_t first = parts.size() - 3;
  if (!read_tags(parts[first], wheel.pythons) || !read_tags(parts[first + 1], wheel.abis) ||
      !read_tags(parts[first + 2], wheel.platforms)) {
    return invalid(file_name, "a tag is empty or has a character outside `a-z0-9_`");
  }
  if (std::any_of(wheel.pythons.begin(), wheel.pythons.end(),
                  [](const std::string& tag) { return is_digit(tag.front()); }))
    return invalid(file_name, "its Python tag starts with a digit");
  return wheel;
}

Result<SdistName> SdistName::parse(std::string_view file_name) {
  const std::string_view stem = source_stem(file_name);
  for (auto dash = stem.rfind('-'); dash != std::string_view::npos && dash > 0;
       dash = stem.rfind('-', dash - 1)) {
    auto version = Version::parse(stem.substr(dash + 1));
    if (!version) continue;
    auto name = PackageName::parse(stem.substr(0, dash));
    if (!name) break;
    return SdistName{.name = *std::move(name), .version = *std::move(version)};
  }
  return fail(Error(ErrorKind::config, fmt::format("`{}` is not a valid source archive name",
                                                   file_name.substr(0, kMaxNameBytes))));
}

}  // namespace cogbuild::python
