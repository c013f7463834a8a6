#pragma once

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/debian/sources.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::apt {

// Who may sign a source's index.
struct Trust {
  std::vector<std::string> keyrings{};      // binary, as gpgv reads them
  std::vector<std::string> fingerprints{};  // as SignedBy has them; empty: every key in them
  bool is_unsigned = false;                 // no signature is asked for
  digest::Digest digest{};                  // of all the above
};

// Errors, naming suite and mirror: not_found (no keyring), and those of binary_keyring.
Result<Trust> trust_of(const SourceSet& set, const debian::Source& source);

// `suite` on `mirror`, as messages name a source.
std::string name_of(const debian::Source& source);

}  // namespace cogbuild::apt
