#pragma once

#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/image/manifest.hpp>
#include <cogbuild/report/model.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace cogbuild::report {

// What a layer's descriptor says of it, so that a report needs no layer's bytes:
// `org.cogbuild.layer.kind`, `.title`, `.unpacked-bytes`, and `.items`: a JSON array of
// [kind, name, version, unpacked bytes], the largest first.
inline constexpr std::string_view kAnnotationPrefix = "org.cogbuild.layer.";
inline constexpr std::size_t kMaxAnnotatedItems = 40;
inline constexpr std::size_t kMaxAnnotationBytes = std::size_t{16} * 1024;  // keys and values

// A pure function of the layer's content: origin, digest and sizes of the blob are not in it. Of
// the items the largest are kept, as many as fit the bounds.
image::Annotations to_annotations(const LayerSummary& layer);

// What is known of a layer from its descriptor, and from its history where it is not ours: kind
// `base`, the title from `created_by`. Annotations that make no sense are ignored. `origin` stays
// empty.
LayerSummary summarize_layer(const image::Descriptor& layer, const digest::Digest& diff_id,
                             std::string_view created_by);

// A whole image, from its manifest and config. `manifest` is the descriptor that led to `content`.
ImageSummary summarize_image(std::string name, const image::Descriptor& manifest,
                             const image::Manifest& content, const image::ImageConfig& config);

}  // namespace cogbuild::report
