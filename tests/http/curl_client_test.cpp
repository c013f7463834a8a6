#include "support/loopback_server.hpp"

#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/io/byte_sink.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::http;
using testing::LoopbackServer;
using testing::ServerRequest;
using testing::ServerResponse;

namespace {

Request get(const LoopbackServer& server, const std::string& path) {
  return {.url = *url::parse(server.url(path))};
}

// `size` bytes that are never in memory together.
class ZeroSource final : public io::ByteSource {
 public:
  Result<std::size_t> read(std::span<std::byte> buffer) override {
    std::ranges::fill(buffer, std::byte{0});
    return buffer.size();
  }
};

Request upload(const LoopbackServer& server, std::uint64_t size) {
  return {.method = Method::put,
          .url = *url::parse(server.url("/up")),
          .body_size_bytes = size,
          .open_body = [] {
            return Result<std::unique_ptr<io::ByteSource>>(std::make_unique<ZeroSource>());
          }};
}

}  // namespace

TEST_CASE("CurlClient: headers as the caller wants them, and none by surprise") {
  LoopbackServer server([](const ServerRequest&) { return ServerResponse{}; });
  CurlClient client({.user_agent = "cogbuild/test"});
  CHECK(client.send(get(server, "/")).has_value());
  io::StringSink sink;
  auto request = get(server, "/");
  request.sink = &sink;
  request.headers = {{"X-Empty", ""}};
  CHECK(client.send(request).has_value());
  CHECK(client.send({.method = Method::post, .url = *url::parse(server.url("/"))}).has_value());
  const auto seen = server.requests();
  CHECK(seen[0].header("user-agent") == "cogbuild/test");
  CHECK(seen[0].header("accept-encoding").find("gzip") != std::string::npos);
  CHECK(seen[1].header("accept-encoding") == "identity");
  CHECK(seen[1].headers.contains("x-empty"));
  CHECK(seen[2].method == "POST");
  CHECK(seen[2].header("content-length") == "0");
  CHECK_FALSE(seen[2].headers.contains("expect"));
}

TEST_CASE("CurlClient: a large body is streamed, asking the server first") {
  LoopbackServer server(
      [](const ServerRequest&) { return ServerResponse{.status = 201}; },
      {.plan_body = [](const ServerRequest&) { return testing::BodyPlan{.keep = false}; }});
  CurlClient client;
  constexpr std::uint64_t kSize = std::uint64_t{20} << 20U;
  const auto response = client.send(upload(server, kSize));
  REQUIRE(response.has_value());
  CHECK(response->sent_bytes == kSize);
  CHECK(server.requests().at(0).body_bytes == kSize);
  CHECK(server.requests().at(0).header("expect") == "100-continue");
}

TEST_CASE("CurlClient: a connection cut inside an upload is a network error") {
  LoopbackServer server([](const ServerRequest&) { return ServerResponse{}; },
                        {.plan_body = [](const ServerRequest&) {
                          return testing::BodyPlan{.keep = false, .close_after_bytes = 1000};
                        }});
  CurlClient client;
  const auto response = client.send(upload(server, std::uint64_t{20} << 20U));
  REQUIRE_FALSE(response.has_value());
  CHECK(response.error().kind() == ErrorKind::network);
}

TEST_CASE("CurlClient: an answer in the middle of an upload is the response") {
  LoopbackServer server(
      [](const ServerRequest&) { return ServerResponse{.status = 401, .body = "who"}; },
      {.plan_body = [](const ServerRequest&) {
        return testing::BodyPlan{.keep = false, .answer_after_bytes = 1000};
      }});
  CurlClient client;
  const auto response = client.send(upload(server, std::uint64_t{20} << 20U));
  REQUIRE(response.has_value());
  CHECK(response->status == 401);
  CHECK(response->sent_bytes < std::uint64_t{20} << 20U);
}

