#include "blob_source.hpp"

#include <cogbuild/http/retry.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <deque>
#include <optional>
#include <span>

namespace cogbuild::registry {

namespace {

constexpr std::uint64_t kRangeBytes = std::uint64_t{4} * 1024 * 1024;
constexpr std::size_t kRangesAhead = 2;

// Total of `Content-Range: bytes a-b/total` when it starts at `begin`.
std::optional<std::uint64_t> total_of_range(const http::Headers& headers, std::uint64_t begin) {
  std::string_view range = http::header(headers, "content-range");
  const std::string expected = fmt::format("bytes {}-", begin);
  const auto slash = range.find('/');
  if (!range.starts_with(expected) || slash == std::string_view::npos) return std::nullopt;
  range.remove_prefix(slash + 1);
  std::uint64_t total = 0;
  const auto [end, error] = std::from_chars(range.data(), range.data() + range.size(), total);
  if (error != std::errc() || end != range.data() + range.size()) return std::nullopt;
  return total;
}

// A spooled blob: the folder goes with the last reader.
class SpooledSource final : public io::ByteSource {
 public:
  SpooledSource(io::TempDir folder, std::unique_ptr<io::FileSource> file)
      : folder_(std::move(folder)), file_(std::move(file)) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override { return file_->read(buffer); }

 private:
  io::TempDir folder_;
  std::unique_ptr<io::FileSource> file_;
};

class BlobSource final : public io::ByteSource {
 public:
  BlobSource(Transport& transport, const image::Reference& repository, const digest::Digest& digest,
             std::uint64_t size_bytes, std::uint64_t offset)
      : transport_(transport),
        access_{.registry = repository.registry, .repository = repository.repository},
        registry_url_(transport.url_of(
            repository.registry,
            fmt::format("/v2/{}/blobs/{}", repository.repository, to_string(digest)))),
        digest_(digest),
        size_bytes_(size_bytes),
        next_(offset),
        backoff_(transport.patience(fmt::format("fetching {}", to_string(digest)))) {}

  // The first range, which shows whether the blob is there and where.
  Result<void> open() { return next_ < size_bytes_ ? refill() : Result<void>(); }

  Result<std::size_t> read(std::span<std::byte> buffer) override {
    if (position_ == current_.size()) {
      if (spooled_) return spooled_->read(buffer);
      if (ahead_.empty() && next_ == size_bytes_) return std::size_t{0};
      TRY(refill());
      if (spooled_) return spooled_->read(buffer);
    }
    const std::size_t count = std::min(buffer.size(), current_.size() - position_);
    std::memcpy(buffer.data(), current_.data() + position_, count);
    position_ += count;
    return count;
  }

 private:
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t size_bytes = 0;
    std::future<Result<http::Response>> answer{};
  };

  [[nodiscard]] bool is_whole(const Range& range) const { return range.size_bytes == size_bytes_; }

  Call call_for(const Range& range, const url::Url& from) const {
    Call call{.url = from,
              .access = access_,
              .headers = {{"Accept-Encoding", "identity"}},
              .limit_bytes = range.size_bytes};
    if (is_whole(range)) return call;
    call.headers.emplace_back(
        "Range", fmt::format("bytes={}-{}", range.begin, range.begin + range.size_bytes - 1));
    // Without ranges the whole blob would come: stop it at its head.
    call.on_head = [ignored = ranges_ignored_](const http::ResponseHead& head) -> Result<void> {
      if (head.status != 200) return {};
      *ignored = true;
      return fail(Error(ErrorKind::unsupported, "the server knows no ranges"));
    };
    return call;
  }

  Range take_next() {
    Range range{.begin = next_, .size_bytes = std::min(kRangeBytes, size_bytes_ - next_)};
    next_ += range.size_bytes;
    return range;
  }

  // Makes the next range current and keeps others coming.
  Result<void> refill() {
    Range range;
    if (ahead_.empty()) {
      range = take_next();
    } else {
      range = std::move(ahead_.front());
      ahead_.pop_front();
    }
    std::optional<http::Response> response;
    if (range.answer.valid()) {
      auto outcome = range.answer.get();
      if (outcome && fits(range, *outcome)) response = *std::move(outcome);
    }
    // Not begun yet, broken, or an address that has expired: once more, from the registry itself.
    if (!response) {
      auto outcome = transport_.send(call_for(range, registry_url_), backoff_);
      if (*ranges_ignored_) return spool(range.begin);
      if (!outcome) return fail(std::move(outcome).error().during(backoff_.what()));
      TRY(check(range, *outcome));
      direct_url_ = outcome->url;
      response = *std::move(outcome);
    }
    backoff_.progressed();
    current_ = std::move(response->body);
    position_ = 0;
    return prefetch();
  }

