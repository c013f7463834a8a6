#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/progress/reporter.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace cogbuild::http {

struct RetryPolicy {
  int attempts = 6;
  std::chrono::milliseconds first_delay{500};
  std::chrono::milliseconds longest_delay{30'000};
};

// Whether trying again may help: network errors; 408 425 429 499 500 502 503 504 520-524.
bool is_transient(const Result<Response>& outcome);

// How long to wait before attempt `attempt` (counted from 1): Retry-After (seconds or HTTP date)
// when the response has one, else full jitter over first_delay * 2^(attempt-1). `random` is in [0,
// 1).
std::chrono::milliseconds delay_before(int attempt, const Result<Response>& outcome,
                                       const RetryPolicy& policy, clock::Time now, double random);

// Runs `exchange` until its outcome is not transient or the attempts are used up; says each wait in
// one line. The last outcome is returned as it is; so is one whose Retry-After asks for more than
// ten times `longest_delay`.
Result<Response> with_retries(const std::function<Result<Response>()>& exchange,
                              const RetryPolicy& policy, clock::Clock& clock,
                              progress::Reporter& reporter, const std::string& what);

}  // namespace cogbuild::http
