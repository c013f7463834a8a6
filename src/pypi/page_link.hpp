#pragma once

#include <cogbuild/pypi/simple_index.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::pypi {

// Reads the links of one page. Most lead to one site, whose part of the URL is read once.
class LinkReader {
 public:
  // Links resolve against `base`; both must outlive the reader.
  LinkReader(const url::Url& base, const url::Url& page) : base_(base), page_(page) {}

  // The file that a link leads to, with the digest of its fragment, but no name yet; nothing when
  // it is unusable: not a URL, of another scheme, or a path of this machine on a page from
  // elsewhere.
  std::optional<File> file(std::string_view link);

 private:
  Result<url::Url> resolve(std::string_view link);

  const url::Url& base_;
  const url::Url& page_;
  std::string site_text_{};  // `https://host/`, of the last link that named its site
  url::Url site_{};          // without path
};

// True for a name that is one path part of printable characters.
bool is_plain_file_name(std::string_view name);

// `archived` and so on; anything unknown counts as active.
ProjectStatus parse_project_status(std::string_view text);

// Whether a repository or API version `major.minor` can be read. Error: unsupported.
Result<void> check_api_version(std::string_view version, const url::Url& page);

}  // namespace cogbuild::pypi
