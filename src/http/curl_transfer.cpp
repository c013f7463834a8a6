#include "curl_transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace cogbuild::http {

namespace {

constexpr std::uint64_t kExpectBytes = std::uint64_t{1024} * 1024;
constexpr std::size_t kMostHeadBytes = std::size_t{256} * 1024;  // libcurl itself stops at 300 KB
constexpr long kBufferBytes = 256 * 1024;

void set(CURL* easy, CURLoption option, long value) { curl_easy_setopt(easy, option, value); }
void set(CURL* easy, CURLoption option, const std::string& value) {
  curl_easy_setopt(easy, option, value.c_str());  // libcurl keeps a copy
}

bool sends_body(const Request& request) {
  return request.method == Method::post || request.method == Method::put ||
         request.method == Method::patch || request.body_size_bytes.value_or(0) > 0;
}

}  // namespace

CurlTransfer::CurlTransfer(Exchange exchange, const CurlOptions& options)
    : exchange_(std::move(exchange)), options_(options), easy_(curl_easy_init()) {
  if (!easy_) std::abort();  // no memory
}

void CurlTransfer::prepare() {
  CURL* easy = easy_.get();
  const Request& request = exchange_.request();
  curl_easy_reset(easy);
  message_.fill('\0');
  status_ = 0;
  head_.clear();
  in_head_ = false;
  head_bytes_ = 0;
  body_.reset();
  sent_bytes_ = 0;

  set(easy, CURLOPT_URL, url::to_string(request.url));
  set(easy, CURLOPT_USERAGENT, options_.user_agent);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_BUFFERSIZE, kBufferBytes);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message_.data());

  const long stall_seconds = std::max<long>(1, static_cast<long>(request.stall_timeout.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, stall_seconds);
  set(easy, CURLOPT_CONNECTTIMEOUT, std::min(stall_seconds, 30L));

  prepare_security();
  prepare_method();
  prepare_headers();
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

void CurlTransfer::prepare_security() {
  CURL* easy = easy_.get();
  const Request& request = exchange_.request();
  set(easy, CURLOPT_PROTOCOLS_STR, std::string("http,https"));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  const auto& [ca_file, ca_directory] = options_.authorities;
  if (!ca_file.empty()) set(easy, CURLOPT_CAINFO, ca_file.string());
  if (!ca_directory.empty()) set(easy, CURLOPT_CAPATH, ca_directory.string());
  if (request.allow_insecure_tls) {
    set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  // A proxy's loopback is not ours.
  if (request.url.is_loopback()) set(easy, CURLOPT_NOPROXY, std::string("*"));
}

bool CurlTransfer::is_small() const {
  return !sends_body(exchange_.request()) && exchange_.request().sink == nullptr;
}

void CurlTransfer::prepare_method() {
  CURL* easy = easy_.get();
  const Request& request = exchange_.request();
  if (request.method == Method::head) {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (sends_body(request)) {
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_UPLOAD_BUFFERSIZE, kBufferBytes);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
                     static_cast<curl_off_t>(request.body_size_bytes.value_or(0)));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &CurlTransfer::on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &CurlTransfer::on_seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, this);
  }
  if (request.method != Method::head && request.method != Method::get)
    set(easy, CURLOPT_CUSTOMREQUEST, std::string(to_string(request.method)));

  // Uploads stay on HTTP/1.1: one stream at a time fills the line better than frames of a window.
  const bool http2 = request.url.scheme == "https" && !sends_body(request);
  set(easy, CURLOPT_HTTP_VERSION,
      static_cast<long>(http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  if (http2 && is_small()) set(easy, CURLOPT_PIPEWAIT, 1L);
}

void CurlTransfer::prepare_headers() {
  const Request& request = exchange_.request();
  header_list_.reset();
  const auto add = [this](const std::string& line) {
    curl_slist* grown = curl_slist_append(header_list_.get(), line.c_str());
    if (grown == nullptr) std::abort();  // no memory
    (void)header_list_.release();
    header_list_.reset(grown);
  };
  // `Name;` is libcurl's spelling of a header without a value.
  for (const auto& [name, value] : request.headers)
    add(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  if (header(request.headers, "accept-encoding").empty()) {
    if (request.sink == nullptr)
      set(easy_.get(), CURLOPT_ACCEPT_ENCODING, std::string());  // all that libcurl can undo
    else
      add("Accept-Encoding: identity");
  }
  if (sends_body(request) && request.body_size_bytes.value_or(0) < kExpectBytes) add("Expect:");
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, header_list_.get());
}

Result<void> CurlTransfer::take_header_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    const auto space = line.find(' ');
    status_ = 0;
    if (space != std::string_view::npos)
      std::from_chars(line.data() + space + 1, line.data() + line.size(), status_);
    head_.clear();
    in_head_ = true;
    return {};
  }
  if (!in_head_) return {};  // a trailer
  head_bytes_ += line.size();
  if (head_bytes_ > kMostHeadBytes)
    return fail(Error(
        ErrorKind::integrity,
        fmt::format("{} answered with headers of more than {} bytes", what(), kMostHeadBytes)));
  if (line.empty()) {
    in_head_ = false;
    if (status_ < 200) return {};
    return exchange_.take_head(status_, std::move(head_));
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  head_.emplace_back(line.substr(0, colon), value);
  return {};
}

std::size_t CurlTransfer::on_header(char* data, std::size_t size, std::size_t count,
                                    void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (auto taken = transfer.take_header_line({data, size * count}); !taken) {
    transfer.error_ = std::move(taken).error();
    return 0;
  }
  return size * count;
}

std::size_t CurlTransfer::on_write(char* data, std::size_t size, std::size_t count,
                                   void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (auto taken = transfer.exchange_.take_body({data, size * count}); !taken) {
    transfer.error_ = std::move(taken).error();
    return CURL_WRITEFUNC_ERROR;
  }
  return size * count;
}

Result<std::size_t> CurlTransfer::read_body(char* data, std::size_t room) {
  const Request& request = exchange_.request();
  const std::uint64_t left = request.body_size_bytes.value_or(0) - sent_bytes_;
  if (left == 0 || !request.open_body) return std::size_t{0};
  if (!body_) {
    TRY_ASSIGN(body_, request.open_body());
  }
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(room, left));
  TRY_ASSIGN(const std::size_t count, body_->read(std::as_writable_bytes(std::span(data, wanted))));
  if (count == 0)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("the body of {} ended {} bytes early", what(), left)));
  sent_bytes_ += count;
  if (request.on_sent) request.on_sent(sent_bytes_);
  return count;
}

