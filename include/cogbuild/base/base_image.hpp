#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/filetree/file_tree.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/image/image_config.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::base {

// The interpreter a base offers and where it looks for packages.
struct Interpreter {
  std::string path{};            // `/usr/local/bin/python3.11`
  std::string version{};         // `3.11.2`, `3.11` when the patch level is not known
  std::string prefix{};          // where cogbuild installs: `/usr/local`
  std::string site_directory{};  // `/usr/local/lib/python3.11/dist-packages`
  friend bool operator==(const Interpreter&, const Interpreter&) = default;
};

struct InstalledDistribution {
  std::string name{};  // as METADATA writes it
  std::string version{};
  std::string directory{};  // the site directory it lies in
  friend bool operator==(const InstalledDistribution&, const InstalledDistribution&) = default;
};

// What building on a base needs to know of its files; learned by streaming its layers once.
struct TreeSummary {
  filetree::FileTree tree{};
  std::optional<Interpreter> interpreter{};
  std::string libc{};        // `glibc 2.36`, `musl 1.2`, empty: none found
  std::string os_release{};  // PRETTY_NAME
  std::vector<InstalledDistribution> distributions{};
  std::uint64_t unpacked_bytes = 0;  // of all layers, as tars
  std::vector<std::uint64_t> layer_unpacked_bytes{};
  std::map<std::string, std::string> files{};  // contents of kept files (kept_files.hpp), by path
  friend bool operator==(const TreeSummary&, const TreeSummary&) = default;
};

// The summary as it is cached: lines of tab-separated fields (filetree/text_field.hpp), the first
// one naming the form and its version, the tree last. parse_summary(to_text(s)) == s.
std::string to_text(const TreeSummary& summary);
// Error: integrity; another version counts as damage, so that a cache is filled anew.
Result<TreeSummary> parse_summary(std::string_view text);

// A base ready to build on.
struct BaseImage {
  std::string name{};  // as the user wrote it
  image::Descriptor manifest{};
  image::ImageConfig config{};
  std::vector<image::Layer> layers{};
  TreeSummary summary{};
};

// Whether a model that asks for `python_version` (`3.11`, a patch level is ignored; empty: any) can
// be built on the base. Error: config: no Python, or another version.
Result<void> check_usable(const BaseImage& base, std::string_view python_version);

}  // namespace cogbuild::base
