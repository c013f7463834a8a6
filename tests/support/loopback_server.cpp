#include "loopback_server.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cctype>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace cogbuild::testing {

namespace {

constexpr std::size_t kRecordedBodyBytes = std::size_t{64} * 1024;
constexpr std::size_t kLongestHead = std::size_t{64} * 1024;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::abort();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// One connection's bytes: what was read too far stays in `buffer_` for the next request.
class Connection {
 public:
  explicit Connection(int fd) : fd_(fd) {}

  bool send_all(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // Up to the empty line, which is removed; false at the end of the connection.
  bool read_head(std::string& head) {
    for (;;) {
      if (const auto end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
        head = buffer_.substr(0, end + 2);
        buffer_.erase(0, end + 4);
        return true;
      }
      if (buffer_.size() > kLongestHead || !fill()) return false;
    }
  }

  bool read_line(std::string& line) {
    for (;;) {
      if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return true;
      }
      if (buffer_.size() > kLongestHead || !fill()) return false;
    }
  }

  void finish_writing_and_drain() {
    ::shutdown(fd_, SHUT_WR);
    do {
      buffer_.clear();
    } while (fill());
  }

  // At most `most` bytes, empty at the end of the connection.
  std::string read_some(std::uint64_t most) {
    if (buffer_.empty() && !fill()) return {};
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, buffer_.size()));
    std::string out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return out;
  }

 private:
  bool fill() {
    std::array<char, std::size_t{64} * 1024> block;
    const ssize_t count = ::recv(fd_, block.data(), block.size(), 0);
    if (count <= 0) return false;
    buffer_.append(block.data(), static_cast<std::size_t>(count));
    return true;
  }

  int fd_;
  std::string buffer_{};
};

bool parse_head(std::string_view head, ServerRequest& request) {
  auto end = head.find("\r\n");
  const std::string_view line = head.substr(0, end);
  const auto first = line.find(' ');
  const auto second = line.rfind(' ');
  if (first == std::string_view::npos || second <= first) return false;
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, second - first - 1);
  head.remove_prefix(end + 2);
  while (!head.empty()) {
    end = head.find("\r\n");
    const std::string_view field = head.substr(0, end);
    head.remove_prefix(end + 2);
    const auto colon = field.find(':');
    if (colon == std::string_view::npos) return false;
    std::string& value = request.headers[lower(field.substr(0, colon))];
    if (!value.empty()) value += ", ";
    value += trim(field.substr(colon + 1));
  }
  return true;
}

std::string chunks_of(std::string_view body) {
  constexpr std::size_t kChunk = 1000;
  std::string out;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, kChunk);
    out += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
    body.remove_prefix(chunk.size());
  }
  return out + "0\r\n\r\n";
}

std::string head_of(const ServerResponse& response, bool keep_alive) {
  std::string head = fmt::format("HTTP/1.1 {} Answer\r\n", response.status);
  for (const auto& [name, value] : response.headers) head += fmt::format("{}: {}\r\n", name, value);
  const bool bodiless = response.status == 204 || response.status == 304;
  if (response.chunked)
    head += "Transfer-Encoding: chunked\r\n";
  else if (!bodiless)
    head += fmt::format("Content-Length: {}\r\n",
                        response.content_length.value_or(response.body.size()));
  if (!keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

}  // namespace

std::string ServerRequest::header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string() : found->second;
}

std::string ServerRequest::path() const { return target.substr(0, target.find('?')); }

std::string ServerRequest::query() const {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string() : target.substr(mark + 1);
}

struct LoopbackServer::State {
  Handler handler;
  ServerOptions options;
  int listener = -1;
  std::uint16_t port = 0;

  mutable std::mutex mutex{};  // guards what follows
  std::condition_variable stopped{};
  bool stopping = false;
  std::set<int> open_connections{};
  std::vector<std::thread> threads{};
  std::vector<ServerRequest> requests{};
  std::uint64_t connection_count = 0;

