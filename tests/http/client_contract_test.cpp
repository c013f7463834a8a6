// Both clients answer by the same rules: libcurl against a loopback server, and the script.
#include "support/loopback_server.hpp"

#include <cogbuild/http/client.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/http/scripted_client.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>

using namespace cogbuild;
using namespace cogbuild::http;

namespace {

// What a contract case needs: two origins whose answers are given in advance, and what they were
// sent.
class Stage {
 public:
  virtual ~Stage() = default;
  // `path` on the first (0) or second (1) origin.
  virtual void answer(int origin, Method method, const std::string& path,
                      ScriptedAnswer answer) = 0;
  virtual std::string url(int origin, const std::string& path) = 0;
  virtual Client& client() = 0;
  virtual std::vector<SentRequest> sent() = 0;
};

class ScriptedStage final : public Stage {
 public:
  void answer(int origin, Method method, const std::string& path, ScriptedAnswer answer) override {
    client_.answer(method, url(origin, path), std::move(answer));
  }
  std::string url(int origin, const std::string& path) override {
    return (origin == 0 ? "http://one.example" : "http://two.example") + path;
  }
  Client& client() override { return client_; }
  std::vector<SentRequest> sent() override { return client_.sent(); }

 private:
  ScriptedClient client_{};
};

class CurlStage final : public Stage {
 public:
  void answer(int origin, Method method, const std::string& path, ScriptedAnswer answer) override {
    const std::lock_guard lock(mutex_);
    answers_[{origin, std::string(to_string(method)) + " " + path}] = std::move(answer);
  }
  std::string url(int origin, const std::string& path) override {
    return (origin == 0 ? one_ : two_).url(path);
  }
  Client& client() override { return client_; }
  std::vector<SentRequest> sent() override {
    const std::lock_guard lock(mutex_);
    return sent_;
  }

 private:
  testing::ServerResponse respond(int origin, const testing::ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    SentRequest seen{.url = url(origin, request.target), .body = request.body};
    for (const Method method :
         {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del})
      if (to_string(method) == request.method) seen.method = method;
    seen.headers.assign(request.headers.begin(), request.headers.end());
    sent_.push_back(std::move(seen));
    const auto found = answers_.find({origin, request.method + " " + request.target});
    if (found == answers_.end()) return {.close_instead = true};
    const ScriptedAnswer& answer = found->second;
    return {.status = answer.status,
            .headers = answer.headers,
            .body = answer.body,
            .close_after_body_bytes = answer.break_after_bytes};
  }

  std::mutex mutex_{};
  std::map<std::pair<int, std::string>, ScriptedAnswer> answers_{};
  std::vector<SentRequest> sent_{};
  testing::LoopbackServer one_{[this](const auto& request) { return respond(0, request); }};
  testing::LoopbackServer two_{[this](const auto& request) { return respond(1, request); }};
  CurlClient client_{};
};

void on_both(const std::function<void(Stage&)>& test) {
  SUBCASE("scripted") {
    ScriptedStage stage;
    test(stage);
  }
  SUBCASE("libcurl") {
    CurlStage stage;
    test(stage);
  }
}

Request get(const std::string& url) { return {.url = *url::parse(url)}; }

Request put(const std::string& url, const std::string& body) {
  return {
      .method = Method::put,
      .url = *url::parse(url),
      .body_size_bytes = body.size(),
      .open_body = [body] {
        return Result<std::unique_ptr<io::ByteSource>>(std::make_unique<io::MemorySource>(body));
      }};
}

std::string with_user(std::string url) { return url.insert(url.find("//") + 2, "user:p%20w@"); }

}  // namespace

TEST_CASE("client: any status is a response, with its headers and body") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/x?a=b",
                 {.status = 404, .headers = {{"X-Thing", "1"}}, .body = "no"});
    const auto response = stage.client().send(get(stage.url(0, "/x?a=b")));
    REQUIRE(response.has_value());
    CHECK(response->status == 404);
    CHECK(header(response->headers, "x-thing") == "1");
    CHECK(response->body == "no");
    CHECK(response->received_bytes == 2);
    CHECK(url::to_string(response->url) == stage.url(0, "/x?a=b"));
  });
}

