#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::test {

// An ar archive of these members, as deb(5) wants it.
std::string raw_ar(const std::vector<std::pair<std::string, std::string>>& members);

// A package: control and data are tars, uncompressed.
std::string raw_deb(const std::string& control_tar, const std::string& data_tar);

}  // namespace cogbuild::test
