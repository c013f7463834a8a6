#pragma once

#include "keyring.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/process/runner.hpp>

#include <string>
#include <string_view>

namespace cogbuild::apt {

// What was signed of a clear-signed index, as the verifier printed it; nothing else may stand in
// the file. `what` names the index in messages. Errors: integrity (no trusted signature, a bad one,
// text around the signed block), not_found (no verifier is installed), io.
Result<std::string> verify_clear_signed(std::string_view text, const Trust& trust,
                                        process::Runner& runner, std::string_view what);

// As above for an index whose signature is a file of its own.
Result<void> verify_detached(std::string_view text, std::string_view signature, const Trust& trust,
                             process::Runner& runner, std::string_view what);

// What stands in a clear-signed index whose signature does not matter.
Result<std::string> unverified_text(std::string_view clear_signed);

}  // namespace cogbuild::apt
