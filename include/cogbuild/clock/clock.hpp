#pragma once

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

// Starts at the epoch; sleeping moves it.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return now_; }
  void sleep(std::chrono::milliseconds duration) override {
    now_ += duration;
    slept_ += duration;
  }
  void set(Time now) { now_ = now; }
  [[nodiscard]] std::chrono::milliseconds slept() const { return slept_; }

 private:
  Time now_{};
  std::chrono::milliseconds slept_{};
};

}  // namespace cogbuild::clock
