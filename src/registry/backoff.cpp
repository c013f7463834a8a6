#include "backoff.hpp"

#include <cogbuild/http/retry.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::registry {

namespace {

constexpr http::RetryPolicy kPolicy{.first_delay = std::chrono::seconds(1),
                                    .longest_delay = std::chrono::seconds(60)};
constexpr int kMostUnreachable = 4;
// A transfer that got somewhere is worth waiting for; a registry that has only ever failed is not,
// unless it says itself when to come back.
constexpr std::chrono::minutes kPatience{15};
constexpr std::chrono::seconds kPatienceAtFirst{45};
constexpr std::chrono::minutes kLongestRetryAfter{10};

}  // namespace

Backoff::Backoff(clock::Clock& clock, progress::Reporter& reporter, std::string what)
    : clock_(clock), reporter_(reporter), what_(std::move(what)), last_progress_(clock.now()) {}

void Backoff::progressed() {
  attempt_ = 0;
  unreachable_ = 0;
  last_progress_ = clock_.now();
  moved_ = true;
}

bool Backoff::wait(const Result<http::Response>& outcome) {
  ++attempt_;
  if (!outcome && ++unreachable_ >= kMostUnreachable) return false;
  const double random = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
  const auto pause = http::delay_before(attempt_, outcome, kPolicy, clock_.now(), random);
  if (pause > kLongestRetryAfter) return false;
  const bool invited = outcome && !http::header(outcome->headers, "Retry-After").empty();
  const std::chrono::milliseconds patience = moved_ || invited ? kPatience : kPatienceAtFirst;
  if (clock_.now() + pause - last_progress_ > patience) return false;
  reporter_.note(fmt::format("{}: {}; trying again in {:.1f} s", what_,
                             outcome ? fmt::format("the registry answered {}", outcome->status)
                                     : outcome.error().message(),
                             static_cast<double>(pause.count()) / 1000.0));
  clock_.sleep(pause);
  return true;
}

}  // namespace cogbuild::registry
