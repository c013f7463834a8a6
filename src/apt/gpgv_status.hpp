#pragma once

#include <cogbuild/error/result.hpp>

#include <span>
#include <string>
#include <string_view>

namespace cogbuild::apt {

// The verdict on an index from gpgv's status lines (GnuPG, doc/DETAILS): nothing when at least one
// signature is good, made with a key and a hash that count, by one of `fingerprints` (empty: any),
// and none is bad. `what` names the index in messages. Error: integrity, saying what is wrong with
// each signature.
Result<void> judge_signatures(std::string_view status, std::span<const std::string> fingerprints,
                              std::string_view what);

}  // namespace cogbuild::apt
