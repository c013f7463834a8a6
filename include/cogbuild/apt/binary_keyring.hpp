#pragma once

#include <cogbuild/error/result.hpp>

#include <string>
#include <string_view>

namespace cogbuild::apt {

// Public keys as gpgv reads them: a binary file as it is, an armoured one (RFC 9580, section 6;
// several blocks may follow each other) decoded. Error: integrity, for what is neither or is
// damaged.
Result<std::string> binary_keyring(std::string_view file);

}  // namespace cogbuild::apt
