#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace cogbuild::pypi {

// Which requests have ended, by a key of the one who waits: put in by the client's thread, taken
// out by the caller's.
class ArrivalQueue {
 public:
  // Puts `key` in when called; may outlive the queue.
  [[nodiscard]] std::function<void()> announcer(std::size_t key) const {
    return [state = state_, key] {
      {
        const std::lock_guard lock(state->mutex);
        state->keys.push_back(key);
      }
      state->any.notify_one();
    };
  }

  // All keys since the last call, in order; waits for the first if `wait`.
  [[nodiscard]] std::vector<std::size_t> take(bool wait) {
    std::unique_lock lock(state_->mutex);
    if (wait) state_->any.wait(lock, [this] { return !state_->keys.empty(); });
    return std::exchange(state_->keys, {});
  }

 private:
  struct State {
    std::mutex mutex{};
    std::condition_variable any{};
    std::vector<std::size_t> keys{};
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace cogbuild::pypi