  std::atomic<std::uint64_t> received_body_bytes{0};
  std::mutex one_handler{};
  std::thread acceptor{};

  void listen_on_loopback() {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) die("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, generic, size) != 0) die("bind");
    if (::listen(listener, 128) != 0) die("listen");
    if (::getsockname(listener, generic, &size) != 0) die("getsockname");
    port = ntohs(address.sin_port);
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock(mutex);
      if (stopping) {
        if (fd >= 0) ::close(fd);
        return;
      }
      if (fd < 0) continue;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      open_connections.insert(fd);
      const std::uint64_t number = ++connection_count;
      threads.emplace_back([this, fd, number] {
        serve(fd, number);
        const std::lock_guard closing(mutex);
        open_connections.erase(fd);
        ::close(fd);
      });
    }
  }

  void serve(int fd, std::uint64_t number) {
    Connection connection(fd);
    while (serve_one(connection, number)) {
    }
  }

  // False when the connection must be closed.
  bool serve_one(Connection& connection, std::uint64_t number) {
    std::string head;
    if (!connection.read_head(head)) return false;
    ServerRequest request;
    request.connection = number;
    if (!parse_head(head, request)) return false;
    const BodyPlan plan = options.plan_body ? options.plan_body(request) : BodyPlan{};
    if (lower(request.header("expect")) == "100-continue" &&
        !connection.send_all("HTTP/1.1 100 Continue\r\n\r\n"))
      return false;
    const std::uint64_t most = plan.close_after_bytes.value_or(
        plan.answer_after_bytes.value_or(std::uint64_t{UINT64_MAX}));
    read_body(connection, request, plan.keep, most);
    record(request);
    if (plan.close_after_bytes || (!request.body_complete && !plan.answer_after_bytes)) {
      if (options.on_cut_body) options.on_cut_body(request);
      return false;
    }
    const bool keep_alive = options.keep_alive && request.body_complete &&
                            lower(request.header("connection")) != "close";
    const bool go_on = answer(connection, request, respond(request), keep_alive);
    // Closing with unread bytes would reset the connection and could destroy the answer on its way.
    if (!request.body_complete) connection.finish_writing_and_drain();
    return go_on;
  }

  void read_body(Connection& connection, ServerRequest& request, bool keep, std::uint64_t most) {
    digest::Hasher hasher;
    const auto take = [&](std::uint64_t announced) {
      std::uint64_t left = announced;
      while (left > 0 && hasher.size_bytes() < most) {
        const std::string part =
            connection.read_some(std::min<std::uint64_t>(left, most - hasher.size_bytes()));
        if (part.empty()) return false;
        hasher.update(part);
        received_body_bytes += part.size();
        if (keep) request.body += part;
        left -= part.size();
      }
      return left == 0;
    };
    if (lower(request.header("transfer-encoding")) == "chunked") {
      std::string line;
      request.body_complete = false;
      while (connection.read_line(line)) {
        const auto size = std::strtoull(line.c_str(), nullptr, 16);
        if (size == 0) {
          request.body_complete = connection.read_line(line);
          break;
        }
        if (!take(size) || !connection.read_line(line)) break;
      }
    } else if (const std::string length = request.header("content-length"); !length.empty()) {
      request.body_complete = take(std::strtoull(length.c_str(), nullptr, 10));
    }
    request.body_bytes = hasher.size_bytes();
    request.body_digest = hasher.finish();
  }

  void record(const ServerRequest& request) {
    const std::lock_guard lock(mutex);
    requests.push_back(request);
    if (request.body.size() > kRecordedBodyBytes) requests.back().body.clear();
  }

  ServerResponse respond(const ServerRequest& request) {
    if (options.parallel_handlers) return handler(request);
    const std::lock_guard lock(one_handler);
    return handler(request);
  }

  bool answer(const Connection& connection, const ServerRequest& request,
              const ServerResponse& response, bool keep_alive) {
    if (response.delay.count() > 0 && wait_unless_stopped(response.delay)) return false;
    if (response.close_instead) return false;
    if (response.hang) return wait_until_stopped();
    if (!connection.send_all(head_of(response, keep_alive))) return false;
    if (request.method == "HEAD") return keep_alive;
    const std::string body = response.chunked ? chunks_of(response.body) : response.body;
    const std::uint64_t most = std::min(response.close_after_body_bytes.value_or(UINT64_MAX),
                                        response.hang_after_body_bytes.value_or(UINT64_MAX));
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, body.size()));
    if (!connection.send_all(std::string_view(body).substr(0, count))) return false;
    if (response.hang_after_body_bytes) return wait_until_stopped();
    if (response.close_after_body_bytes) return false;
    return keep_alive &&
           response.content_length.value_or(response.body.size()) == response.body.size();
  }

  bool wait_unless_stopped(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex);
    return stopped.wait_for(lock, time, [this] { return stopping; });
  }

  bool wait_until_stopped() {
    std::unique_lock lock(mutex);
    stopped.wait(lock, [this] { return stopping; });
    return false;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
      for (const int fd : open_connections) ::shutdown(fd, SHUT_RDWR);
    }
    stopped.notify_all();
    ::shutdown(listener, SHUT_RDWR);  // wakes accept
    acceptor.join();
    for (auto& thread : threads) thread.join();
    ::close(listener);
  }
};

