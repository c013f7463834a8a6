#include "upload.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/retry.hpp>
#include <cogbuild/registry/server_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cogbuild::registry {

namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kWholePutBytes = 64 * kKiB;  // below, one PUT saves a request
constexpr std::uint64_t kDefaultChunkBytes = 96 * kMiB;
constexpr int kMostRestarts = 3;
constexpr int kMostStandstills = 3;
// Tried one after the other when a body was too large for the way to the registry.
constexpr std::array kSmallerBodies{96 * kMiB, 32 * kMiB, 8 * kMiB, 2 * kMiB, 512 * kKiB};
// The same for a registry that refuses a range; 4 MiB is ghcr.io's limit.
constexpr std::array kSmallerRanges{4 * kMiB, 1 * kMiB, 256 * kKiB};

// Remembers what the blob's own source said, to tell it from what the network did.
class WatchedSource final : public io::ByteSource {
 public:
  WatchedSource(std::unique_ptr<io::ByteSource> inner, std::shared_ptr<std::optional<Error>> said)
      : inner_(std::move(inner)), said_(std::move(said)) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override {
    auto count = inner_->read(buffer);
    if (!count) *said_ = count.error();
    return count;
  }

 private:
  std::unique_ptr<io::ByteSource> inner_;
  std::shared_ptr<std::optional<Error>> said_;
};

url::Url with_digest(url::Url location, const digest::Digest& digest) {
  location.query +=
      (location.query.empty() ? "digest=" : "&digest=") + url::percent_encode(to_string(digest));
  return location;
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_success(int status) { return status >= 200 && status < 300; }

}  // namespace

std::string uploads_path(const image::Reference& repository) {
  return fmt::format("/v2/{}/blobs/uploads/", repository.repository);
}

Access push_access(const image::Reference& repository) {
  return {.registry = repository.registry, .repository = repository.repository, .push = true};
}

Result<url::Url> location_of(const http::Response& response, const url::Url& registry) {
  const std::string_view location = http::header(response.headers, "location");
  if (location.empty())
    return fail(Error(ErrorKind::network, fmt::format("{} began an upload but did not say where",
                                                      registry.authority())));
  auto target = url::resolve(response.url, location);
  if (!target)
    return fail(Error(ErrorKind::integrity, fmt::format("{} sends an upload to something unusable",
                                                        registry.authority())));
  if (!target->same_origin(registry))
    TRY(check_named_url(*target, registry, "the place of an upload"));
  return target;
}

std::optional<std::uint64_t> acknowledged_bytes(const http::Response& response) {
  std::string_view range = http::header(response.headers, "range");
  if (range.starts_with("bytes=")) range.remove_prefix(6);
  if (!range.starts_with("0-")) return std::nullopt;
  range.remove_prefix(2);
  std::uint64_t last = 0;
  const auto [end, error] = std::from_chars(range.data(), range.data() + range.size(), last);
  if (error != std::errc() || end != range.data() + range.size() || last == UINT64_MAX)
    return std::nullopt;
  return last + 1;
}

Upload::Upload(Transport& transport, const image::Reference& repository, const BlobToPush& blob)
    : transport_(transport),
      repository_(repository),
      blob_(blob),
      profile_(profile_for(repository.registry)),
      mode_(profile_.modes.front()),
      untried_(profile_.modes.begin() + 1, profile_.modes.end()),
      backoff_(transport.patience(fmt::format("uploading `{}`", blob.label))) {
  const std::uint64_t limit =
      transport.options().chunk_bytes > 0 ? transport.options().chunk_bytes : profile_.chunk_bytes;
  if (blob.size_bytes < kWholePutBytes && limit == 0) {
    mode_ = UploadMode::whole_put;
    untried_ = profile_.modes;
    std::erase(untried_, UploadMode::whole_put);
  } else if (limit > 0 && blob.size_bytes > limit) {
    mode_ = UploadMode::chunks;
    untried_ = profile_.modes;
    std::erase(untried_, UploadMode::chunks);
    chunk_bytes_ = limit;
  }
}

Upload::~Upload() = default;

Result<void> Upload::run() {
  transport_.reporter().started(to_string(blob_.digest), blob_.label, blob_.size_bytes);
  while (!closed_) {
    auto done = step();
    if (done) continue;
    // A registry that cannot be reached cannot be told either; the session will expire there.
    if (done.error().kind() != ErrorKind::network) cancel();
    transport_.reporter().finished(to_string(blob_.digest), "failed");
    return done;
  }
  transport_.reporter().finished(to_string(blob_.digest), "uploaded");
  return {};
}

