#pragma once

#include <cogbuild/error/result.hpp>

#include <atomic>
#include <cstddef>
#include <functional>

namespace cogbuild::push {

// Runs `work(0)` to `work(count - 1)`, begun in this order, at most `parallel` at a time. After the
// first error nothing new begins and `stop` is set, which long work looks at; that first error (in
// time) is returned, the ones it caused are dropped.
Result<void> run_all(std::size_t count, int parallel, std::atomic<bool>& stop,
                     const std::function<Result<void>(std::size_t)>& work);

}  // namespace cogbuild::push
