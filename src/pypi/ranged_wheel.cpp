#include "ranged_wheel.hpp"

#include <cogbuild/archive/ranged_member.hpp>
#include <cogbuild/pypi/wheel_metadata.hpp>
#include <cogbuild/python/metadata.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace cogbuild::pypi {

namespace {

constexpr int kPartialContent = 206;
constexpr int kNotImplemented = 501;

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
};

// RFC 9110, section 14.4: `bytes FIRST-LAST/TOTAL`. Nothing when it is anything else, so also when
// the total is unknown.
std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (!text.starts_with(kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  ContentRange range;
  const auto take = [&text](std::uint64_t& value, std::string_view end) {
    const auto [at, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    if (!text.starts_with(end)) return false;
    text.remove_prefix(end.size());
    return true;
  };
  if (!take(range.first, "-") || !take(range.last, "/") || !take(range.total, "") || !text.empty())
    return std::nullopt;
  if (range.first > range.last || range.last >= range.total) return std::nullopt;
  return range;
}

// What a 206 must be to be believed.
Result<ContentRange> check_range(const http::Response& response) {
  // That one file is refused says nothing of the server's ranges.
  if (response.status >= 400 && response.status != kNotImplemented)
    return fail(Error(ErrorKind::not_found,
                      fmt::format("the server answers {} to a range", response.status)));
  if (response.status != kPartialContent)
    return fail(no_ranges(fmt::format("it answers {}", response.status)));
  const auto range = parse_content_range(http::header(response.headers, "Content-Range"));
  if (!range) return fail(no_ranges("its Content-Range is unusable"));
  const auto encoding = http::header(response.headers, "Content-Encoding");
  if (!encoding.empty() && encoding != "identity") return fail(no_ranges("it packs its answer"));
  if (response.body.size() != range->last - range->first + 1)
    return fail(no_ranges("it sends another length than it says"));
  return *range;
}

}  // namespace

Error no_ranges(const std::string& why) {
  return {ErrorKind::unsupported, fmt::format("the server does not send ranges: {}", why)};
}

http::Request range_request(http::Request request, std::optional<std::uint64_t> first,
                            std::uint64_t last_or_count) {
  const std::uint64_t count = first ? last_or_count - *first + 1 : last_or_count;
  request.headers.emplace_back("Range", first ? fmt::format("bytes={}-{}", *first, last_or_count)
                                              : fmt::format("bytes=-{}", last_or_count));
  request.headers.emplace_back("Accept-Encoding", "identity");
  request.limit_bytes = count;
  request.on_head = [](const http::ResponseHead& head) -> Result<void> {
    constexpr int kWholeFile = 200;
    if (head.status == kWholeFile) return fail(no_ranges("it answers 200"));
    return {};
  };
  return request;
}

Result<RangedWheel> RangedWheel::open(http::Request request, http::Response first, Send send) {
  TRY_ASSIGN(const auto range, check_range(first));
  const std::uint64_t tail_bytes = std::min(range.total, archive::kEndTailBytes);
  if (range.last + 1 != range.total || first.body.size() != tail_bytes)
    return fail(no_ranges("it sends another range than was asked for"));
  RangedWheel wheel(std::move(request), std::move(send));
  wheel.size_bytes_ = range.total;
  wheel.etag_ = http::header(first.headers, "ETag");
  wheel.tail_ = std::move(first.body);
  return wheel;
}

Result<std::string> RangedWheel::ask(std::uint64_t offset, std::uint64_t count) {
  TRY_ASSIGN(auto response, send_(range_request(request_, offset, offset + count - 1)));
  TRY_ASSIGN(const auto range, check_range(response));
  if (range.first != offset || response.body.size() != count)
    return fail(no_ranges("it sends another range than was asked for"));
  if (range.total != size_bytes_ || http::header(response.headers, "ETag") != etag_)
    return fail(Error(ErrorKind::integrity, "the file changes between ranges"));
  return std::move(response.body);
}

Result<std::string> RangedWheel::bytes(std::uint64_t offset, std::uint64_t count) {
  const std::uint64_t tail_offset = size_bytes_ - tail_.size();
  const std::uint64_t end = offset + count;
  if (count == 0) return std::string();
  std::string bytes;
  if (offset < tail_offset) {
    TRY_ASSIGN(bytes, ask(offset, std::min(end, tail_offset) - offset));
  }
  if (end > tail_offset) {
    const std::uint64_t start = std::max(offset, tail_offset);
    bytes += tail_.substr(static_cast<std::size_t>(start - tail_offset),
                          static_cast<std::size_t>(end - start));
  }
  return bytes;
}

Result<std::string> RangedWheel::metadata(const std::string& file_name) {
  return archive::read_ranged_member(
      {.name = file_name,
       .size_bytes = size_bytes_,
       .read = [this](std::uint64_t offset, std::uint64_t count) { return bytes(offset, count); }},
      is_wheel_metadata, python::kMaxMetadataBytes);
}

}  // namespace cogbuild::pypi
