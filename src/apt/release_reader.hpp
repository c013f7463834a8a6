#pragma once

#include "keyring.hpp"
#include "stored_release.hpp"

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/debian/release.hpp>
#include <cogbuild/error/result.hpp>

#include <optional>
#include <string>

namespace cogbuild::apt {

// The folder of a source's index: `dists/<suite>`, of a flat archive the suite itself.
url::Url index_folder(const debian::Source& source);

// The index of one source: asked for unless it did not change, verified, and held against the suite
// that was asked for, the clock, and the index that was there before.
class ReleaseReader {
 public:
  // All must outlive it.
  ReleaseReader(const debian::Source& source, const Trust& trust, const Services& services)
      : source_(source), trust_(trust), services_(services) {}

  // Nothing, when the mirror has no such suite. Errors: as read_archives.
  Result<std::optional<debian::Release>> read();
  // Remembers what was read, once all that it lists is there too.
  void keep() const;

 private:
  [[nodiscard]] std::string key() const;
  [[nodiscard]] std::string what() const;
  [[nodiscard]] bool is_usable() const { return before_ && before_->trust == trust_.digest; }
  Result<bool> take_stored();
  Result<bool> ask(SignedForm form);
  Result<std::string> verified(SignedForm form, const std::string& content) const;
  Result<debian::Release> checked() const;

  const debian::Source& source_;
  const Trust& trust_;
  const Services& services_;
  std::optional<StoredRelease> before_{};  // of an earlier run
  StoredRelease now_{};
};

}  // namespace cogbuild::apt
