#pragma once

#include <cogbuild/error/error.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <thread>
#include <vector>

namespace cogbuild::apt {

// Runs `work(0) … work(count - 1)`, at most `most` at once, all to their ends. `work` is called
// from several threads.
template <class Work>
void in_parallel(std::size_t count, std::size_t most, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < std::min(count, most); ++i) workers.emplace_back(run);
  run();
}

// The first error with the others behind it; nothing when there is none.
inline std::optional<Error> first_with_others(std::vector<std::optional<Error>> errors) {
  std::optional<Error> all;
  for (auto& error : errors) {
    if (!error) continue;
    if (!all)
      all = std::move(error);
    else
      all = std::move(*all).also(*std::move(error));
  }
  return all;
}

}  // namespace cogbuild::apt