  Result<void> prefetch() {
    while (ahead_.size() < kRangesAhead && next_ < size_bytes_) {
      Range range = take_next();
      TRY_ASSIGN(range.answer, transport_.start(call_for(range, direct_url_)));
      ahead_.push_back(std::move(range));
    }
    return {};
  }

  [[nodiscard]] bool fits(const Range& range, const http::Response& response) const {
    if (response.body.size() != range.size_bytes) return false;
    if (is_whole(range) && response.status == 200) return true;
    return response.status == 206 && total_of_range(response.headers, range.begin) == size_bytes_;
  }

  Result<void> check(const Range& range, const http::Response& response) {
    const Call call = call_for(range, registry_url_);
    if (response.status != 200 && response.status != 206 && response.status != 416)
      return fail(transport_.refusal(call, response, backoff_.what()));
    if (fits(range, response)) return {};
    const auto total = response.status == 200 ? std::optional<std::uint64_t>(response.body.size())
                                              : total_of_range(response.headers, range.begin);
    if (total && *total != size_bytes_) return fail(other_size(*total));
    return fail(Error(ErrorKind::network,
                      fmt::format("{}: {} answered {} with another range than asked for",
                                  backoff_.what(), access_.registry, response.status)));
  }

  [[nodiscard]] Error other_size(std::uint64_t bytes) const {
    return {ErrorKind::integrity,
            fmt::format("blob {} from {} has {} bytes, expected {}", to_string(digest_),
                        access_.registry, bytes, size_bytes_)};
  }

  Result<void> spool(std::uint64_t begin) {
    ahead_.clear();
    next_ = size_bytes_;
    TRY_ASSIGN(auto folder, io::TempDir::create());
    const auto path = folder.path() / "blob";
    for (;;) {
      TRY_ASSIGN(auto file, io::AtomicFile::create(path));
      Call call{.url = registry_url_,
                .access = access_,
                .headers = {{"Accept-Encoding", "identity"}},
                .sink = file.get()};
      auto outcome = transport_.send_once(call);
      if (http::is_transient(outcome)) {
        if (backoff_.wait(outcome)) continue;
      }
      if (!outcome) return fail(std::move(outcome).error().during(backoff_.what()));
      if (outcome->status != 200) return fail(transport_.refusal(call, *outcome, backoff_.what()));
      if (outcome->received_bytes != size_bytes_) return fail(other_size(outcome->received_bytes));
      TRY(file->commit());
      break;
    }
    TRY_ASSIGN(auto source, io::FileSource::open(path, begin, size_bytes_ - begin));
    spooled_ = std::make_unique<SpooledSource>(std::move(folder), std::move(source));
    return {};
  }

  Transport& transport_;
  Access access_;
  url::Url registry_url_;
  url::Url direct_url_{};  // where the registry redirected to
  digest::Digest digest_;
  std::uint64_t size_bytes_;
  std::uint64_t next_;  // where the next range begins
  std::deque<Range> ahead_{};
  std::string current_{};
  std::size_t position_ = 0;
  std::unique_ptr<io::ByteSource> spooled_{};
  // Set on the http client's thread, by requests that may outlive the source.
  std::shared_ptr<std::atomic<bool>> ranges_ignored_ = std::make_shared<std::atomic<bool>>(false);
  Backoff backoff_;
};

}  // namespace

Result<std::unique_ptr<io::ByteSource>> open_blob(Transport& transport,
                                                  const image::Reference& repository,
                                                  const digest::Digest& digest,
                                                  std::uint64_t size_bytes, std::uint64_t offset) {
  if (offset > size_bytes)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} has no byte at {}", to_string(digest), offset)));
  auto source = std::make_unique<BlobSource>(transport, repository, digest, size_bytes, offset);
  TRY(source->open());
  return source;
}

}  // namespace cogbuild::registry