std::size_t CurlTransfer::on_read(char* data, std::size_t size, std::size_t count,
                                  void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  auto read = transfer.read_body(data, size * count);
  if (!read) {
    transfer.error_ = std::move(read).error();
    return CURL_READFUNC_ABORT;
  }
  return *read;
}

// libcurl starts a body over when a kept connection turns out to be dead.
int CurlTransfer::on_seek(void* self, curl_off_t offset, int origin) noexcept {
  if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.body_.reset();
  transfer.sent_bytes_ = 0;
  return CURL_SEEKFUNC_OK;
}

Error CurlTransfer::error_of(CURLcode code) const {
  const Request& request = exchange_.request();
  const std::string reason = message_[0] != '\0' ? message_.data() : curl_easy_strerror(code);
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return Error(ErrorKind::integrity, fmt::format("the certificate of {} is not trusted: {}",
                                                     request.url.authority(), reason))
          .hint("set SSL_CERT_FILE to a file with the certificate authority that signed it");
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t connected = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &connected);
      if (connected == 0) return {ErrorKind::network, fmt::format("{} failed: {}", what(), reason)};
      return {ErrorKind::network, fmt::format("{} stalled: no byte moved for {} s", what(),
                                              request.stall_timeout.count())};
    }
    default:
      return {ErrorKind::network, fmt::format("{} failed: {}", what(), reason)};
  }
}

void CurlTransfer::settle(Result<Response> outcome) {
  promise_.set_value(std::move(outcome));
  if (const auto& on_done = exchange_.request().on_done) on_done();
}

bool CurlTransfer::finish(CURLcode code) {
  if (error_ || code != CURLE_OK) {
    settle(fail(error_ ? *std::move(error_) : error_of(code)));
    return false;
  }
  auto redirected = exchange_.finish();
  if (!redirected) {
    settle(fail(std::move(redirected).error()));
    return false;
  }
  if (*redirected) {
    prepare();
    return true;
  }
  settle(exchange_.take_response(sent_bytes_));
  return false;
}

}  // namespace cogbuild::http
