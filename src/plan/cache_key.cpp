#include "cache_key.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>

#include <iterator>
#include <variant>

namespace cogbuild::plan {

namespace {

// Fields one after another, each with its length: no two different inputs write the same text.
class KeyText {
 public:
  void field(std::string_view text) {
    fmt::format_to(std::back_inserter(text_), "{}:{};", text.size(), text);
  }
  void field(std::int64_t number) { fmt::format_to(std::back_inserter(text_), "{};", number); }
  void field(const io::FileStamp& stamp) {
    fmt::format_to(std::back_inserter(text_), "{},{},{},{},{};", stamp.device, stamp.inode,
                   stamp.size_bytes, stamp.mtime_ns, stamp.ctime_ns);
  }
  [[nodiscard]] digest::Digest finish() const { return digest::digest_of(text_); }

 private:
  std::string text_{};
};

void add(KeyText& key, const WheelLayer& layer) {
  key.field("wheels 1");
  for (const auto& wheel : layer.wheels) {
    key.field(wheel.file_name);
    key.field(to_string(wheel.digest));
    key.field(wheel.direct_url ? "direct 2 " + wheel.location : std::string());
    for (const auto& name : wheel.stands_for)
      key.field(fmt::format("{} {} stands for {}", wheel.metadata_name, wheel.version, name));
  }
  const InstallScheme& scheme = layer.scheme;
  for (const auto& part :
       {scheme.interpreter, scheme.python, scheme.site_directory, scheme.scripts_directory,
        scheme.include_directory, scheme.data_directory})
    key.field(part);
  for (const auto& [from, to] : scheme.links) {
    key.field(from);
    key.field(to);
  }
}

void add(KeyText& key, const FilesLayer& layer) {
  key.field("files 1");
  for (const auto& file : layer.files) {
    key.field(file.path);
    key.field(static_cast<std::int64_t>(file.kind));
    key.field(static_cast<std::int64_t>(file.mode));
    if (file.kind == PlannedFile::Kind::project_file)
      key.field(to_string(file.digest));
    else
      key.field(file.content);
  }
}

// Weights are known by where they lie and their stamp: reading them to make a key would be the very
// work that the key is to save.
void add(KeyText& key, const WeightsLayer& layer) {
  key.field("weights 1");
  for (const auto& file : layer.files) {
    key.field(file.path);
    key.field(file.source);
    key.field(file.stamp);
    key.field(file.executable ? 1 : 0);
    key.field(file.hardlink_to);
  }
}

void add(KeyText& key, const std::vector<lock::LockedDeb>& packages) {
  key.field(static_cast<std::int64_t>(packages.size()));
  for (const auto& package : packages) {
    key.field(package.name);
    key.field(to_string(package.digest));
  }
}

// Where files come to lie depends on links of the base too; realise adds what is below.
void add(KeyText& key, const DebLayer& layer) {
  key.field("debs 1");
  key.field(to_text(layer.rules));
  add(key, layer.packages);
}

void add(KeyText& key, const ConfigurationLayer& layer) {
  key.field("configuration 1");
  key.field(configure::kRulesVersion);
  key.field(to_text(layer.rules));
  add(key, layer.packages);
  key.field(layer.architecture);
  key.field(to_string(layer.base));
  key.field(layer.options.new_root ? 1 : 0);
  key.field(static_cast<std::int64_t>(layer.options.skip_scripts.size()));
  for (const auto& package : layer.options.skip_scripts) key.field(package);
  for (const auto& file : layer.extra) {
    key.field(file.path);
    for (const auto number : {static_cast<std::uint32_t>(file.type), file.mode, file.uid, file.gid})
      key.field(static_cast<std::int64_t>(number));
    key.field(file.content);
  }
}

void add(KeyText& key, const StandalonePythonLayer& layer) {
  key.field("standalone python 1");
  key.field(to_string(layer.python.digest));
  key.field(layer.prefix);
}

}  // namespace

digest::Digest cache_key(const LayerPlan& layer, const std::string& compressor_identity) {
  KeyText key;
  key.field(compressor_identity);
  key.field(layer.mtime_seconds);
  for (const auto& parent : layer.parents) {
    key.field(parent.path);
    key.field(static_cast<std::int64_t>(parent.mode));
    key.field(static_cast<std::int64_t>(parent.uid));
    key.field(static_cast<std::int64_t>(parent.gid));
  }
  std::visit([&key](const auto& content) { add(key, content); }, layer.content);
  return key.finish();
}

}  // namespace cogbuild::plan
