#include "backoff.hpp"

#include <cogbuild/http/retry.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::registry {

namespace {

constexpr http::RetryPolicy kPolicy{.first_delay = std::chrono::seconds(1),
                                    .longest_delay = std::chrono::seconds(60)};
constexpr int kMostUnreachable = 4;
constexpr std::chrono::minutes kMostWithoutProgress{15};
constexpr std::chrono::minutes kLongestRetryAfter{10};

}  // namespace

Backoff::Backoff(clock::Clock& clock, progress::Reporter& reporter, std::string what)
    : clock_(clock), reporter_(reporter), what_(std::move(what)), last_progress_(clock.now()) {}

void Backoff::progressed() {
  attempt_ = 0;
  unreachable_ = 0;
  last_progress_ = clock_.now();
}

bool Backoff::wait(const Result<http::Response>& outcome) {
  ++attempt_;
  if (!outcome && ++unreachable_ >= kMostUnreachable) return false;
  const double random = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
  const auto pause = http::delay_before(attempt_, outcome, kPolicy, clock_.now(), random);
  if (pause > kLongestRetryAfter) return false;
  if (clock_.now() + pause - last_progress_ > kMostWithoutProgress) return false;
  reporter_.note(fmt::format("{}: {}; trying again in {:.1f} s", what_,
                             outcome ? fmt::format("the registry answered {}", outcome->status)
                                     : outcome.error().message(),
                             static_cast<double>(pause.count()) / 1000.0));
  clock_.sleep(pause);
  return true;
}

}  // namespace cogbuild::registry
