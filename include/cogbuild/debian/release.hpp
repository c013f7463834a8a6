#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The index of a suite, `Release`, whose signature others have verified.
namespace cogbuild::debian {

// A line of the Release's SHA256 table.
struct IndexFile {
  std::string path{};  // relative to the Release; without `..`
  std::uint64_t size_bytes = 0;
  digest::Digest digest{};

  friend bool operator==(const IndexFile&, const IndexFile&) = default;
};

struct Release {
  std::string origin{};
  std::string label{};
  std::string suite{};
  std::string codename{};
  std::string version{};
  std::chrono::sys_seconds date{};
  std::optional<std::chrono::sys_seconds> valid_until{};  // none: it does not expire
  std::vector<std::string> architectures{};
  std::vector<std::string> components{};
  bool acquire_by_hash = false;
  std::vector<IndexFile> files{};  // sorted by path

  friend bool operator==(const Release&, const Release&) = default;

  // Null: the archive does not list it (what it does not list must not be used).
  [[nodiscard]] const IndexFile* find(std::string_view path) const;
};

// `text` is what was signed. `origin` names it in errors. Errors: config, with the line, of a
// Release without Date or of values that are not what their field holds; unsupported for one
// without a SHA256 table.
Result<Release> parse_release(std::string_view text, std::string_view origin);

struct ReleaseCheck {
  std::string_view asked_suite{};  // as the source says it; a flat one (`/` at its end) has no name
  std::string_view mirror{};       // for messages, without credentials
  std::chrono::sys_seconds now{};
  bool check_valid_until = true;
};

// Nothing when the Release is the one of the suite that was asked for, by its Suite or Codename,
// and has not expired. Error: integrity, naming the mirror, the dates and what to do.
Result<void> check(const Release& release, const ReleaseCheck& against);

// `main/binary-amd64/by-hash/SHA256/<hex>` of `main/binary-amd64/Packages.xz`.
std::string by_hash_path(const IndexFile& file);

// `Sat, 11 Jul 2026 10:16:37 UTC`: RFC 5322 3.3, in UTC alone (`UTC`, `GMT`, `Z`, `+0000`), as a
// Release has it. Error: config.
Result<std::chrono::sys_seconds> parse_release_date(std::string_view text);
std::string to_release_date(std::chrono::sys_seconds time);

}  // namespace cogbuild::debian