TEST_CASE("client: a 2xx body goes to the sink, another one to the response") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/good", {.body = "data"});
    stage.answer(0, Method::get, "/bad", {.status = 500, .body = "sorry"});
    io::StringSink sink;
    auto request = get(stage.url(0, "/good"));
    request.sink = &sink;
    auto response = stage.client().send(request);
    REQUIRE(response.has_value());
    CHECK(sink.content == "data");
    CHECK(response->body.empty());
    request = get(stage.url(0, "/bad"));
    request.sink = &sink;
    response = stage.client().send(request);
    REQUIRE(response.has_value());
    CHECK(sink.content == "data");
    CHECK(response->body == "sorry");
  });
}

TEST_CASE("client: the body of an error is cut at 64 KiB") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/", {.status = 500, .body = std::string(100'000, 'x')});
    const auto response = stage.client().send(get(stage.url(0, "/")));
    REQUIRE(response.has_value());
    CHECK(response->body.size() == 65'536);
  });
}

TEST_CASE("client: a body above the limit is an integrity error") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/", {.body = std::string(1001, 'x')});
    auto request = get(stage.url(0, "/"));
    request.limit_bytes = 1000;
    const auto response = stage.client().send(request);
    REQUIRE_FALSE(response.has_value());
    CHECK(response.error().kind() == ErrorKind::integrity);
    CHECK(response.error().message() ==
          "GET " + stage.url(0, "/") + " answered with more than the limit of 1000 bytes");
    request.limit_bytes = 1001;
    CHECK(stage.client().send(request).has_value());
  });
}

TEST_CASE("client: a redirect within the origin keeps the credentials") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/a", {.status = 302, .headers = {{"Location", "b?x"}}});
    stage.answer(0, Method::get, "/b?x", {.body = "there"});
    const auto response = stage.client().send(get(with_user(stage.url(0, "/a"))));
    REQUIRE(response.has_value());
    CHECK(response->body == "there");
    CHECK(url::to_string(response->url) == stage.url(0, "/b?x"));
    CHECK(response->url.username == "user");
    REQUIRE(stage.sent().size() == 2);
    for (const auto& sent : stage.sent())
      CHECK(header(sent.headers, "authorization") == "Basic dXNlcjpwIHc=");
  });
}

TEST_CASE("client: a redirect to another origin drops the credentials, for good") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/a",
                 {.status = 307, .headers = {{"Location", stage.url(1, "/b")}}});
    stage.answer(1, Method::get, "/b",
                 {.status = 301, .headers = {{"Location", stage.url(0, "/c")}}});
    stage.answer(0, Method::get, "/c", {.body = "there"});
    auto request = get(stage.url(0, "/a"));
    request.headers = {{"Authorization", "Bearer t"}, {"Accept", "x/y"}};
    const auto response = stage.client().send(request);
    REQUIRE(response.has_value());
    const auto sent = stage.sent();
    REQUIRE(sent.size() == 3);
    CHECK(header(sent[0].headers, "authorization") == "Bearer t");
    CHECK(header(sent[1].headers, "authorization").empty());
    CHECK(header(sent[2].headers, "authorization").empty());
    CHECK(header(sent[2].headers, "accept") == "x/y");
    CHECK(response->url.username.empty());
  });
}

TEST_CASE("client: an Authorization header goes before user-info") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/", {});
    auto request = get(with_user(stage.url(0, "/")));
    request.headers = {{"authorization", "Bearer t"}};
    CHECK(stage.client().send(request).has_value());
    CHECK(header_values(stage.sent().at(0).headers, "Authorization") ==
          std::vector<std::string>{"Bearer t"});
  });
}