TEST_CASE("CurlClient: silence is a stall") {
  LoopbackServer server([](const ServerRequest& request) {
    return request.target == "/head" ? ServerResponse{.hang = true}
                                     : ServerResponse{.body = "0123", .hang_after_body_bytes = 2};
  });
  CurlClient client;
  std::vector<std::future<Result<Response>>> outcomes;
  for (const char* path : {"/head", "/body"}) {
    auto request = get(server, path);
    request.stall_timeout = std::chrono::seconds(1);
    outcomes.push_back(client.start(request));
  }
  const auto head = outcomes[0].get();
  REQUIRE_FALSE(head.has_value());
  CHECK(head.error().kind() == ErrorKind::network);
  CHECK(head.error().message() == "GET " + server.url("/head") + " stalled: no byte moved for 1 s");
  const auto body = outcomes[1].get();
  REQUIRE_FALSE(body.has_value());
  CHECK(body.error().message() == "GET " + server.url("/body") + " stalled: no byte moved for 1 s");
}

TEST_CASE("CurlClient: a request that waits for its turn does not stall") {
  LoopbackServer server([](const ServerRequest&) {
    return ServerResponse{.body = "x", .delay = std::chrono::milliseconds(700)};
  });
  CurlClient client({.connections_per_host = 1});
  std::vector<std::future<Result<Response>>> outcomes;
  for (int i = 0; i < 4; ++i) {
    auto request = get(server, "/");
    request.stall_timeout = std::chrono::seconds(1);
    outcomes.push_back(client.start(request));
  }
  for (auto& outcome : outcomes) {
    const auto response = outcome.get();
    CHECK_MESSAGE(response.has_value(), (response ? "" : response.error().message()));
  }
  CHECK(server.connection_count() == 1);
}

TEST_CASE("CurlClient: truncated and mislabelled bodies are network errors") {
  LoopbackServer server([](const ServerRequest& request) {
    if (request.target == "/length") return ServerResponse{.body = "short", .content_length = 100};
    return ServerResponse{
        .body = std::string(5000, 'x'), .chunked = true, .close_after_body_bytes = 2500};
  });
  CurlClient client;
  for (const char* path : {"/length", "/chunked"}) {
    const auto response = client.send(get(server, path));
    REQUIRE_FALSE(response.has_value());
    CHECK(response.error().kind() == ErrorKind::network);
  }
}

TEST_CASE("CurlClient: chunked answers are whole") {
  const std::string body(123'456, 'y');
  LoopbackServer server(
      [&](const ServerRequest&) { return ServerResponse{.body = body, .chunked = true}; });
  CurlClient client;
  CHECK(client.send(get(server, "/"))->body == body);
}

TEST_CASE("CurlClient: nobody listening is a network error") {
  std::string url;
  {
    LoopbackServer server([](const ServerRequest&) { return ServerResponse{}; });
    url = server.url("/");
  }
  CurlClient client;
  const auto response = client.send({.url = *url::parse(url)});
  REQUIRE_FALSE(response.has_value());
  CHECK(response.error().kind() == ErrorKind::network);
  CHECK(response.error().message().starts_with("GET " + url + " failed: Failed to connect"));
}

TEST_CASE("CurlClient: many requests share a few connections") {
  LoopbackServer server(
      [](const ServerRequest& request) { return ServerResponse{.body = request.target}; });
  CurlClient client({.connections_per_host = 3});
  std::vector<std::future<Result<Response>>> outcomes;
  for (int i = 0; i < 200; ++i)
    outcomes.push_back(client.start(get(server, "/" + std::to_string(i))));
  for (int i = 0; i < 200; ++i)
    CHECK(outcomes[static_cast<std::size_t>(i)].get()->body == "/" + std::to_string(i));
  CHECK(server.connection_count() <= 3);
}

TEST_CASE("CurlClient: destruction cancels what is under way") {
  LoopbackServer server([](const ServerRequest&) { return ServerResponse{.hang = true}; });
  std::future<Result<Response>> outcome;
  {
    CurlClient client;
    outcome = client.start(get(server, "/"));
  }
  const auto response = outcome.get();
  REQUIRE_FALSE(response.has_value());
  CHECK(response.error().message() == "GET " + server.url("/") + " was cancelled");
}

TEST_CASE("CurlClient: headers without end are refused") {
  LoopbackServer server([](const ServerRequest&) {
    ServerResponse response;
    for (int i = 0; i < 300; ++i)
      response.headers.emplace_back("X-" + std::to_string(i), std::string(5000, 'x'));
    return response;
  });
  CurlClient client;
  const auto response = client.send(get(server, "/"));
  REQUIRE_FALSE(response.has_value());
  CHECK(response.error().kind() == ErrorKind::integrity);
}
