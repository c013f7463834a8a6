#include <cogbuild/image/descriptor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::image {

namespace {

bool is_platform_word(std::string_view word) {
  return !word.empty() && word.size() <= 32 && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

Result<Platform> parse_platform(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view rest = text;;) {
    const auto slash = rest.find('/');
    words.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (words.size() < 2 || words.size() > 3 || !std::ranges::all_of(words, is_platform_word))
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not a platform", text))
                    .hint("a platform looks like linux/amd64 or linux/arm64"));
  Platform platform{.os = std::string(words[0]), .architecture = std::string(words[1])};
  if (words.size() == 3) platform.variant = words[2];
  // What uname says, where Go's name is meant.
  if (platform.architecture == "x86_64") platform.architecture = "amd64";
  if (platform.architecture == "aarch64") platform.architecture = "arm64";
  return platform;
}

std::string to_string(const Platform& platform) {
  std::string text = platform.os + "/" + platform.architecture;
  if (!platform.variant.empty()) text += "/" + platform.variant;
  return text;
}

std::string oci_layer_type(std::string_view media_type) {
  struct Names {
    std::string_view docker;
    std::string_view oci;
  };
  // The last of Docker's is in no standard, but written by some tools.
  constexpr std::array kNames{
      Names{"application/vnd.docker.image.rootfs.diff.tar.gzip", kLayerGzipType},
      Names{"application/vnd.docker.image.rootfs.diff.tar", kLayerTarType},
      Names{"application/vnd.docker.image.rootfs.diff.tar.zstd", kLayerZstdType},
      Names{"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"},
      Names{"application/vnd.docker.image.rootfs.foreign.diff.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar"},
  };
  const auto* const found = std::ranges::find(kNames, media_type, &Names::docker);
  return std::string(found == kNames.end() ? media_type : found->oci);
}

}  // namespace cogbuild::image
