#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/url/url.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Where apt would look for packages; sources.list(5), both forms.
namespace cogbuild::debian {

// The keys that may sign an archive; nothing said: every key that the root trusts.
struct SignedBy {
  std::vector<std::string> keyrings{};      // absolute paths in the root that the source is from
  std::vector<std::string> fingerprints{};  // upper case; `!` at the end: this very subkey
  std::string key_block{};                  // an armoured key, each line with LF

  [[nodiscard]] bool empty() const {
    return keyrings.empty() && fingerprints.empty() && key_block.empty();
  }
  friend bool operator==(const SignedBy&, const SignedBy&) = default;
};

// One suite of one archive.
struct Source {
  url::Url uri{};       // the archive's root: http, https or file; printed without credentials
  std::string suite{};  // ends in `/`: a flat archive, without components
  std::vector<std::string> components{};
  std::vector<std::string> architectures{};           // empty: all
  std::vector<std::string> excluded_architectures{};  // of these none
  SignedBy signed_by{};
  std::optional<bool> by_hash{};            // else as the Release says
  std::optional<bool> check_valid_until{};  // else yes
  bool trusted = false;                     // asks to be used without a signature
  bool enabled = true;
  std::string file{};  // where it was read, for messages
  std::size_t line = 0;

  friend bool operator==(const Source&, const Source&) = default;

  [[nodiscard]] bool is_flat() const { return suite.ends_with('/'); }
  // True when the source offers packages of this architecture.
  [[nodiscard]] bool serves(std::string_view architecture) const;
};

// `uri suite component...`, without credentials.
std::string to_string(const Source& source);

// The one-line form: `deb [option=value,value ...] uri suite component...`, `#` begins a comment.
// Lines of `deb-src` and options that cogbuild does not need are passed over. `file` names the text
// in errors, which never show credentials. Errors, with the line: config; unsupported for a URI
// whose scheme is not http, https or file.
Result<std::vector<Source>> parse_sources_list(std::string_view text, std::string_view file);

// The deb822 form, `*.sources`: a source of every URI and suite of every stanza, those with
// `Enabled: no` too. Errors: as parse_sources_list.
Result<std::vector<Source>> parse_deb822_sources(std::string_view text, std::string_view file);

}  // namespace cogbuild::debian
