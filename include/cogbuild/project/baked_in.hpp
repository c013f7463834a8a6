#pragma once

#include <cogbuild/project/listing.hpp>

#include <string>
#include <vector>

namespace cogbuild::project {

// One warning for each thing that goes into the image and is likely not meant to: files that by
// their name hold secrets (`.env`, `*.pem`, `.netrc`, private keys, token files of well-known
// tools), and directories with more than 1 GiB of files that are not weights, the innermost one
// that explains the size. Nothing is read. Secrets first, each part by path; of the many secrets
// that a directory can hold the first ten are named and the rest is counted.
std::vector<std::string> warn_of_baked_in(const Listing& listing);

}  // namespace cogbuild::project