TEST_CASE("client: a redirect loop ends after ten hops") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/", {.status = 302, .headers = {{"Location", "/"}}});
    const auto response = stage.client().send(get(stage.url(0, "/")));
    REQUIRE_FALSE(response.has_value());
    CHECK(response.error().kind() == ErrorKind::integrity);
    CHECK(response.error().message() ==
          "GET " + stage.url(0, "/") + " leads to more than 10 redirects");
    CHECK(stage.sent().size() == 11);
  });
}

TEST_CASE("client: redirects lead to http and https alone") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/",
                 {.status = 302, .headers = {{"Location", "file:///etc/passwd"}}});
    const auto response = stage.client().send(get(stage.url(0, "/")));
    REQUIRE_FALSE(response.has_value());
    CHECK(response.error().message() == "GET " + stage.url(0, "/") + " redirects to a file URL");
  });
}

TEST_CASE("client: without follow_redirects the redirect is the response") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/",
                 {.status = 302, .headers = {{"Location", "/b"}}, .body = "moved"});
    auto request = get(stage.url(0, "/"));
    request.follow_redirects = false;
    const auto response = stage.client().send(request);
    REQUIRE(response.has_value());
    CHECK(response->status == 302);
    CHECK(response->body == "moved");
  });
}

TEST_CASE("client: 307 sends the body again, 303 turns into GET") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::put, "/a", {.status = 307, .headers = {{"Location", "/b"}}});
    stage.answer(0, Method::put, "/b", {.status = 303, .headers = {{"Location", "/c"}}});
    stage.answer(0, Method::get, "/c", {.body = "done"});
    auto request = put(stage.url(0, "/a"), "payload");
    request.headers = {{"Content-Type", "text/plain"}};
    const auto response = stage.client().send(request);
    REQUIRE(response.has_value());
    CHECK(response->body == "done");
    const auto sent = stage.sent();
    REQUIRE(sent.size() == 3);
    CHECK(sent[0].body == "payload");
    CHECK(sent[1].body == "payload");
    CHECK(sent[2].body.empty());
    CHECK(header(sent[2].headers, "content-type").empty());
  });
}

TEST_CASE("client: on_head comes once, before the body, for the final response alone") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/a",
                 {.status = 302, .headers = {{"Location", "/b"}}, .body = "x"});
    stage.answer(0, Method::get, "/b", {.headers = {{"ETag", "e"}}, .body = "body"});
    io::StringSink sink;
    std::vector<std::string> seen;
    auto request = get(stage.url(0, "/a"));
    request.sink = &sink;
    request.on_head = [&](const ResponseHead& head) -> Result<void> {
      seen.push_back(std::to_string(head.status) + std::string(header(head.headers, "etag")) +
                     sink.content);
      return {};
    };
    CHECK(stage.client().send(request).has_value());
    CHECK(seen == std::vector<std::string>{"200e"});
  });
}

TEST_CASE("client: errors of on_head, the sink and the body come back as they are") {
  on_both([](Stage& stage) {
    struct FullSink final : io::ByteSink {
      Result<void> write(std::span<const std::byte>) override {
        return fail(Error(ErrorKind::io, "disk full"));
      }
    } sink;
    stage.answer(0, Method::get, "/", {.body = "body"});
    stage.answer(0, Method::put, "/", {});
    auto request = get(stage.url(0, "/"));
    request.sink = &sink;
    CHECK(stage.client().send(request).error().message() == "disk full");
    request.on_head = [](const ResponseHead&) -> Result<void> {
      return fail(Error(ErrorKind::conflict, "no thanks"));
    };
    CHECK(stage.client().send(request).error().message() == "no thanks");

    request = put(stage.url(0, "/"), "payload");
    request.open_body = []() -> Result<std::unique_ptr<io::ByteSource>> {
      return fail(Error(ErrorKind::io, "cannot open"));
    };
    CHECK(stage.client().send(request).error().message() == "cannot open");
    request = put(stage.url(0, "/"), "payload");
    request.body_size_bytes = 9;
    CHECK(stage.client().send(request).error().kind() == ErrorKind::integrity);
  });
}

