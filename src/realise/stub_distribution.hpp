#pragma once

#include <cogbuild/lock/lock.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cogbuild::realise {

// The files of a distribution that is metadata alone, as path within the site directory and
// content: `name` is installed, says the record of installed distributions, in the version of the
// one that answers for it.
std::vector<std::pair<std::string, std::string>> stub_distribution(
    const std::string& name, const lock::LockedDistribution& answering);

}  // namespace cogbuild::realise
