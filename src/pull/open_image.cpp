#include "docker_archive.hpp"
#include "file_parts.hpp"
#include "oci_layout.hpp"
#include "registry_image.hpp"

#include <cogbuild/pull/local_image.hpp>
#include <cogbuild/pull/open_image.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::pull {

namespace {

struct Opener {
  const image::Platform& platform;
  const PullServices& services;

  Result<image::Image> operator()(const LocalName& source) const {
    TRY_ASSIGN(const auto local, find_image(source.name, services.keys));
    if (local) return load_image(source.name, services.blobs, services.keys);
    TRY_ASSIGN(const auto reference, image::parse_reference(source.name));
    auto image = open_registry_image(reference, platform, services);
    if (!image)
      return fail(std::move(image).error().during(fmt::format(
          "looking on {}, since there is no image `{}` here", reference.registry, source.name)));
    return image;
  }

  Result<image::Image> operator()(const RegistryImage& source) const {
    return open_registry_image(source.reference, platform, services);
  }

  Result<image::Image> operator()(const OciLayout& source) const {
    return open_layout(files_in(source.directory), source.tag, platform,
                       "oci:" + source.directory.string());
  }

  Result<image::Image> operator()(const OciArchive& source) const {
    TRY_ASSIGN(const Locate locate, members_of(source.file));
    return open_layout(locate, source.tag, platform, "oci-archive:" + source.file.string());
  }

  Result<image::Image> operator()(const DockerArchive& source) const {
    TRY_ASSIGN(const Locate locate, members_of(source.file));
    return open_docker_archive(locate, source.tag, platform,
                               "docker-archive:" + source.file.string(), services.keys);
  }
};

}  // namespace

Result<image::Image> open_image(const ImageSource& source, const image::Platform& platform,
                                const PullServices& services) {
  auto image = std::visit(Opener{platform, services}, source);
  if (!image)
    return fail(std::move(image).error().during(fmt::format("opening `{}`", to_string(source))));
  return image;
}

Result<ImageSource> prefer_local(ImageSource source, const store::KeyIndex& keys) {
  const auto* registry = std::get_if<RegistryImage>(&source);
  if (registry == nullptr || registry->reference.digest) return source;
  const std::string name = to_string(registry->reference);
  TRY_ASSIGN(const auto found, find_image(name, keys));
  return found ? ImageSource(LocalName{.name = name}) : std::move(source);
}

}  // namespace cogbuild::pull
