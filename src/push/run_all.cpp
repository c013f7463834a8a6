#include "run_all.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cogbuild::push {

Result<void> run_all(std::size_t count, int parallel, std::atomic<bool>& stop,
                     const std::function<Result<void>(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> first_error;
  const auto loop = [&] {
    for (;;) {
      if (stop) return;
      const std::size_t index = next.fetch_add(1);
      if (index >= count) return;
      auto done = work(index);
      if (done) continue;
      const std::lock_guard lock(mutex);
      if (!first_error) first_error = std::move(done).error();
      stop = true;
      return;
    }
  };
  {
    std::vector<std::jthread> workers;
    const auto others =
        std::min<std::size_t>(count, static_cast<std::size_t>(std::max(parallel, 1)));
    for (std::size_t i = 1; i < others; ++i) workers.emplace_back(loop);
    loop();
  }
  if (first_error) return fail(*std::move(first_error));
  return {};
}

}  // namespace cogbuild::push
