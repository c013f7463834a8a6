#include "apt_files.hpp"

#include <cogbuild/io/file.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::apt {

namespace {

constexpr std::uint64_t kLimitBytes = std::uint64_t{8} << 20U;
constexpr std::string_view kSourcesFolder = "etc/apt/sources.list.d/";
constexpr std::string_view kKeysFolder = "etc/apt/trusted.gpg.d/";

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

void read_if_there(const std::filesystem::path& root, const std::string& path, Files& files) {
  if (auto content = io::read_file(root / path, kLimitBytes))
    files.insert_or_assign(path, *std::move(content));
}

void read_folder(const std::filesystem::path& root, std::string_view folder, Files& files) {
  std::error_code code;
  std::filesystem::directory_iterator entries(root / folder, code);
  if (code) return;
  for (; !code && entries != std::filesystem::directory_iterator(); entries.increment(code)) {
    std::error_code ignored;
    if (entries->is_regular_file(ignored))
      read_if_there(root, std::string(folder) + entries->path().filename().string(), files);
  }
}

Result<std::vector<debian::Source>> parse(const std::string& path, std::string_view text) {
  const std::string place = "/" + path;
  return path.ends_with(".sources") ? debian::parse_deb822_sources(text, place)
                                    : debian::parse_sources_list(text, place);
}

}  // namespace

Files read_apt_files(const std::filesystem::path& root) {
  Files files;
  for (const char* path : {"etc/apt/sources.list", "etc/apt/trusted.gpg", "etc/os-release",
                           "usr/lib/os-release", "usr/share/keyrings/debian-archive-keyring.gpg",
                           "usr/share/keyrings/ubuntu-archive-keyring.gpg"})
    read_if_there(root, path, files);
  read_folder(root, kSourcesFolder, files);
  read_folder(root, kKeysFolder, files);
  return files;
}

void read_named_keyrings(const std::vector<debian::Source>& sources,
                         const std::filesystem::path& root, Files& files) {
  for (const auto& source : sources)
    for (const auto& path : source.signed_by.keyrings)
      if (!files.contains(key_of(path))) read_if_there(root, key_of(path), files);
}

FoundSources sources_in(const Files& files) {
  FoundSources found;
  const auto take = [&found](const std::string& path, std::string_view text) {
    auto sources = parse(path, text);
    if (!sources) {
      found.errors.push_back(std::move(sources).error());
      return;
    }
    for (auto& source : *sources)
      if (source.enabled) found.sources.push_back(std::move(source));
  };
  if (const auto list = files.find("etc/apt/sources.list"); list != files.end())
    take(list->first, list->second);
  for (const auto& [path, text] : files)
    if (path.starts_with(kSourcesFolder) && (path.ends_with(".list") || path.ends_with(".sources")))
      take(path, text);
  return found;
}

bool is_trusted_keyring(std::string_view path) {
  return path == "etc/apt/trusted.gpg" ||
         (path.starts_with(kKeysFolder) && (path.ends_with(".gpg") || path.ends_with(".asc")));
}

bool is_distribution_keyring(std::string_view path) {
  constexpr std::array<std::string_view, 4> kBeginnings = {
      "debian-archive-", "debian-ports-archive-", "ubuntu-archive-", "ubuntu-keyring-"};
  const auto name = file_name(path);
  return std::ranges::any_of(kBeginnings,
                             [name](std::string_view begin) { return name.starts_with(begin); });
}

std::string key_of(std::string_view absolute_path) {
  while (absolute_path.starts_with('/')) absolute_path.remove_prefix(1);
  return std::string(absolute_path);
}

}  // namespace cogbuild::apt
