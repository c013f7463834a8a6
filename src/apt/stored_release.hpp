#pragma once

#include "mirror_files.hpp"

#include <cogbuild/digest/digest.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::apt {

// How a suite's index is signed.
enum class SignedForm { clear, detached };  // InRelease; Release beside Release.gpg

// The index of a suite as it is kept between runs: verified, with all that it depends on.
//
//   "apt release 1" form trust file date etag last-modified   a line each
//   *byte                                                     what was signed
struct StoredRelease {
  SignedForm form = SignedForm::clear;
  digest::Digest trust{};           // of the keys that it was verified with
  digest::Digest file{};            // of InRelease or Release, as they came
  std::chrono::sys_seconds date{};  // the Release's own
  Validators validators{};
  std::string text{};

  friend bool operator==(const StoredRelease&, const StoredRelease&) = default;
};

std::string to_text(const StoredRelease& release);
// Nothing for a text of another form: the index is asked for anew.
std::optional<StoredRelease> parse_stored_release(std::string_view text);

}  // namespace cogbuild::apt
