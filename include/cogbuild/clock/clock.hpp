#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace cogbuild::clock {

using Time = std::chrono::system_clock::time_point;

// Now and sleep: real, or driven by a test. Never read for anything that reaches a byte of an
// image.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return std::chrono::system_clock::now(); }
  void sleep(std::chrono::milliseconds duration) override { std::this_thread::sleep_for(duration); }
};

// Starts at the epoch; sleeping moves it. Safe from several threads: servers of tests look at it
// too.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return Time(Time::duration(now_.load())); }
  void sleep(std::chrono::milliseconds duration) override {
    now_ += std::chrono::duration_cast<Time::duration>(duration).count();
    slept_ += duration.count();
  }
  void set(Time now) { now_ = now.time_since_epoch().count(); }
  [[nodiscard]] std::chrono::milliseconds slept() const {
    return std::chrono::milliseconds(slept_.load());
  }

 private:
  std::atomic<Time::rep> now_{0};
  std::atomic<std::chrono::milliseconds::rep> slept_{0};
};

}  // namespace cogbuild::clock
