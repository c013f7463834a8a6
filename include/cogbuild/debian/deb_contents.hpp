#pragma once

#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a .deb puts into a root, learned by unpacking it once.
namespace cogbuild::debian {

// dpkg-divert: a file that a package ships as `from` lies at `to`, unless the package is `owner`.
struct Diversion {
  std::string from{};  // without the leading slash
  std::string to{};
  std::string owner{};  // empty: local, diverts every package's
  friend bool operator==(const Diversion&, const Diversion&) = default;
};

// `var/lib/dpkg/diversions`: three lines each. Error: config.
Result<std::vector<Diversion>> parse_diversions(std::string_view text, std::string_view origin);

// Everything beside the .deb that decides where its files go.
struct UnpackRules {
  bool keep_docs = false;  // else documents, manual pages, translations and the like are dropped;
                           // copyright files never are
  // Directories of the root that are links into usr/, of `bin sbin lib lib32 lib64 libx32`, sorted.
  std::vector<std::string> merged{};
  std::vector<Diversion> diversions{};
  std::vector<std::string> left_out{};  // further canonical paths that are dropped, sorted
  friend bool operator==(const UnpackRules&, const UnpackRules&) = default;
};

// The rules for a key, and with them the version of what unpacking does.
std::string to_text(const UnpackRules& rules);

// Whether a file of a package stays out of the image under these rules; `path` is canonical.
bool is_dropped(std::string_view path, const UnpackRules& rules);
// `bin/sh` -> `usr/bin/sh` where `bin` is merged, and what diversions say. `path` has no leading
// slash; a merged directory itself stays.
std::string canonical_path(std::string_view path, std::string_view package,
                           const UnpackRules& rules);
// Whether configuring a root reads the content of a file (passwd.master, CA certificates,
// ld.so.conf.d, sysusers.d and the like); DebContents keep it then.
bool is_kept_content(std::string_view path);
// What `setcap` in a package's postinst gives its file: the value of the extended attribute
// `security.capability` (struct vfs_cap_data, linux/capability.h); empty: nothing.
std::string file_capability(std::string_view package, std::string_view path);

enum class DebEntryType : std::uint8_t { file, directory, symlink, hardlink };

struct DebEntry {
  std::string
      path{};  // where it lies in the root: canonical, without leading slash; "" is the root
  std::string shipped{};  // as the package has it, `bin/sh`; empty: the same as `path`
  DebEntryType type = DebEntryType::file;
  std::uint32_t mode = 0644;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size_bytes = 0;
  std::string link_target{};  // of a symlink, verbatim; of a hardlink the canonical path
  // Of a shared library (ELF) of the package's architecture: DT_SONAME, else its file name. What
  // ld.so.cache lists. Empty: none.
  std::string soname{};
  std::uint32_t loader_flags = 0;  // of ld.so.cache: 0x0303 x86-64, 0x0a03 aarch64; 0: none
  friend bool operator==(const DebEntry&, const DebEntry&) = default;
};

struct NamedText {
  std::string name{};
  std::string content{};
  friend bool operator==(const NamedText&, const NamedText&) = default;
};

struct DebContents {
  std::string name{};
  std::string version{};
  std::string architecture{};
  bool multi_arch_same = false;
  std::string stanza{};                // of `control`, as written, ends in LF
  std::vector<NamedText> control{};    // the other control files (postinst, md5sums, …), by name
  std::vector<NamedText> contents{};   // kept files, by canonical path
  std::vector<NamedText> conffiles{};  // canonical path -> MD5 in hex of what is shipped
  std::vector<DebEntry> entries{};     // sorted by path; what was dropped is not there
  friend bool operator==(const DebContents&, const DebContents&) = default;

  [[nodiscard]] const std::string* find_control(std::string_view name) const;
  [[nodiscard]] const std::string* find_content(std::string_view path) const;
};

// `NAME`, or `NAME:ARCH` when Multi-Arch is same: how dpkg names the files of its database.
std::string database_name(const DebContents& package);

// The form that the cache keeps; parse_deb_contents(to_text(c)) == c. Error: integrity.
std::string to_text(const DebContents& contents);
Result<DebContents> parse_deb_contents(std::string_view text);

}  // namespace cogbuild::debian