Result<void> Upload::step() {
  if (!location_) return begin_session();
  return send(next_piece());
}

Call Upload::call_for(http::Method method, const url::Url& url) const {
  return {.method = method, .url = url, .access = push_access(repository_)};
}

Result<void> Upload::begin_session() {
  const auto registry = transport_.url_of(repository_.registry, uploads_path(repository_));
  Call call = call_for(http::Method::post, registry);
  call.body_size_bytes = 0;
  TRY_ASSIGN(const auto response, transport_.send(call, backoff_));
  if (response.status != 202) return fail(transport_.refusal(call, response, backoff_.what()));
  offset_ = 0;
  sent_end_ = 0;
  standstills_ = 0;
  server_max_chunk_ = number_in(http::header(response.headers, "oci-chunk-max-length"));
  server_min_chunk_ = number_in(http::header(response.headers, "oci-chunk-min-length"));
  if (server_max_chunk_ > 0 && blob_.size_bytes > server_max_chunk_ && profile_.takes_ranges &&
      mode_ != UploadMode::chunks) {
    std::erase(untried_, UploadMode::chunks);
    untried_.insert(untried_.begin(), mode_);
    mode_ = UploadMode::chunks;
  }
  return follow(response);
}

Result<void> Upload::follow(const http::Response& response) {
  TRY_ASSIGN(location_, location_of(response, transport_.url_of(repository_.registry, "/v2/")));
  return {};
}

std::uint64_t Upload::preferred_chunk_bytes() const {
  std::uint64_t bytes = chunk_bytes_;
  if (bytes == 0 && server_max_chunk_ > 0)
    // What a front end counts may be a little more than the body.
    bytes = server_max_chunk_ > 128 * kKiB ? server_max_chunk_ - 64 * kKiB : server_max_chunk_;
  if (bytes == 0) bytes = kDefaultChunkBytes;
  if (profile_.largest_chunk_bytes > 0) bytes = std::min(bytes, profile_.largest_chunk_bytes);
  return std::max(bytes, server_min_chunk_);
}

Upload::Piece Upload::next_piece() const {
  Piece piece{.begin = offset_, .size_bytes = blob_.size_bytes - offset_};
  switch (mode_) {
    case UploadMode::whole_put:
      piece.closes = true;
      break;
    case UploadMode::whole_patch:
      piece.ranged = offset_ > 0;
      if (profile_.largest_chunk_bytes > 0 && piece.ranged)
        piece.size_bytes = std::min(piece.size_bytes, profile_.largest_chunk_bytes);
      piece.closes = piece.size_bytes == 0;
      break;
    case UploadMode::chunks:
      piece.size_bytes = std::min(piece.size_bytes, preferred_chunk_bytes());
      piece.closes = piece.size_bytes == 0 ||
                     (profile_.last_chunk_in_put && offset_ + piece.size_bytes == blob_.size_bytes);
      piece.ranged = piece.size_bytes > 0;
      break;
  }
  return piece;
}

Call Upload::call_for(const Piece& piece) {
  Call call = call_for(piece.closes ? http::Method::put : http::Method::patch,
                       piece.closes ? with_digest(*location_, blob_.digest) : *location_);
  call.body_size_bytes = piece.size_bytes;
  if (piece.size_bytes > 0) {
    call.headers.emplace_back("Content-Type", "application/octet-stream");
    call.open_body = [this, begin = piece.begin]() -> Result<std::unique_ptr<io::ByteSource>> {
      auto source = blob_.open(begin);
      if (!source) {
        *source_error_ = source.error();
        return fail(std::move(source).error());
      }
      return std::make_unique<WatchedSource>(*std::move(source), source_error_);
    };
    call.on_sent = [this, begin = piece.begin](std::uint64_t sent) { report(begin + sent); };
  }
  // Without `bytes`, other than in RFC 9110.
  if (piece.ranged)
    call.headers.emplace_back(
        "Content-Range", fmt::format("{}-{}", piece.begin, piece.begin + piece.size_bytes - 1));
  return call;
}