TEST_CASE("client: a connection that breaks inside the body is a network error") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/", {.body = "0123456789", .break_after_bytes = 4});
    io::StringSink sink;
    auto request = get(stage.url(0, "/"));
    request.sink = &sink;
    const auto response = stage.client().send(request);
    REQUIRE_FALSE(response.has_value());
    CHECK(response.error().kind() == ErrorKind::network);
    CHECK(sink.content == "0123");
  });
}

TEST_CASE("client: HEAD has headers and no body, PUT counts what it sent") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::head, "/", {.headers = {{"X-Size", "9"}}, .body = "ignored"});
    stage.answer(0, Method::put, "/", {.status = 201});
    auto request = get(stage.url(0, "/"));
    request.method = Method::head;
    auto response = stage.client().send(request);
    REQUIRE(response.has_value());
    CHECK(response->body.empty());
    CHECK(header(response->headers, "x-size") == "9");

    request = put(stage.url(0, "/"), "payload");
    std::uint64_t told = 0;
    request.on_sent = [&](std::uint64_t bytes) { told = bytes; };
    response = stage.client().send(request);
    REQUIRE(response.has_value());
    CHECK(response->sent_bytes == 7);
    CHECK(told == 7);
  });
}

TEST_CASE("client: other schemes and headers with line breaks never leave") {
  on_both([](Stage& stage) {
    CHECK(stage.client().send({.url = *url::parse("file:///etc/passwd")}).error().kind() ==
          ErrorKind::config);
    auto request = get(stage.url(0, "/"));
    request.headers = {{"X", "a\r\nY: b"}};
    CHECK(stage.client().send(request).error().kind() == ErrorKind::config);
    CHECK(stage.sent().empty());
  });
}

TEST_CASE("client: on_done comes once, when the future is ready, whatever the outcome") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::get, "/good", {.status = 302, .headers = {{"Location", "/end"}}});
    stage.answer(0, Method::get, "/end", {.body = "x"});
    stage.answer(0, Method::get, "/cut", {.body = "0123456789", .break_after_bytes = 4});
    const auto outcome_when_done = [&](Request request) {
      // Shared, as the client may still be inside on_done when the test goes on.
      auto told = std::make_shared<std::promise<void>>();
      auto times = std::make_shared<std::atomic<int>>(0);
      request.on_done = [told, times] {
        if (++*times == 1) told->set_value();
      };
      auto future = stage.client().start(std::move(request));
      told->get_future().wait();
      CHECK(future.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
      auto outcome = future.get();
      CHECK(*times == 1);
      return outcome;
    };
    CHECK(outcome_when_done(get(stage.url(0, "/good")))->body == "x");
    CHECK(outcome_when_done(get(stage.url(0, "/cut"))).error().kind() == ErrorKind::network);
    CHECK(outcome_when_done({.url = *url::parse("file:///etc/passwd")}).error().kind() ==
          ErrorKind::config);
  });
}

TEST_CASE("client: many requests at once all get their answer") {
  on_both([](Stage& stage) {
    constexpr int kRequests = 130;
    std::vector<std::future<Result<Response>>> futures;
    for (int i = 0; i < kRequests; ++i) {
      const std::string path = "/" + std::to_string(i);
      stage.answer(0, Method::get, path, {.body = path});
      futures.push_back(stage.client().start(get(stage.url(0, path))));
    }
    for (int i = 0; i < kRequests; ++i) {
      const auto response = futures[static_cast<std::size_t>(i)].get();
      REQUIRE(response.has_value());
      CHECK(response->body == "/" + std::to_string(i));
    }
  });
}

TEST_CASE("client: an announced length does not count, the bytes do") {
  on_both([](Stage& stage) {
    stage.answer(0, Method::head, "/", {.headers = {{"Content-Length", "9999999"}}});
    auto request = get(stage.url(0, "/"));
    request.method = Method::head;
    const auto response = stage.client().send(request);
    REQUIRE(response.has_value());
    CHECK(response->body.empty());
  });
}
