#pragma once

#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <functional>

namespace cogbuild::realise {

// Runs `work(0) … work(count - 1)` on at most `threads` threads; the error of the smallest failing
// index is returned, and nothing new is begun once one failed.
Result<void> in_parallel(std::size_t count, int threads,
                         const std::function<Result<void>(std::size_t)>& work);

}  // namespace cogbuild::realise
