#pragma once

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/report/report.hpp>

#include <string>
#include <utility>
#include <vector>

// Two images of one project: `branch` adds a package of 120 MB, drops one of 30 MB, grows the code
// by 2 kB and keeps its weights.
namespace sample {

namespace report = cogbuild::report;

inline report::Item package(std::string name, std::string version, std::uint64_t bytes) {
  return {.kind = "package",
          .name = std::move(name),
          .version = std::move(version),
          .unpacked_bytes = bytes};
}

// The digest follows from `content`.
inline report::LayerSummary layer(std::string kind, std::string title, const std::string& content,
                                  std::uint64_t compressed, std::uint64_t unpacked,
                                  std::vector<report::Item> items = {}) {
  return {.kind = std::move(kind),
          .title = std::move(title),
          .media_type = "application/vnd.oci.image.layer.v1.tar+gzip",
          .digest = cogbuild::digest::digest_of(content),
          .diff_id = cogbuild::digest::digest_of(content + " unpacked"),
          .compressed_bytes = compressed,
          .unpacked_bytes = unpacked,
          .items = std::move(items)};
}

inline report::ImageSummary image(std::string name, std::vector<report::LayerSummary> layers) {
  const auto digest = cogbuild::digest::digest_of(name);
  return {.name = std::move(name),
          .digest = digest,
          .layers = std::move(layers),
          .manifest_bytes = 4'000};
}

inline report::ImageSummary main_branch() {
  return image(
      "model:main",
      {layer("base", "ADD file:1234 in /", "base", 31'000'000, 80'000'000),
       layer("python", "torch 2.3.1", "torch", 812'400'000, 1'620'000'000,
             {package("torch", "2.3.1", 1'620'000'000)}),
       layer("python", "3 packages", "small 1", 31'000'000, 90'000'000,
             {package("nltk", "3.8", 30'000'000), package("numpy", "1.26.4", 55'000'000),
              package("attrs", "23.2", 5'000'000)}),
       layer("weights", "weights/a.safetensors", "weights", 500'000'000, 500'001'024,
             {{.kind = "weights", .name = "weights/a.safetensors", .unpacked_bytes = 500'000'000}}),
       layer("code", "code", "code 1", 12'000, 40'000,
             {{.kind = "file", .name = "predict.py", .unpacked_bytes = 9'000}})});
}

inline report::ImageSummary branch() {
  auto made = main_branch();
  made.name = "model:branch";
  made.digest = cogbuild::digest::digest_of(made.name);
  made.layers[2] =
      layer("python", "2 packages", "small 2", 21'000'000, 61'000'000,
            {package("numpy", "1.27.0", 56'000'000), package("attrs", "23.2", 5'000'000)});
  made.layers[4] = layer("code", "code", "code 2", 14'000, 42'000,
                         {{.kind = "file", .name = "predict.py", .unpacked_bytes = 11'000}});
  made.layers.insert(made.layers.begin() + 2,
                     layer("python", "scipy 1.13.0", "scipy", 40'000'000, 120'000'000,
                           {package("scipy", "1.13.0", 120'000'000)}));
  const std::vector<std::string> origins{"base", "cached", "new", "new", "cached", "new"};
  for (std::size_t i = 0; i < origins.size(); ++i) made.layers[i].origin = origins[i];
  return made;
}

}  // namespace sample
