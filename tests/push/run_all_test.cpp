#include "../../src/push/run_all.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::push;

TEST_CASE("run_all: every index runs once, one thread keeps their order") {
  for (const int parallel : {1, 3, 100}) {
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::vector<std::size_t> ran;
    CHECK(run_all(20, parallel, stop, [&](std::size_t i) -> Result<void> {
      const std::lock_guard lock(mutex);
      ran.push_back(i);
      return {};
    }));
    CHECK(std::set<std::size_t>(ran.begin(), ran.end()).size() == 20);
    CHECK(ran.size() == 20);
    if (parallel == 1) CHECK(std::is_sorted(ran.begin(), ran.end()));
  }
}

TEST_CASE("run_all: nothing to do is no error, and no fewer than one worker runs") {
  std::atomic<bool> stop = false;
  CHECK(run_all(0, 4, stop, [](std::size_t) -> Result<void> { return {}; }));
  int ran = 0;
  CHECK(run_all(1, 0, stop, [&](std::size_t) -> Result<void> {
    ++ran;
    return {};
  }));
  CHECK(ran == 1);
}

TEST_CASE("run_all: never more than `parallel` at once") {
  std::atomic<bool> stop = false;
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  CHECK(run_all(12, 3, stop, [&](std::size_t) -> Result<void> {
    const int running = ++now;
    int seen = most;
    while (running > seen && !most.compare_exchange_weak(seen, running)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    --now;
    return {};
  }));
  CHECK(most <= 3);
  CHECK(most >= 2);
}

TEST_CASE("run_all: the first error in time is returned, stops the others and begins nothing new") {
  std::atomic<bool> stop = false;
  std::atomic<int> begun = 0;
  const auto done = run_all(50, 2, stop, [&](std::size_t i) -> Result<void> {
    ++begun;
    if (i == 1) return fail(Error(ErrorKind::network, "the cause"));
    while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return fail(Error(ErrorKind::io, "a consequence"));
  });
  REQUIRE(!done);
  CHECK(done.error().message() == "the cause");
  CHECK(begun == 2);
}
