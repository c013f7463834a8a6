#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::debian {

enum class MultiArch : std::uint8_t { no, same, foreign, allowed };

// In order of weight, the heaviest first; `unknown` is what the archive does not say.
enum class Priority : std::uint8_t { required, important, standard, optional, extra, unknown };

std::string_view to_string(MultiArch multi_arch);
std::string_view to_string(Priority priority);

// A binary package as an archive's Packages or a root's status describes it; deb-control(5). Every
// view borrows the text of the list it came with. Relations stay as they are written: few of an
// archive's packages are ever asked for theirs (parse_relations).
struct Package {
  std::string_view name{};
  std::string_view version{};       // passes check_version
  std::string_view architecture{};  // `all` or one architecture
  std::string_view section{};
  std::string_view source{};          // the source package's name, else `name`
  std::string_view source_version{};  // else `version`
  std::string_view pre_depends{};
  std::string_view depends{};
  std::string_view provides{};
  std::string_view conflicts{};
  std::string_view breaks{};
  std::string_view replaces{};
  std::string_view stanza{};  // all of it, as written
  // Of Packages alone, relative to the archive's root: never absolute, no `..`, no leading `./`.
  std::string_view file_name{};
  std::uint64_t size_bytes = 0;            // of the .deb
  std::uint64_t installed_size_bytes = 0;  // 0: not said
  digest::Digest sha256{};                 // of the .deb
  MultiArch multi_arch = MultiArch::no;
  Priority priority = Priority::unknown;
  bool essential = false;
  bool is_protected = false;  // `Protected: yes` or `Important: yes`
  bool held = false;          // in a status: `hold ok installed`

  friend bool operator==(const Package&, const Package&) = default;
};

// Packages in the order of the text, which the list owns; copying a list shares both.
class PackageList {
 public:
  PackageList() = default;

  [[nodiscard]] std::size_t size() const { return packages().size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] const Package& operator[](std::size_t i) const { return packages()[i]; }
  [[nodiscard]] std::span<const Package> packages() const {
    return content_ ? std::span<const Package>(content_->packages) : std::span<const Package>{};
  }
  [[nodiscard]] auto begin() const { return packages().begin(); }
  [[nodiscard]] auto end() const { return packages().end(); }

 private:
  friend class PackageListReader;
  struct Content {
    std::string text{};
    std::vector<Package> packages{};
  };
  std::shared_ptr<const Content> content_{};
};

// The packages of a Packages file. `origin` names it in errors. Errors: config, with the line, of
// what is no stanza or lacks a field that is needed (Package, Version, Architecture, Filename,
// Size, SHA256), or of a value that is not what its field holds; unsupported for a package without
// a SHA-256.
Result<PackageList> parse_packages(std::string text, std::string_view origin);

enum class StatusFile {
  dpkg,     // /var/lib/dpkg/status: what has no Status is not installed
  one_each  // a file of /var/lib/dpkg/status.d: what has no Status is installed
};

// The installed packages of a status text: those whose state is `installed`, or installed with
// triggers still to run, whatever is wanted of them (bases hold back packages). The others are
// passed over. Errors: as parse_packages; only Package, Version and Architecture are needed.
Result<PackageList> parse_status(std::string text, std::string_view origin,
                                 StatusFile form = StatusFile::dpkg);

}  // namespace cogbuild::debian
