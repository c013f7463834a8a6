#include "download.hpp"

#include <cogbuild/http/retry.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace cogbuild::fetch {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// RFC 9110, section 14.4: `bytes first-last/complete`.
std::optional<std::uint64_t> first_byte(std::string_view content_range) {
  if (!content_range.starts_with("bytes ")) return std::nullopt;
  content_range.remove_prefix(6);
  return number(content_range.substr(0, content_range.find('-')));
}

// What If-Range may carry: a strong entity tag, else the date (RFC 9110, section 13.1.5).
std::string validator_of(const http::Headers& headers) {
  const auto tag = http::header(headers, "etag");
  if (!tag.empty() && !tag.starts_with("W/")) return std::string(tag);
  return std::string(http::header(headers, "last-modified"));
}

}  // namespace

// Where bytes go: the store's writer, and what must be known to go on after a break.
class Download::Receiver final : public io::ByteSink {
 public:
  Receiver(const Wanted& wanted, const Services& services, std::string place)
      : wanted_(wanted), services_(services), place_(std::move(place)) {}

  Result<void> restart() {
    writer_.reset();
    received_ = 0;
    validator_.clear();
    TRY_ASSIGN(writer_, services_.blobs.create());
    return {};
  }

  Result<void> take_head(const http::ResponseHead& head) {
    if (head.status == 206) {
      const auto first = first_byte(http::header(head.headers, "content-range"));
      if (received_ > 0 && first == received_) return {};
      return fail(
          Error(ErrorKind::integrity,
                fmt::format("{} answered with another range than the one asked for", place_)));
    }
    if (head.status != 200) return {};
    TRY(restart());
    validator_ = validator_of(head.headers);
    const auto length = number(http::header(head.headers, "content-length"));
    const bool encoded = !http::header(head.headers, "content-encoding").empty();
    if (wanted_.size_bytes && length && !encoded && *length != *wanted_.size_bytes)
      return fail(wrong_size(wanted_, place_, *length));
    services_.reporter.started(wanted_.label, wanted_.label,
                               wanted_.size_bytes.value_or(length.value_or(0)));
    return {};
  }

  Result<void> write(std::span<const std::byte> bytes) override {
    if (wanted_.size_bytes && received_ + bytes.size() > *wanted_.size_bytes)
      return fail(
          Error(ErrorKind::integrity, fmt::format("{} has more than the expected {} bytes at {}",
                                                  wanted_.label, *wanted_.size_bytes, place_)));
    TRY(writer_->write(bytes));
    received_ += bytes.size();
    services_.reporter.advanced(wanted_.label, received_);
    return {};
  }

  Result<digest::Digest> commit() {
    if (!writer_) TRY(restart());
    if (wanted_.size_bytes && received_ != *wanted_.size_bytes)
      return fail(wrong_size(wanted_, place_, received_));
    auto digest = writer_->commit(wanted_.digest);
    writer_.reset();
    if (!digest) return fail(wrong_digest(wanted_, place_, std::move(digest).error()));
    return *digest;
  }

  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] const std::string& validator() const { return validator_; }
  // Without a validator only a known digest shows that both halves belong together.
  [[nodiscard]] bool can_go_on() const {
    return received_ > 0 && (!validator_.empty() || wanted_.digest.has_value());
  }

 private:
  const Wanted& wanted_;
  const Services& services_;
  std::string place_;
  std::unique_ptr<store::BlobWriter> writer_{};
  std::uint64_t received_ = 0;
  std::string validator_{};
};

Result<http::Response> Download::attempt(Receiver& receiver) {
  http::Request request{.url = url_, .headers = {{"Accept-Encoding", "identity"}}};
  if (receiver.can_go_on()) {
    request.headers.emplace_back("Range", fmt::format("bytes={}-", receiver.received()));
    if (!receiver.validator().empty())
      request.headers.emplace_back("If-Range", receiver.validator());
  }
  const bool ranged = receiver.can_go_on();
  request.sink = &receiver;
  request.allow_insecure_tls = wanted_.allow_insecure_tls;
  request.on_head = [&receiver](const http::ResponseHead& head) {
    return receiver.take_head(head);
  };
  auto response = services_.http.send(std::move(request));
  constexpr int kRangeNotSatisfiable = 416;
  if (ranged && response && response->status == kRangeNotSatisfiable) {
    TRY(receiver.restart());
    return attempt(receiver);
  }
  return response;
}

// A line that breaks every few hundred megabytes still gets there: attempts are counted anew as
// long as each round gets further than all before it.
Result<http::Response> Download::attempts_while_bytes_come(Receiver& receiver) {
  std::uint64_t furthest = 0;
  for (;;) {
    auto outcome = http::with_retries([&] { return attempt(receiver); }, {}, services_.clock,
                                      services_.reporter, wanted_.label);
    if (outcome || outcome.error().kind() != ErrorKind::network || receiver.received() <= furthest)
      return outcome;
    furthest = receiver.received();
  }
}

Error Download::refusal(const http::Response& response) const {
  const std::string place = url::to_display(response.url);
  switch (response.status) {
    case 401:
    case 403:
    case 407:
      return Error(ErrorKind::auth, fmt::format("{} refused to give {} (status {})", place,
                                                wanted_.label, response.status))
          .hint("put the credentials into the index URL or into ~/.netrc");
    case 404:
    case 410:
      return {ErrorKind::not_found,
              fmt::format("{} is not at {} (status {})", wanted_.label, place, response.status)};
    default:
      return {ErrorKind::network, fmt::format("cannot fetch {} from {}: status {}", wanted_.label,
                                              place, response.status)};
  }
}

Result<Fetched> Download::run() {
  Receiver receiver(wanted_, services_, url::to_display(url_));
  TRY_ASSIGN(const auto response, attempts_while_bytes_come(receiver));
  if (response.status != 200 && response.status != 206) return fail(refusal(response));
  TRY_ASSIGN(const auto digest, receiver.commit());
  services_.reporter.finished(wanted_.label, fmt::format("{} bytes", receiver.received()));
  return Fetched{.digest = digest, .size_bytes = receiver.received()};
}

Error wrong_size(const Wanted& wanted, const std::string& place, std::uint64_t actual) {
  return {ErrorKind::integrity, fmt::format("{} has {} bytes at {}, expected {}", wanted.label,
                                            actual, place, wanted.size_bytes.value_or(0))};
}

Error wrong_digest(const Wanted& wanted, const std::string& place, Error error) {
  if (error.kind() != ErrorKind::integrity) return error;
  return Error(ErrorKind::integrity, fmt::format("{} from {} is not what was pinned: {}",
                                                 wanted.label, place, error.message()))
      .hint("if the new content is right, run cogbuild lock");
}

}  // namespace cogbuild::fetch
