#pragma once

#include "framework_backend.hpp"
#include "request.hpp"

#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/resolve/resolve.hpp>

namespace cogbuild::resolve {

// Where the distributions of a request come from.
struct Indexes {
  pypi::IndexConfig config{};
  FrameworkChoice framework{};  // why `config.framework_index` is what it is
};

// The user's indexes by pip's rules, the strategy of the options, and the framework's own index.
// Errors: config (an unusable URL, contradicting builds), usage (an option).
Result<Indexes> choose_indexes(const Inputs& inputs, const Request& request);

}  // namespace cogbuild::resolve
