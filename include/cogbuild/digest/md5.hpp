#pragma once

#include <string>
#include <string_view>

namespace cogbuild::digest {

// MD5 in hex: dpkg's database tells with it whether a configuration file was changed. It protects
// nothing.
std::string md5_hex(std::string_view content);

}  // namespace cogbuild::digest
