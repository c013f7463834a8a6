#include "layer_stack.hpp"

#include "cache_key.hpp"

namespace cogbuild::plan {

const std::string& compressor_identity(const PlanOptions& options, Compression compression) {
  static const std::string kTar = "tar";
  switch (compression) {
    case Compression::none:
      return kTar;
    case Compression::gzip_stored:
      return options.stored_identity;
    case Compression::gzip:
      return options.gzip_identity;
    case Compression::zstd:
      return options.zstd_identity;
  }
  return kTar;
}

Compression ordinary_compression(CompressionChoice choice) {
  if (choice == CompressionChoice::zstd) return Compression::zstd;
  return choice == CompressionChoice::none ? Compression::none : Compression::gzip;
}

void LayerStack::add(LayerPlan layer, std::vector<DirectoryAttributes> parents) {
  layer.mtime_seconds = options_.mtime_seconds;
  layer.parents = std::move(parents);
  layer.key = cache_key(layer, compressor_identity(options_, layer.compression));
  layers_.push_back(std::move(layer));
}

}  // namespace cogbuild::plan
