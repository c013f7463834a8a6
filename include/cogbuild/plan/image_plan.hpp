#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/plan/system_layers.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cogbuild::plan {

enum class Compression { none, gzip_stored, gzip, zstd };

// Where distributions go in the image; part of the key of every wheel layer.
struct InstallScheme {
  std::string interpreter{};     // `/usr/bin/python3.11`, for shebangs
  std::string python{};          // `3.11`
  std::string site_directory{};  // canonical, without the leading slash
  std::string scripts_directory{};
  std::string include_directory{};
  std::string data_directory{};
  // The base's symlinked directories below data_directory: path -> canonical path, both without the
  // leading slash. Paths of wheels are rewritten through them (usr-merge).
  std::vector<std::pair<std::string, std::string>> links{};
  friend bool operator==(const InstallScheme&, const InstallScheme&) = default;
};

// A directory that a layer needs and that the base has with other attributes than 0755 0:0.
struct DirectoryAttributes {
  std::string path{};
  std::uint32_t mode = 0755;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  friend bool operator==(const DirectoryAttributes&, const DirectoryAttributes&) = default;
};

// One or more wheels unpacked into one layer.
struct WheelLayer {
  std::vector<lock::LockedDistribution> wheels{};  // sorted by name
  InstallScheme scheme{};
  friend bool operator==(const WheelLayer&, const WheelLayer&) = default;
};

// A file, directory or link of a files layer: content is literal or a project file.
struct PlannedFile {
  std::string path{};  // canonical, in the image
  enum class Kind { directory, literal, project_file, symlink, hardlink } kind = Kind::literal;
  std::uint32_t mode = 0644;
  std::string content{};       // literal bytes; link target
  std::string project_path{};  // of a project file
  digest::Digest digest{};     // of a project file's content
  io::FileStamp stamp{};       // of a project file
  friend bool operator==(const PlannedFile&, const PlannedFile&) = default;
};

// Project code and generated files.
struct FilesLayer {
  std::vector<PlannedFile> files{};  // sorted by path
  friend bool operator==(const FilesLayer&, const FilesLayer&) = default;
};

struct PlannedWeights {
  std::string path{};  // canonical, in the image
  std::string project_path{};
  std::string source{};  // where the file lies on disk
  bool executable = false;
  io::FileStamp stamp{};
  std::string hardlink_to{};  // canonical path of an earlier file of the layer with the same inode
  friend bool operator==(const PlannedWeights&, const PlannedWeights&) = default;
};

// Weights files taken in place; one when large.
struct WeightsLayer {
  std::vector<PlannedWeights> files{};  // sorted by path
  friend bool operator==(const WeightsLayer&, const WeightsLayer&) = default;
};

// `run` steps need a sandbox and come with a later issue.
using LayerContent = std::variant<WheelLayer, FilesLayer, WeightsLayer, DebLayer,
                                  ConfigurationLayer, StandalonePythonLayer>;

enum class LayerKind { base, system, python, runtime, run, weights, code };
std::string_view to_string(LayerKind kind);

struct LayerPlan {
  LayerKind kind = LayerKind::code;
  std::string title{};  // what it holds, in words: `torch 2.3.1`, `weights/a.safetensors`
  Compression compression = Compression::gzip;
  std::int64_t mtime_seconds = 0;
  // Directories its paths may lie in that are not 0755 0:0 in the base, sorted by path.
  std::vector<DirectoryAttributes> parents{};
  LayerContent content{};
  digest::Digest key{};  // of everything that decides the layer's bytes
  friend bool operator==(const LayerPlan&, const LayerPlan&) = default;
};

struct ImagePlan {
  std::vector<LayerPlan> layers{};  // bottom to top, above the base
  image::ImageConfig config{};      // all but diff_ids and history
  image::Annotations annotations{};
  std::vector<digest::Digest> base_diff_ids{};
};

}  // namespace cogbuild::plan
