#pragma once

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/filetree/file_tree.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace cogbuild::base {

// One entry of a layer. Paths are relative, without `.`, `..` or a trailing slash; "" is the root.
struct LayerEntry {
  std::string path{};
  filetree::Node node{};
  std::string hardlink_target{};  // empty: no hardlink; otherwise `node` is not looked at
};

// Learns a base's TreeSummary from the entries of its layers, given in order, lowest layer first.
// It reads the content of few files: package databases, metadata of distributions, os-release.
class SummaryCollector {
 public:
  // Of `config` it uses the variables PATH (where Python is looked for) and PYTHON_VERSION.
  // `below` is what is known of the layers under the first one that is given; an interpreter and a
  // C library that it has stay those of the base.
  explicit SummaryCollector(const image::ImageConfig& config, TreeSummary below = {});
  ~SummaryCollector();
  SummaryCollector(const SummaryCollector&) = delete;
  SummaryCollector& operator=(const SummaryCollector&) = delete;

  void begin_layer();
  // `content` is the entry's data; how much of it is read is the collector's business.
  // Errors: conflict and integrity (entries that no runtime could unpack), those of `content`.
  Result<void> add(const LayerEntry& entry, io::ByteSource& content);
  void end_layer(std::uint64_t unpacked_bytes);

  // Call once, after the last layer.
  TreeSummary finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::base
