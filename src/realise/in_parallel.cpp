#include "in_parallel.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace cogbuild::realise {

Result<void> in_parallel(std::size_t count, int threads,
                         const std::function<Result<void>(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::optional<std::pair<std::size_t, Error>> first;
  const auto run = [&] {
    for (std::size_t index = next++; index < count && !stopped; index = next++) {
      auto outcome = work(index);
      if (outcome) continue;
      stopped = true;
      const std::lock_guard lock(mutex);
      if (!first || index < first->first) first.emplace(index, std::move(outcome).error());
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads && static_cast<std::size_t>(i) < count; ++i)
      workers.emplace_back(run);
    run();
  }
  if (first) return fail(std::move(first->second));
  return {};
}

}  // namespace cogbuild::realise
