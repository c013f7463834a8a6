#pragma once

#include <cogbuild/apt/fetch_packages.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/url/url.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::apt {

// Where a locked archive's packages may be had, the roots in the order in which they are asked: the
// configured sources of its codename, the root it was read from, a snapshot of its day. Credentials
// of a configured source go along wherever its host is asked. Error: config, when the lock's URI is
// none.
Result<std::vector<url::Url>> package_roots(const lock::LockedArchive& archive,
                                            const Mirrors& mirrors);

}  // namespace cogbuild::apt