void Upload::report(std::uint64_t done_bytes) {
  if (done_bytes <= reported_) return;  // a resumed upload never seems to lose what it has shown
  reported_ = done_bytes;
  transport_.reporter().advanced(to_string(blob_.digest), done_bytes);
}

Result<void> Upload::send(const Piece& piece) {
  // A session that only takes everything at once cannot go on in the middle.
  if (offset_ > 0 && piece.size_bytes > 0 &&
      (mode_ == UploadMode::whole_put || (piece.ranged && !profile_.takes_ranges)))
    return restart("it cannot be resumed here");
  const Call call = call_for(piece);
  const auto outcome = transport_.send_once(call);
  sent_end_ = std::max(sent_end_, piece.begin + piece.size_bytes);
  if (*source_error_) return fail(**source_error_);
  if (outcome && !http::is_transient(outcome)) return take_answer(piece, call, *outcome);

  if (!outcome && outcome.error().kind() != ErrorKind::network) return fail(outcome.error());
  if (!backoff_.wait(outcome))
    return fail(outcome ? transport_.refusal(call, *outcome, backoff_.what())
                        : Error(outcome.error()).during(backoff_.what()));
  if (piece.closes) {
    // Only the answer may have been lost.
    TRY_ASSIGN(const bool there, is_there());
    if (there) {
      closed_ = true;
      return {};
    }
  }
  return recover();
}

Result<void> Upload::take_answer(const Piece& piece, const Call& call,
                                 const http::Response& response) {
  if (!is_success(response.status)) return take_refusal(piece, call, response);
  backoff_.progressed();
  standstills_ = 0;
  if (!piece.closes) return take_acknowledgement(piece, response);
  closed_ = true;
  report(blob_.size_bytes);
  return {};
}

Result<void> Upload::take_acknowledgement(const Piece& piece, const http::Response& response) {
  if (!http::header(response.headers, "location").empty()) TRY(follow(response));
  const std::uint64_t end = piece.begin + piece.size_bytes;
  const auto acknowledged = acknowledged_bytes(response);
  // `0-0` is said for nothing as well as for one byte; taken as no statement. So is what cannot be.
  const bool is_short = profile_.tells_ranges && acknowledged && *acknowledged > 1 &&
                        *acknowledged > offset_ && *acknowledged < end;
  offset_ = is_short ? *acknowledged : end;
  return {};
}

Result<void> Upload::take_refusal(const Piece& piece, const Call& call,
                                  const http::Response& response) {
  const ServerError error = parse_server_error(response.status, response.body);
  if (error.has("DIGEST_INVALID") || error.has("SIZE_INVALID")) return check_source(call, response);
  switch (response.status) {
    case 401:
    case 403:
      return fail(transport_.refusal(call, response, backoff_.what()));
    case 404:
    case 410: {
      if (piece.closes) {
        TRY_ASSIGN(const bool there, is_there());
        if (there) {
          closed_ = true;
          return {};
        }
      }
      return restart("the registry has forgotten the upload");
    }
    case 413:
      refused_body_bytes_ = piece.size_bytes;
      refused_body_answer_ = to_string(error);
      return use_smaller_chunks(piece, call, response);
    case 416: {
      const std::uint64_t before = offset_;
      TRY(recover());
      if (offset_ != before) return {};  // we stood elsewhere than the registry
      return use_smaller_chunks(piece, call, response);
    }
    case 400:
    case 405:
    case 409:
    case 501:
      return use_next_mode(call, response);
    default:
      return fail(transport_.refusal(call, response, backoff_.what()));
  }
}

Result<void> Upload::recover() {
  const Call call = call_for(http::Method::get, *location_);
  const auto outcome = transport_.send(call, backoff_);
  if (!outcome) return fail(Error(outcome.error()).during(backoff_.what()));
  if (outcome->status == 401 || outcome->status == 403)
    return fail(transport_.refusal(call, *outcome, backoff_.what()));
  if (!is_success(outcome->status)) return restart("the registry has forgotten the upload");
  const auto acknowledged = acknowledged_bytes(*outcome);
  if (!acknowledged || !profile_.tells_ranges)
    return restart("the registry does not say what it has");
  if (!http::header(outcome->headers, "location").empty()) TRY(follow(*outcome));
  // Before anything was acknowledged, `0-0` means nothing.
  const std::uint64_t end = *acknowledged == 1 && offset_ == 0 ? 0 : *acknowledged;
  if (end < offset_ || end > sent_end_) return restart("the registry says it has something else");
  if (end > offset_) {
    backoff_.progressed();
    standstills_ = 0;
  } else if (++standstills_ >= kMostStandstills) {
    return restart("it does not move on");
  }
  offset_ = end;
  return {};
}

