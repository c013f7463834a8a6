#include <cogbuild/http/retry.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::http;
using std::chrono::milliseconds;

namespace {

Response status(int value, Headers headers = {}) {
  return {.status = value, .headers = std::move(headers)};
}

}  // namespace

TEST_CASE("is_transient: network errors and the statuses of tired servers") {
  for (const int value : {408, 425, 429, 499, 500, 502, 503, 504, 520, 524}) {
    CAPTURE(value);
    CHECK(is_transient(status(value)));
  }
  for (const int value : {200, 206, 301, 400, 401, 403, 404, 416, 501}) {
    CAPTURE(value);
    CHECK_FALSE(is_transient(status(value)));
  }
  CHECK(is_transient(fail(Error(ErrorKind::network, "x"))));
  CHECK_FALSE(is_transient(fail(Error(ErrorKind::integrity, "x"))));
}

TEST_CASE("delay_before: full jitter below a doubling ceiling") {
  const RetryPolicy policy;
  const clock::Time now{};
  CHECK(delay_before(1, status(503), policy, now, 0.5) == milliseconds(250));
  CHECK(delay_before(2, status(503), policy, now, 0.5) == milliseconds(500));
  CHECK(delay_before(4, status(503), policy, now, 0.0) == milliseconds(0));
  CHECK(delay_before(60, status(503), policy, now, 0.5) == milliseconds(15'000));
}

TEST_CASE("delay_before: Retry-After in seconds or as a date goes first") {
  const RetryPolicy policy;
  const clock::Time now{std::chrono::seconds(784'111'770)};
  const auto wait = [&](const std::string& value) {
    return delay_before(1, status(429, {{"retry-after", value}}), policy, now, 0.5);
  };
  CHECK(wait("7") == milliseconds(7000));
  CHECK(wait("Sun, 06 Nov 1994 08:49:37 GMT") == milliseconds(7000));
  CHECK(wait("Sun, 06 Nov 1994 08:49:00 GMT") == milliseconds(0));
  CHECK(wait("soon") == milliseconds(250));
  CHECK(wait("99999999999999999999") == milliseconds(250));
}

TEST_CASE("with_retries: tries until it works, saying each wait") {
  clock::ManualClock clock;
  progress::Recording reporter;
  int calls = 0;
  const auto outcome = with_retries(
      [&]() -> Result<Response> {
        ++calls;
        if (calls == 1) return fail(Error(ErrorKind::network, "it broke"));
        return status(calls < 3 ? 503 : 200, {{"Retry-After", "2"}});
      },
      {}, clock, reporter, "page");
  REQUIRE(outcome.has_value());
  CHECK(outcome->status == 200);
  CHECK(calls == 3);
  CHECK(clock.slept() >= milliseconds(2000));
  CHECK(clock.slept() < milliseconds(2500));
  REQUIRE(reporter.notes().size() == 2);
  CHECK(reporter.notes()[1] == "page: status 503; trying again in 2.0 s (attempt 3 of 6)");
}

TEST_CASE("with_retries: the last outcome comes back as it is") {
  clock::ManualClock clock;
  progress::Silent reporter;
  int calls = 0;
  const auto outcome = with_retries(
      [&]() -> Result<Response> {
        ++calls;
        return status(500);
      },
      {.attempts = 3}, clock, reporter, "page");
  CHECK(calls == 3);
  CHECK(outcome->status == 500);
}

TEST_CASE("with_retries: an answer that is final, or asks for an hour, is returned at once") {
  for (const auto& answer : {status(404), status(503, {{"Retry-After", "3600"}})}) {
    clock::ManualClock clock;
    progress::Silent reporter;
    int calls = 0;
    CHECK(with_retries(
              [&]() -> Result<Response> {
                ++calls;
                return answer;
              },
              {}, clock, reporter, "p")
              ->status == answer.status);
    CHECK(calls == 1);
    CHECK(clock.slept() == milliseconds(0));
  }
}

TEST_CASE("header: names compare without case, the first value counts") {
  const Headers headers = {{"ETag", "a"}, {"Link", "1"}, {"link", "2"}};
  CHECK(header(headers, "etag") == "a");
  CHECK(header(headers, "none").empty());
  CHECK(header_values(headers, "LINK") == std::vector<std::string>{"1", "2"});
}
