#pragma once

#include <cogbuild/error/result.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogbuild::debian {

// The order of two versions as they are written, exactly dpkg's: the epoch as a number, then
// upstream, then revision, each as alternate runs of other characters (`~` before the end, the end
// before letters, letters before the rest, by byte) and of digits (as numbers of any length). A
// missing epoch or revision counts as 0, so 1.0 == 0:1.0-0. Total over any text; copies nothing.
// deb-version(7), "Sorting algorithm".
std::strong_ordering compare_versions(std::string_view a, std::string_view b);

// Nothing, or why dpkg would not take `text` as a version: `[epoch:]upstream[-revision]`, the last
// `-` splits; letters, digits and `.+-~`, and `:` after an epoch. Error: config.
Result<void> check_version(std::string_view text);

// A version that owns its text; compared as compare_versions does, printed as it was written.
class Version {
 public:
  Version() : text_("0"), upstream_end_(1) {}
  // Surrounding white space is ignored. Error: config.
  static Result<Version> parse(std::string_view text);

  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  [[nodiscard]] std::string_view upstream() const {
    return std::string_view(text_).substr(upstream_begin_, upstream_end_ - upstream_begin_);
  }
  // Empty: it has none.
  [[nodiscard]] std::string_view revision() const {
    return upstream_end_ == text_.size() ? std::string_view{}
                                         : std::string_view(text_).substr(upstream_end_ + 1);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

  friend std::strong_ordering operator<=>(const Version& a, const Version& b) {
    return compare_versions(a.text_, b.text_);
  }
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }

 private:
  std::string text_;
  std::uint32_t epoch_ = 0;
  std::size_t upstream_begin_ = 0;
  std::size_t upstream_end_ = 0;
};

inline std::string to_string(const Version& version) { return version.text(); }

}  // namespace cogbuild::debian
