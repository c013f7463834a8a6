#pragma once

#include <cstdint>
#include <string_view>

namespace cogbuild::configure {

enum class Review : std::uint8_t {
  none,      // nobody has read the scripts: every command must be known
  followed,  // what is not known in them does not matter, or is done elsewhere in this room
  skipped,   // nothing in them matters on a first installation, or all of it is done elsewhere
};

// What reading the maintainer scripts of a package came to, by the package's name: a new version of
// the scripts does not ask again (decision 14).
Review review_of(std::string_view package);

// What a package misses though its scripts were reviewed, as a warning; empty: nothing.
std::string_view shortcoming_of(std::string_view package);

}  // namespace cogbuild::configure
