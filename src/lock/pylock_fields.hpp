#pragma once

#include <cogbuild/lock/lock.hpp>

#include <string>
#include <string_view>

namespace cogbuild::lock {

// Where PEP 751 has a distribution's source stand.
enum class Place { wheels, sdist, archive, vcs, directory };

Place place_of(const LockedDistribution& distribution);
// What a place says of itself: the form, and the name of the file.
Form form_at(Place place, const std::string& file_name);
std::string file_name_at(Place place, const std::string& location);

bool is_url(std::string_view location);
// The last part of a URL (decoded) or a path; empty when there is none.
std::string last_part(const std::string& location);
// Without `git+`.
std::string without_scheme_prefix(const std::string& location);
// Whether a time is a TOML date-time in UTC that is read back to the same text: seconds, and either
// no fraction or six digits that are not all zero.
bool is_canonical_time(std::string_view text);

}  // namespace cogbuild::lock
