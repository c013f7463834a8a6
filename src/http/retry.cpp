#include <cogbuild/http/retry.hpp>

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <random>

namespace cogbuild::http {

namespace {

constexpr std::array kTransientStatuses = {408, 425, 429, 499, 500, 502, 503,
                                           504, 520, 521, 522, 523, 524};

// RFC 9110, section 10.2.3: delay-seconds or an HTTP date.
std::optional<std::chrono::milliseconds> retry_after(std::string_view value, clock::Time now) {
  if (value.empty()) return std::nullopt;
  if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    if (value.size() > 9) return std::nullopt;
    return std::chrono::seconds(std::stol(std::string(value)));
  }
  const std::time_t date = curl_getdate(std::string(value).c_str(), nullptr);
  if (date == -1) return std::nullopt;
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
      clock::Time(std::chrono::seconds(date)) - now);
  return std::max(wait, std::chrono::milliseconds(0));
}

std::string reason(const Result<Response>& outcome) {
  return outcome ? fmt::format("status {}", outcome->status) : outcome.error().message();
}

}  // namespace

bool is_transient(const Result<Response>& outcome) {
  if (!outcome) return outcome.error().kind() == ErrorKind::network;
  return std::ranges::find(kTransientStatuses, outcome->status) != kTransientStatuses.end();
}

std::chrono::milliseconds delay_before(int attempt, const Result<Response>& outcome,
                                       const RetryPolicy& policy, clock::Time now, double random) {
  if (outcome)
    if (const auto wait = retry_after(header(outcome->headers, "retry-after"), now)) return *wait;
  const double ceiling =
      std::min(static_cast<double>(policy.longest_delay.count()),
               static_cast<double>(policy.first_delay.count()) * std::pow(2.0, attempt - 1));
  return std::chrono::milliseconds(static_cast<std::int64_t>(ceiling * random));
}

Result<Response> with_retries(const std::function<Result<Response>()>& exchange,
                              const RetryPolicy& policy, clock::Clock& clock,
                              progress::Reporter& reporter, const std::string& what) {
  // Jitter only spreads load; it reaches nothing that is kept.
  std::minstd_rand generator(std::random_device{}());
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  for (int attempt = 1;; ++attempt) {
    auto outcome = exchange();
    if (!is_transient(outcome) || attempt >= policy.attempts) return outcome;
    const auto wait = delay_before(attempt, outcome, policy, clock.now(), uniform(generator));
    // A server that asks for much more patience than we have is an answer to the user, not a reason
    // to hang.
    if (wait > 10 * policy.longest_delay) return outcome;
    reporter.note(fmt::format("{}: {}; trying again in {:.1f} s (attempt {} of {})", what,
                              reason(outcome), static_cast<double>(wait.count()) / 1000.0,
                              attempt + 1, policy.attempts));
    clock.sleep(wait);
  }
}

}  // namespace cogbuild::http
