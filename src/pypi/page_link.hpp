#pragma once

#include <cogbuild/pypi/simple_index.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::pypi {

// The file a link of `page` leads to, its URL resolved against `base`; nothing when it is unusable:
// not a URL, of another scheme, or a path of this machine on a page from elsewhere.
std::optional<File> file_of_link(std::string_view link, const url::Url& base, const url::Url& page);

// True for a name that is one path part of printable characters.
bool is_plain_file_name(std::string_view name);

// `archived` and so on; anything unknown counts as active.
ProjectStatus parse_project_status(std::string_view text);

// Whether a repository or API version `major.minor` can be read. Error: unsupported.
Result<void> check_api_version(std::string_view version, const url::Url& page);

}  // namespace cogbuild::pypi