LoopbackServer::LoopbackServer(Handler handler, ServerOptions options)
    : state_(std::make_unique<State>()) {
  state_->handler = std::move(handler);
  state_->options = std::move(options);
  state_->listen_on_loopback();
  state_->acceptor = std::thread([state = state_.get()] { state->accept_all(); });
}

LoopbackServer::~LoopbackServer() { state_->stop(); }

std::uint16_t LoopbackServer::port() const { return state_->port; }

std::string LoopbackServer::authority() const { return fmt::format("127.0.0.1:{}", port()); }

std::string LoopbackServer::url(std::string_view path) const {
  return fmt::format("http://{}{}", authority(), path);
}

std::vector<ServerRequest> LoopbackServer::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

std::vector<std::string> LoopbackServer::request_lines() const {
  std::vector<std::string> lines;
  const std::lock_guard lock(state_->mutex);
  for (const auto& request : state_->requests)
    lines.push_back(request.method + " " + request.target);
  return lines;
}

std::uint64_t LoopbackServer::received_body_bytes() const { return state_->received_body_bytes; }

std::uint64_t LoopbackServer::connection_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->connection_count;
}

void LoopbackServer::forget_requests() {
  const std::lock_guard lock(state_->mutex);
  state_->requests.clear();
}

ServerResponse serve_range(const ServerRequest& request, std::string_view content) {
  ServerResponse whole{.headers = {{"Accept-Ranges", "bytes"}}, .body = std::string(content)};
  const std::string range = request.header("range");
  if (!range.starts_with("bytes=")) return whole;
  const auto dash = range.find('-');
  if (dash == std::string::npos) return whole;
  const std::string first = range.substr(6, dash - 6);
  const std::string last = range.substr(dash + 1);
  std::size_t begin = 0;
  std::size_t end = content.size();
  if (first.empty()) {
    begin = content.size() - std::min<std::size_t>(content.size(), std::stoul(last));
  } else {
    begin = std::stoul(first);
    if (!last.empty()) end = std::min<std::size_t>(end, std::stoul(last) + 1);
  }
  if (begin >= end)
    return {.status = 416,
            .headers = {{"Content-Range", fmt::format("bytes */{}", content.size())}}};
  return {
      .status = 206,
      .headers = {{"Content-Range", fmt::format("bytes {}-{}/{}", begin, end - 1, content.size())}},
      .body = std::string(content.substr(begin, end - begin))};
}

}  // namespace cogbuild::testing
