#include "size_text.hpp"

#include <cogbuild/project/baked_in.hpp>
#include <cogbuild/project/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace cogbuild::project {

namespace {

constexpr std::uint64_t kLargeDirectory = std::uint64_t{1} << 30;
constexpr std::size_t kMostNamed = 10;

// By the whole name, in any directory.
constexpr std::array<std::string_view, 14> kSecretNames = {
    ".env",     ".netrc",     "_netrc",           ".pypirc",   ".npmrc",
    ".pgpass",  ".htpasswd",  ".git-credentials", "id_rsa",    "id_dsa",
    "id_ecdsa", "id_ed25519", "credentials.json", "kubeconfig"};
// By the last two names.
constexpr std::array<std::string_view, 6> kSecretPaths = {
    ".aws/credentials",  ".docker/config.json", ".kube/config",
    "huggingface/token", ".huggingface/token",  ".kaggle/kaggle.json"};
constexpr std::array<std::string_view, 4> kSecretSuffixes = {".pem", ".p12", ".pfx", ".ppk"};
// What ends like a key and is public: certificate authorities, and examples without values.
constexpr std::array<std::string_view, 2> kPublicNames = {"cacert.pem", "roots.pem"};
constexpr std::array<std::string_view, 5> kExampleSuffixes = {".example", ".sample", ".template",
                                                              ".dist", ".md"};

bool contains(const auto& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

bool ends_with_any(const auto& suffixes, std::string_view text) {
  return std::ranges::any_of(suffixes,
                             [&](std::string_view suffix) { return text.ends_with(suffix); });
}

bool may_hold_secrets(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  if (contains(kSecretNames, name)) return true;
  if (name.starts_with(".env.")) return !ends_with_any(kExampleSuffixes, name);
  if (ends_with_any(kSecretSuffixes, name)) return !contains(kPublicNames, name);
  return std::ranges::any_of(kSecretPaths, [&](std::string_view tail) {
    return path == tail || (path.ends_with(tail) && path[path.size() - tail.size() - 1] == '/');
  });
}

void warn_of_secrets(const Listing& listing, std::vector<std::string>& warnings) {
  std::size_t found = 0;
  for (const ProjectFile& file : listing.files) {
    if (file.type != io::FileType::regular || !may_hold_secrets(file.path)) continue;
    if (++found > kMostNamed) continue;
    warnings.push_back(
        fmt::format("`{}` goes into the image and may hold secrets: name it in .dockerignore",
                    escape(file.path)));
  }
  if (found > kMostNamed)
    warnings.push_back(
        fmt::format("{} more files that may hold secrets go into the image", found - kMostNamed));
}

void warn_of_large_directories(const Listing& listing, std::vector<std::string>& warnings) {
  std::map<std::string_view, std::uint64_t> own_bytes;  // directory -> of the files right in it
  std::set<std::pair<std::uint64_t, std::uint64_t>> linked;
  for (const ProjectFile& file : listing.files) {
    if (file.type == io::FileType::directory) own_bytes.try_emplace(file.path);
    if (file.type != io::FileType::regular || file.role == FileRole::weights) continue;
    if (file.link_count > 1 && !linked.emplace(file.stamp.device, file.stamp.inode).second)
      continue;
    const auto slash = file.path.rfind('/');
    if (slash == std::string::npos) continue;
    own_bytes[std::string_view(file.path).substr(0, slash)] += file.stamp.size_bytes;
  }
  // From the last path backwards a directory comes after everything below it.
  std::vector<std::string> found;
  for (auto directory = own_bytes.rbegin(); directory != own_bytes.rend(); ++directory) {
    const auto& [path, size_bytes] = *directory;
    if (size_bytes > kLargeDirectory) {
      found.push_back(fmt::format(
          "`{}` puts {} into the image that are not weights: name it in .dockerignore unless the "
          "model needs it",
          escape(path), size_text(size_bytes)));
    } else if (const auto slash = path.rfind('/'); slash != std::string_view::npos) {
      own_bytes[path.substr(0, slash)] += size_bytes;
    }
  }
  warnings.insert(warnings.end(), found.rbegin(), found.rend());
}

}  // namespace

std::vector<std::string> warn_of_baked_in(const Listing& listing) {
  std::vector<std::string> warnings;
  warn_of_secrets(listing, warnings);
  warn_of_large_directories(listing, warnings);
  return warnings;
}

}  // namespace cogbuild::project
