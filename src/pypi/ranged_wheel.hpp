#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/progress/reporter.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cogbuild::pypi {

// A server that does not answer ranges as HTTP says: ErrorKind::unsupported. Whoever sees it
// fetches the file whole.
Error no_ranges(const std::string& why);

// The bytes [first, last] of a file, or its last bytes when `first` is nothing. A server that sends
// the whole file is cut off before its first byte: no_ranges. The body is asked for as it is.
http::Request range_request(http::Request request, std::optional<std::uint64_t> first,
                            std::uint64_t last_or_count);

// One wheel read by ranges, all of which must be of the same file: same size, same ETag.
class RangedWheel {
 public:
  // Asks for a range; carries retries.
  using Send = std::function<Result<http::Response>(const http::Request&)>;

  // `first` answers `range_request(request, {}, archive::kEndTailBytes)`. Errors: no_ranges;
  // not_found.
  static Result<RangedWheel> open(http::Request request, http::Response first, Send send);

  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
  // METADATA of the wheel. Errors: no_ranges; integrity (damaged, or changed on the way);
  // not_found (a range is refused); unsupported; network.
  Result<std::string> metadata(const std::string& file_name);

 private:
  RangedWheel(http::Request request, Send send)
      : request_(std::move(request)), send_(std::move(send)) {}
  Result<std::string> bytes(std::uint64_t offset, std::uint64_t count);
  Result<std::string> ask(std::uint64_t offset, std::uint64_t count);

  http::Request request_;
  Send send_;
  std::uint64_t size_bytes_ = 0;
  std::string etag_{};
  std::string tail_{};
};

}  // namespace cogbuild::pypi
