#include "mirror_files.hpp"

#include <cogbuild/http/retry.hpp>
#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

namespace cogbuild::apt {

namespace {

// Fewer than for single files elsewhere: there are other mirrors, and a stall takes a minute.
constexpr http::RetryPolicy kPolicy = {.attempts = 4};

Result<Answer> read_local(const url::Url& file, std::uint64_t limit_bytes) {
  auto content = io::read_file(url::percent_decode(file.path), limit_bytes);
  if (content) return Answer{.state = Answer::State::content, .content = *std::move(content)};
  if (content.error().kind() == ErrorKind::not_found) return Answer{};
  return fail(std::move(content).error());
}

Error wrong_size(std::string_view place, std::uint64_t actual, std::uint64_t expected) {
  return Error(ErrorKind::integrity, fmt::format("{} has {} bytes, but the signed index says {}",
                                                 place, actual, expected))
      .hint("the mirror may be in the middle of an update: try again later or use another one");
}

// Keeps a body of a known size; anything else is refused before it has grown.
class SizedSink final : public io::ByteSink {
 public:
  SizedSink(std::uint64_t size_bytes, std::string place, const std::string& label,
            progress::Reporter& reporter)
      : size_bytes_(size_bytes), place_(std::move(place)), label_(label), reporter_(reporter) {}

  Result<void> begin(const http::ResponseHead& head) {
    content_.clear();
    if (head.status != 200) return {};
    const auto text = http::header(head.headers, "content-length");
    std::uint64_t length = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), length);
    const bool is_plain = http::header(head.headers, "content-encoding").empty();
    if (code == std::errc() && !text.empty() && is_plain && length != size_bytes_)
      return fail(wrong_size(place_, length, size_bytes_));
    reporter_.started(label_, label_, size_bytes_);
    return {};
  }

  Result<void> write(std::span<const std::byte> bytes) override {
    if (bytes.size() > size_bytes_ - content_.size())
      return fail(Error(ErrorKind::integrity,
                        fmt::format("{} has more than the {} bytes that the signed index says",
                                    place_, size_bytes_))
                      .hint("the mirror may be in the middle of an update: try again later or use "
                            "another one"));
    if (content_.empty()) content_.reserve(static_cast<std::size_t>(size_bytes_));
    content_ += io::text(bytes);
    reporter_.advanced(label_, content_.size());
    return {};
  }

  Result<std::string> finish() {
    if (content_.size() != size_bytes_)
      return fail(wrong_size(place_, content_.size(), size_bytes_));
    reporter_.finished(label_, fmt::format("{} bytes", size_bytes_));
    return std::move(content_);
  }

 private:
  std::uint64_t size_bytes_;
  std::string place_;
  const std::string& label_;
  progress::Reporter& reporter_;
  std::string content_{};
};

Error refusal(const http::Response& response) {
  const std::string place = url::to_display(response.url);
  switch (response.status) {
    case 401:
    case 403:
    case 407:
      return Error(ErrorKind::auth,
                   fmt::format("{} refused access (status {})", place, response.status))
          .hint("put the credentials into the URI of the source");
    default:
      return {ErrorKind::network, fmt::format("cannot get {}: status {}", place, response.status)};
  }
}

Result<Answer> answer_of(http::Response response) {
  constexpr int kOk = 200;
  constexpr int kNotModified = 304;
  Answer answer{.validators = {
                    .etag = std::string(http::header(response.headers, "etag")),
                    .last_modified = std::string(http::header(response.headers, "last-modified"))}};
  if (response.status == kOk) {
    answer.state = Answer::State::content;
    answer.content = std::move(response.body);
  } else if (response.status == kNotModified) {
    answer.state = Answer::State::unchanged;
  } else if (response.status != 404 && response.status != 410) {
    return fail(refusal(response));
  }
  return answer;
}

Result<Answer> ask(const url::Url& file, const Services& services,
                   const std::function<http::Request()>& request) {
  TRY_ASSIGN(auto response,
             http::with_retries([&] { return services.http.send(request()); }, kPolicy,
                                services.clock, services.reporter, url::to_display(file)));
  return answer_of(std::move(response));
}

}  // namespace

url::Url below(const url::Url& root, std::string_view path) {
  url::Url file = root;
  while (file.path.ends_with('/')) file.path.pop_back();
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (!part.empty() && part != ".") file.path.append("/").append(url::percent_encode(part));
  }
  return file;
}

Result<Answer> get_file(const url::Url& file, std::uint64_t limit_bytes,
                        const Validators& validators, const Services& services) {
  if (file.scheme == "file") return read_local(file, limit_bytes);
  return ask(file, services, [&] {
    http::Request request{.url = file, .limit_bytes = limit_bytes};
    if (!validators.etag.empty())
      request.headers.emplace_back("If-None-Match", validators.etag);
    else if (!validators.last_modified.empty())
      request.headers.emplace_back("If-Modified-Since", validators.last_modified);
    return request;
  });
}

Result<Answer> get_large_file(const url::Url& file, std::uint64_t size_bytes,
                              const std::string& label, const Services& services) {
  const std::string place = url::to_display(file);
  if (file.scheme == "file") {
    TRY_ASSIGN(auto answer, read_local(file, size_bytes + 1));
    if (answer.state == Answer::State::content && answer.content.size() != size_bytes)
      return fail(wrong_size(place, answer.content.size(), size_bytes));
    return answer;
  }
  SizedSink sink(size_bytes, place, label, services.reporter);
  TRY_ASSIGN(auto answer, ask(file, services, [&] {
               http::Request request{.url = file, .headers = {{"Accept-Encoding", "identity"}}};
               request.sink = &sink;
               request.on_head = [&sink](const http::ResponseHead& head) {
                 return sink.begin(head);
               };
               return request;
             }));
  if (answer.state == Answer::State::content) {
    TRY_ASSIGN(answer.content, sink.finish());
  }
  return answer;
}

}  // namespace cogbuild::apt
