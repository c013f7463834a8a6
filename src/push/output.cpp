#include <cogbuild/push/oci_archive.hpp>
#include <cogbuild/push/oci_layout.hpp>
#include <cogbuild/push/output.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::push {

namespace {

// distribution-spec, "Pulling manifests": `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
bool looks_like_a_tag(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= 128 && is_word(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

OciLayoutOutput parse_layout(std::string_view value) {
  const auto colon = value.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || !looks_like_a_tag(value.substr(colon + 1)))
    return {.directory = value};
  return {.directory = value.substr(0, colon), .tag = std::string(value.substr(colon + 1))};
}

template <class... Each>
struct Cases : Each... {
  using Each::operator()...;
};
template <class... Each>
Cases(Each...) -> Cases<Each...>;

}  // namespace

Result<Output> parse_output(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view form = text.substr(0, colon);
  const std::string_view value =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const bool known =
      form == "oci" || form == "oci-archive" || form == "docker-archive" || form == "rootfs";
  if (!known || value.empty())
    return fail(
        Error(ErrorKind::usage, known ? fmt::format("the output `{}` names no place", text)
                                      : fmt::format("`{}` is no form of output", text))
            .hint("write oci:DIR[:tag], oci-archive:FILE, docker-archive:FILE or rootfs:DIR"));
  if (form == "oci") return parse_layout(value);
  if (form == "oci-archive") return OciArchiveOutput{.file = value};
  if (form == "docker-archive") return DockerArchiveOutput{.file = value};
  return RootfsOutput{.directory = value};
}

std::string to_string(const Output& output) {
  return std::visit(
      Cases{[](const OciLayoutOutput& oci) {
              const std::string start = "oci:" + oci.directory.string();
              return oci.tag.empty() ? start : start + ":" + oci.tag;
            },
            [](const OciArchiveOutput& oci) { return "oci-archive:" + oci.file.string(); },
            [](const DockerArchiveOutput& docker) {
              return "docker-archive:" + docker.file.string();
            },
            [](const RootfsOutput& rootfs) { return "rootfs:" + rootfs.directory.string(); }},
      output);
}

Result<void> write_output(const image::Image& image, const image::Reference& name,
                          const Output& output, ExportServices services, RootfsOptions options) {
  LayoutName layout = layout_name(name);
  return std::visit(
      Cases{[&](const OciLayoutOutput& oci) {
              if (!oci.tag.empty()) layout.ref_name = oci.tag;
              return write_oci_layout(image, layout, oci.directory, services);
            },
            [&](const OciArchiveOutput& oci) {
              return write_oci_archive(image, layout, ArchiveForm::oci, oci.file, services);
            },
            [&](const DockerArchiveOutput& docker) {
              return write_oci_archive(image, layout, ArchiveForm::docker, docker.file, services);
            },
            [&](const RootfsOutput& rootfs) {
              return write_rootfs(image, rootfs.directory, services, options);
            }},
      output);
}

}  // namespace cogbuild::push
