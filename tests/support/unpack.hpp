#pragma once

#include <string>
#include <string_view>

namespace cogbuild::test {

// By zlib and libzstd, not by our own code: every member or frame up to the end of `bytes`. Aborts
// the test run on damaged input.
std::string gunzip(std::string_view bytes);
std::string unzstd(std::string_view bytes);

}  // namespace cogbuild::test
