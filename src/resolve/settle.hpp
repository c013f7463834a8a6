#pragma once

#include "closure.hpp"
#include "provider.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/progress/reporter.hpp>

namespace cogbuild::resolve {

// Chooses a version of everything that the roots reach. Same demands and same indexes, same
// choices. Errors: unsatisfiable, with a story and with changes that were tried and would help;
// network, auth, integrity.
Result<Decisions> settle(DistributionSource& source, const FileRules& rules, const Demands& demands,
                         progress::Reporter& reporter);

}  // namespace cogbuild::resolve
