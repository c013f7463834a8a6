#pragma once

#include <cogbuild/error/result.hpp>

#include <string_view>

namespace cogbuild::debian {

// The parts of a clear-signed text. Both borrow it.
struct ClearSigned {
  std::string_view body{};  // as written: dash escapes are still in it, the last LF is not signed
  std::string_view signature{};  // the armoured block, from its BEGIN to its END line
};

// Splits `InRelease`; RFC 9580, section 7. A text that is one signed block and nothing else, except
// for white space after it; what a verifier prints is to be parsed, this says whether something was
// put around it. Errors: integrity, when anything stands before, after or between, naming the line.
Result<ClearSigned> split_clear_signed(std::string_view text);

}  // namespace cogbuild::debian
