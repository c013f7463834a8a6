#include "exchange.hpp"

#include <cogbuild/http/scripted_client.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::http {

namespace {

Result<std::string> read_body(const Request& request) {
  if (!request.body_size_bytes || !request.open_body) return std::string();
  TRY_ASSIGN(auto source, request.open_body());
  io::ExactSource exact(std::move(source), *request.body_size_bytes,
                        "the body of " + describe(request));
  TRY_ASSIGN(auto body, io::read_all(exact, *request.body_size_bytes));
  if (request.on_sent) request.on_sent(body.size());
  return body;
}

Result<void> deliver(Exchange& exchange, const ScriptedAnswer& answer) {
  TRY(exchange.take_head(answer.status, answer.headers));
  if (exchange.request().method == Method::head) return {};
  const auto count =
      std::min<std::uint64_t>(answer.body.size(), answer.break_after_bytes.value_or(UINT64_MAX));
  if (count > 0)
    TRY(exchange.take_body(
        std::string_view(answer.body).substr(0, static_cast<std::size_t>(count))));
  if (answer.break_after_bytes)
    return fail(Error(ErrorKind::network, fmt::format("{} failed: the script ends here",
                                                      describe(exchange.request()))));
  return {};
}

}  // namespace

void ScriptedClient::answer(Method method, const std::string& url, ScriptedAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_[{method, url}].push_back(std::move(answer));
}

Result<ScriptedAnswer> ScriptedClient::next(const Request& request, std::string body) {
  const std::string url = url::to_string(request.url);
  const std::lock_guard lock(mutex_);
  sent_.push_back(
      {.method = request.method, .url = url, .headers = request.headers, .body = std::move(body)});
  const auto found = answers_.find({request.method, url});
  if (found == answers_.end())
    return fail(Error(ErrorKind::network,
                      fmt::format("{} failed: nothing is scripted for it", describe(request))));
  ScriptedAnswer answer = found->second.front();
  if (found->second.size() > 1) found->second.pop_front();
  return answer;
}

Result<Response> ScriptedClient::exchange(Request request) {
  TRY_ASSIGN(auto exchange, Exchange::begin(std::move(request)));
  for (;;) {
    TRY_ASSIGN(auto body, read_body(exchange.request()));
    const std::uint64_t sent_bytes = body.size();
    TRY_ASSIGN(const auto answer, next(exchange.request(), std::move(body)));
    TRY(deliver(exchange, answer));
    TRY_ASSIGN(const bool redirected, exchange.finish());
    if (!redirected) return exchange.take_response(sent_bytes);
  }
}

std::future<Result<Response>> ScriptedClient::start(Request request) {
  const auto on_done = request.on_done;
  std::promise<Result<Response>> promise;
  promise.set_value(exchange(std::move(request)));
  if (on_done) on_done();
  return promise.get_future();
}

std::vector<SentRequest> ScriptedClient::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

}  // namespace cogbuild::http
