#include <cogbuild/error/result.hpp>
#include <cogbuild/pull/image_source.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cogbuild::pull {

namespace {

bool is_tag(std::string_view text) {
  constexpr std::size_t kMostBytes = 128;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= kMostBytes && is_word(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

struct PathAndTag {
  std::string path{};
  std::string tag{};
};

// `PATH[:tag]`: what follows the last colon is a tag if it looks like one.
Result<PathAndTag> parse_path(std::string_view text, std::string_view whole) {
  PathAndTag parsed{.path = std::string(text)};
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && is_tag(text.substr(colon + 1)))
    parsed = {.path = std::string(text.substr(0, colon)),
              .tag = std::string(text.substr(colon + 1))};
  if (parsed.path.empty())
    return fail(Error(ErrorKind::usage, fmt::format("`{}` names no file or directory", whole)));
  return parsed;
}

std::string with_tag(std::string_view scheme, const std::filesystem::path& path,
                     const std::string& tag) {
  return fmt::format("{}:{}{}{}", scheme, path.string(), tag.empty() ? "" : ":", tag);
}

bool begins_with_host(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view first = text.substr(0, slash);
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
}

struct Printer {
  std::string operator()(const LocalName& source) const { return source.name; }
  std::string operator()(const RegistryImage& source) const { return to_string(source.reference); }
  std::string operator()(const OciLayout& source) const {
    return with_tag("oci", source.directory, source.tag);
  }
  std::string operator()(const OciArchive& source) const {
    return with_tag("oci-archive", source.file, source.tag);
  }
  std::string operator()(const DockerArchive& source) const {
    return with_tag("docker-archive", source.file, source.tag);
  }
};

}  // namespace

Result<ImageSource> parse_source(std::string_view text) {
  const auto after = [&](std::string_view scheme) {
    return text.starts_with(scheme) ? text.substr(scheme.size()) : std::string_view();
  };
  if (text.starts_with("oci:")) {
    TRY_ASSIGN(auto parsed, parse_path(after("oci:"), text));
    return ImageSource(OciLayout{.directory = parsed.path, .tag = parsed.tag});
  }
  if (text.starts_with("oci-archive:")) {
    TRY_ASSIGN(auto parsed, parse_path(after("oci-archive:"), text));
    return ImageSource(OciArchive{.file = parsed.path, .tag = parsed.tag});
  }
  if (text.starts_with("docker-archive:")) {
    TRY_ASSIGN(auto parsed, parse_path(after("docker-archive:"), text));
    return ImageSource(DockerArchive{.file = parsed.path, .tag = parsed.tag});
  }
  TRY_ASSIGN(auto reference, image::parse_reference(text));
  if (begins_with_host(text)) return ImageSource(RegistryImage{std::move(reference)});
  return ImageSource(LocalName{std::string(text)});
}

std::string to_string(const ImageSource& source) { return std::visit(Printer{}, source); }

}  // namespace cogbuild::pull