Result<void> Upload::restart(const std::string& why) {
  location_.reset();
  offset_ = 0;
  if (++restarts_ > kMostRestarts)
    return fail(Error(ErrorKind::network,
                      fmt::format("{}: {}, after {} starts", backoff_.what(), why, restarts_)));
  transport_.reporter().note(fmt::format("{}: {}; starting it again", backoff_.what(), why));
  return {};
}

Result<void> Upload::use_next_mode(const Call& call, const http::Response& response) {
  if (mode_ == UploadMode::chunks && refused_body_bytes_ > 0) return fail(too_large());
  if (untried_.empty()) return fail(transport_.refusal(call, response, backoff_.what()));
  transport_.reporter().explain(
      fmt::format("{}: {} answered {}; trying another way", backoff_.what(), repository_.registry,
                  to_string(parse_server_error(response.status, response.body))));
  cancel();
  mode_ = untried_.front();
  untried_.erase(untried_.begin());
  offset_ = 0;
  return {};
}

Result<void> Upload::use_smaller_chunks(const Piece& piece, const Call& call,
                                        const http::Response& response) {
  const bool by_size = response.status == 413;
  if (!profile_.takes_ranges)
    return by_size ? Result<void>(fail(too_large())) : use_next_mode(call, response);
  const auto next_below = [&](const auto& sizes) {
    const auto smaller =
        std::ranges::find_if(sizes, [&](std::uint64_t size) { return size < piece.size_bytes; });
    return smaller == sizes.end() ? std::uint64_t{0} : *smaller;
  };
  std::uint64_t bytes = by_size ? next_below(kSmallerBodies) : next_below(kSmallerRanges);
  if (by_size && mode_ != UploadMode::chunks && server_max_chunk_ > 0)
    bytes = std::min(bytes, server_max_chunk_);
  if (bytes == 0) return by_size ? Result<void>(fail(too_large())) : use_next_mode(call, response);

  if (mode_ != UploadMode::chunks) {
    std::erase(untried_, UploadMode::chunks);
    if (!by_size) untried_.insert(untried_.begin(), mode_);
    mode_ = UploadMode::chunks;
  }
  chunk_bytes_ = bytes;
  transport_.reporter().explain(fmt::format("{}: {} refused {} bytes at once; going on with {}",
                                            backoff_.what(), repository_.registry, piece.size_bytes,
                                            bytes));
  // Refused from its head alone, a body leaves the session as it was; else ask.
  return by_size ? recover() : Result<void>();
}

Result<void> Upload::check_source(const Call& call, const http::Response& response) {
  TRY_ASSIGN(auto source, blob_.open(0));
  digest::Hasher hasher;
  TRY(io::copy(*source, hasher));
  if (hasher.size_bytes() != blob_.size_bytes || hasher.finish() != blob_.digest)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("`{}` changed while it was being pushed", blob_.label)));
  location_.reset();
  offset_ = 0;
  if (++mismatches_ > 1) return fail(transport_.refusal(call, response, backoff_.what()));
  transport_.reporter().note(fmt::format(
      "{}: the registry got other bytes than were sent; starting it again", backoff_.what()));
  return {};
}

Result<bool> Upload::is_there() {
  const Call call = call_for(
      http::Method::head,
      transport_.url_of(repository_.registry, fmt::format("/v2/{}/blobs/{}", repository_.repository,
                                                          to_string(blob_.digest))));
  TRY_ASSIGN(const auto response, transport_.send(call, backoff_));
  return response.status == 200;
}

// Best effort: what is left over expires.
void Upload::cancel() {
  if (location_) (void)transport_.send_once(call_for(http::Method::del, *location_));
  location_.reset();
}

Error Upload::too_large() const {
  return Error(ErrorKind::unsupported,
               fmt::format("layer {} (`{}`, {} bytes) is too large for {}: it refused a body of {} "
                           "bytes with {}",
                           to_string(blob_.digest), blob_.label, blob_.size_bytes,
                           repository_.registry, refused_body_bytes_, refused_body_answer_))
      .hint("split what it holds into smaller files, or push to another registry");
}

}  // namespace cogbuild::registry
