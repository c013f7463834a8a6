#include "sample.hpp"

#include <cogbuild/report/summary_annotations.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using report::LayerSummary;

namespace {

image::Descriptor descriptor_of(const LayerSummary& layer, image::Annotations annotations) {
  return {.media_type = layer.media_type,
          .digest = layer.digest,
          .size_bytes = layer.compressed_bytes,
          .annotations = std::move(annotations)};
}

std::size_t bytes_of(const image::Annotations& annotations) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : annotations) bytes += key.size() + value.size();
  return bytes;
}

}  // namespace

TEST_CASE("to_annotations: says what the layer is, without what a build made of it") {
  auto layer = sample::branch().layers[3];
  const image::Annotations expected{
      {"org.cogbuild.layer.items",
       R"([["package","numpy","1.27.0",56000000],["package","attrs","23.2",5000000]])"},
      {"org.cogbuild.layer.kind", "python"},
      {"org.cogbuild.layer.title", "2 packages"},
      {"org.cogbuild.layer.unpacked-bytes", "61000000"}};
  CHECK(report::to_annotations(layer) == expected);
  layer.origin = "cached";
  std::swap(layer.items[0], layer.items[1]);
  CHECK(report::to_annotations(layer) == expected);
}

TEST_CASE("summarize_layer: gives back what to_annotations wrote") {
  for (auto layer : sample::branch().layers) {
    layer.origin.clear();
    CHECK(report::summarize_layer(descriptor_of(layer, report::to_annotations(layer)),
                                  layer.diff_id, "ignored") == layer);
  }
}

TEST_CASE("to_annotations: keeps the 40 largest items") {
  auto layer = sample::layer("python", "many", "x", 1, 1);
  for (std::uint64_t i = 0; i < 100; ++i)
    layer.items.push_back(sample::package("p" + std::to_string(i), "1", i));
  const auto read = report::summarize_layer(descriptor_of(layer, report::to_annotations(layer)),
                                            layer.diff_id, "");
  REQUIRE(read.items.size() == 40);
  CHECK(read.items.front().name == "p99");
  CHECK(read.items.back().name == "p60");
}

TEST_CASE("to_annotations: never passes 16 KiB, whatever the names") {
  auto layer = sample::layer(std::string(9'000, 'k'), std::string(20'000, 't'), "x", 1, 1);
  for (std::uint64_t i = 0; i < 100; ++i)
    layer.items.push_back(sample::package(std::string(1'000, 'n') + std::to_string(i), "1", i));
  layer.items.push_back(sample::package(std::string(30'000, 'h'), "1", 1'000));
  layer.items.push_back(sample::package("\xff\x01 broken", "1", 2'000));
  const auto annotations = report::to_annotations(layer);
  CHECK(bytes_of(annotations) <= report::kMaxAnnotationBytes);
  CHECK(bytes_of(annotations) > report::kMaxAnnotationBytes - 2'000);
  const auto read = report::summarize_layer(descriptor_of(layer, annotations), layer.diff_id, "");
  REQUIRE(read.items.size() > 10);
  CHECK(read.items[0].name == "\xef\xbf\xbd\x01 broken");
  CHECK(read.items[1].name == std::string(1'000, 'n') + "99");
}

TEST_CASE("summarize_layer: a foreign layer is of the base, titled by its history") {
  const auto layer = sample::layer("base", "", "x", 10, 0);
  const auto summary = [&](std::string_view created_by) {
    return report::summarize_layer(descriptor_of(layer, {}), layer.diff_id, created_by);
  };
  CHECK(summary("").kind == "base");
  CHECK(summary("").unpacked_bytes == std::nullopt);
  CHECK(summary("/bin/sh -c #(nop) ADD file:1234 in / ").title == "ADD file:1234 in / ");
  CHECK(summary("/bin/sh -c apt-get update").title == "apt-get update");
  CHECK(summary("RUN /bin/sh -c make # buildkit").title == "make");
  CHECK(summary("COPY . . # buildkit").title == "COPY . .");
}

TEST_CASE("summarize_layer: an uncompressed layer is as large unpacked") {
  auto layer = sample::layer("base", "", "x", 10, 0);
  layer.media_type = image::kLayerTarType;
  CHECK(report::summarize_layer(descriptor_of(layer, {}), layer.diff_id, "").unpacked_bytes == 10);
}

TEST_CASE("summarize_layer: annotations that make no sense are ignored") {
  const auto layer = sample::layer("base", "", "x", 10, 0);
  for (const std::string& items :
       {std::string("["), std::string("{}"), std::string("[1,[],[1,2,3,4],[\"a\",\"b\",\"c\",-1]]"),
        std::string("[[\"a\",\"b\",\"c\",1.5]]"), std::string(1'000, '['),
        "[" + std::string(20'000, ' ') + "]"}) {
    const auto read =
        report::summarize_layer(descriptor_of(layer, {{"org.cogbuild.layer.items", items},
                                                      {"org.cogbuild.layer.unpacked-bytes", "1x"}}),
                                layer.diff_id, "");
    CHECK(read.items.empty());
    CHECK(read.unpacked_bytes == std::nullopt);
  }
}

TEST_CASE("summarize_image: skips history without a layer") {
  const image::Descriptor layer{.media_type = std::string(image::kLayerGzipType),
                                .digest = digest::digest_of("l"),
                                .size_bytes = 7};
  const image::Manifest manifest{.config = {.size_bytes = 100}, .layers = {layer, layer, layer}};
  const image::ImageConfig config{.diff_ids = {digest::digest_of("d")},
                                  .history = {{.created_by = "ENV x", .empty_layer = true},
                                              {.created_by = "first"},
                                              {.created_by = "CMD y", .empty_layer = true},
                                              {.created_by = "second"}}};
  const auto image = report::summarize_image(
      "n", {.digest = digest::digest_of("m"), .size_bytes = 50}, manifest, config);
  CHECK(image.name == "n");
  CHECK(image.digest == digest::digest_of("m"));
  CHECK(image.manifest_bytes == 150);
  REQUIRE(image.layers.size() == 3);
  CHECK(image.layers[0].title == "first");
  CHECK(image.layers[0].diff_id == digest::digest_of("d"));
  CHECK(image.layers[1].title == "second");
  CHECK(image.layers[2].title == "");
  CHECK(image.layers[2].diff_id == digest::Digest());
}
