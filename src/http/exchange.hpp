#pragma once

#include <cogbuild/http/client.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::http {

// The rules of one exchange that do not depend on how bytes travel: which redirects are followed
// and where the bytes of a body go. Every Client is built on it.
class Exchange {
 public:
  // User-info of the URL becomes an Authorization header unless there is one.
  // Error: config, when the URL is not http(s) or a header could smuggle a line.
  static Result<Exchange> begin(Request request);

  // What goes out now. `body_size_bytes` is unset when a redirect turned the request into a GET.
  [[nodiscard]] const Request& request() const { return request_; }

  // A final head has come (not 1xx). Calls on_head when it is the answer to be delivered.
  Result<void> take_head(int status, Headers headers);
  Result<void> take_body(std::string_view bytes);
  // The answer is complete. True: a redirect is to be followed, `request()` says how.
  // Error: integrity (too many redirects), network (a redirect that leads nowhere).
  Result<bool> finish();

  Response take_response(std::uint64_t sent_bytes);

 private:
  explicit Exchange(Request request) : request_(std::move(request)) {}
  [[nodiscard]] bool is_redirect() const;
  void reserve_body();

  Request request_;
  Response response_{};
  int redirects_ = 0;
};

// What was asked, for messages: `GET https://host/path`.
std::string describe(const Request& request);

void remove_header(Headers& headers, std::string_view name);

}  // namespace cogbuild::http
