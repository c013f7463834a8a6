#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/progress/reporter.hpp>

#include <random>
#include <string>

namespace cogbuild::registry {

// Patience with one piece of work, over all its requests. After an answer that says "later", full
// jitter of 1 s doubling up to a minute, or Retry-After. Given up after 15 minutes without
// progress; after 45 seconds when there never was any and the server named no time. A server that
// cannot be reached is given up after a few attempts.
class Backoff {
 public:
  // Both must outlive it. `what` names the work in lines and messages.
  Backoff(clock::Clock& clock, progress::Reporter& reporter, std::string what);

  void progressed();
  // Waits before another attempt and says so in one line. False: it is time to give up.
  bool wait(const Result<http::Response>& outcome);
  [[nodiscard]] const std::string& what() const { return what_; }

 private:
  clock::Clock& clock_;
  progress::Reporter& reporter_;
  std::string what_;
  clock::Time last_progress_;
  bool moved_ = false;  // some progress was made
  int attempt_ = 0;
  int unreachable_ = 0;
  std::minstd_rand random_{std::random_device{}()};  // spreads load; reaches nothing that is kept
};

}  // namespace cogbuild::registry
