#include "fixture.hpp"

#include <cogbuild/http/scripted_client.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cogbuild::registry {
namespace {

using Lines = std::vector<std::string>;

const std::string kType(image::kManifestType);

std::string refusal_of(Fixture& fixture) {
  const auto fetched = fixture.client.manifest(fixture.reference());
  REQUIRE_FALSE(fetched.has_value());
  CHECK(fetched.error().kind() == ErrorKind::auth);
  return fetched.error().message();
}

TEST_CASE("auth: Basic is learnt from the first 401 and then sent unasked") {
  Fixture fixture({.auth = testing::RegistryAuth::basic});
  fixture.registry.put_manifest("owner/model", "v1", kType, "{}");
  CHECK(fixture.client.manifest(fixture.reference()).has_value());
  CHECK(fixture.client.manifest(fixture.reference()).has_value());
  CHECK(fixture.lines().size() == 3);
}

TEST_CASE("auth: a token is fetched for the scope, and kept for it") {
  Fixture fixture({.auth = testing::RegistryAuth::token});
  fixture.registry.put_manifest("owner/model", "v1", kType, "{}");
  CHECK(fixture.client.manifest(fixture.reference()).has_value());
  CHECK(fixture.client.manifest(fixture.reference()).has_value());
  CHECK(fixture.lines() == Lines{"GET /v2/owner/model/manifests/v1",
                                 "GET /token?service=test&scope=repository%3Aowner%2Fmodel%3Apull",
                                 "GET /v2/owner/model/manifests/v1",
                                 "GET /v2/owner/model/manifests/v1"});
  // Another scope needs another token, but no further 401.
  fixture.registry.server().forget_requests();
  CHECK(fixture.client.check_push_rights(fixture.reference()).has_value());
  CHECK(fixture.lines().front() ==
        "GET /token?service=test&scope=repository%3Aowner%2Fmodel%3Apull%2Cpush");
  CHECK(fixture.lines().size() == 3);
  CHECK(fixture.client.request_count() == 7);
}

TEST_CASE("auth: a mount asks for both repositories, the target first") {
  Fixture fixture({.auth = testing::RegistryAuth::token});
  Source source{some_bytes(1000)};
  fixture.registry.put_blob("base/image", source.content);
  REQUIRE(fixture.client.push_blob(fixture.reference(), source.blob("b", {"base/image"})).value() ==
          BlobOutcome::mounted);
  const auto lines = fixture.lines();
  CHECK(std::ranges::count(lines,
                           "GET /token?service=test&scope=repository%3Aowner%2Fmodel%3Apull%2Cpush&"
                           "scope=repository%3Abase%2Fimage%3Apull") == 1);
}

TEST_CASE("auth: anonymous tokens are enough to pull") {
  Fixture fixture({.auth = testing::RegistryAuth::token, .anonymous_pull = true}, {}, {});
  fixture.registry.put_manifest("owner/model", "v1", kType, "{}");
  CHECK(fixture.client.manifest(fixture.reference()).has_value());
  const auto pushed = fixture.client.check_push_rights(fixture.reference());
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().message() == fixture.registry.host() +
                                        " asks for credentials to push to owner/model: 401 "
                                        "UNAUTHORIZED: authentication required");
  CHECK(pushed.error().hints() == Lines{"run `docker login " + fixture.registry.host() + "`"});
}

TEST_CASE("auth: an identity token is exchanged by POST, or by GET where POST is unknown") {
  const Credentials identity{.identity_token = "secret"};
  Fixture fixture({.auth = testing::RegistryAuth::token}, {}, identity);
  fixture.registry.put_manifest("owner/model", "v1", kType, "{}");
  CHECK(fixture.client.manifest(fixture.reference()).has_value());
  const auto requests = fixture.registry.server().requests();
  CHECK(requests.at(1).method == "POST");
  CHECK(requests.at(1).body ==
        "grant_type=refresh_token&service=test&client_id=cogbuild&scope=repository%3Aowner%2Fmodel%"
        "3Apull&refresh_token=secret");

  Fixture old({.auth = testing::RegistryAuth::token, .username = "<token>"}, {}, identity);
  old.registry.put_manifest("owner/model", "v1", kType, "{}");
  old.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.method = "POST", .target_part = "/token", .response = {.status = 405}});
  });
  CHECK(old.client.manifest(old.reference()).has_value());
}

TEST_CASE("auth: a registry token is sent as it is") {
  http::ScriptedClient http;
  http.answer(
      http::Method::get, "https://r8.im/v2/a/b/manifests/latest",
      {.status = 401, .headers = {{"WWW-Authenticate", "Bearer realm=\"https://t.io/t\""}}});
  http.answer(http::Method::get, "https://r8.im/v2/a/b/manifests/latest", {.body = "{}"});
  clock::ManualClock clock;
  progress::Recording log;
  Client client(http, clock, log,
                [](const std::string&) { return Credentials{.registry_token = "given"}; });
  CHECK(client.manifest(image::parse_reference("r8.im/a/b").value()).has_value());
  REQUIRE(http.sent().size() == 2);
  CHECK(http::header(http.sent()[1].headers, "authorization") == "Bearer given");
}

TEST_CASE("auth: refused credentials are told with user and place, never with the secret") {
  Fixture wrong({.auth = testing::RegistryAuth::basic}, {},
                {.username = "me", .password = "guessed-wrong"});
  CHECK(refusal_of(wrong) == "`me` has no right to pull from owner/model on " +
                                 wrong.registry.host() +
                                 ": 401 UNAUTHORIZED: authentication required");
  CHECK(wrong.lines().size() == 2);

  Fixture token({.auth = testing::RegistryAuth::token}, {},
                {.username = "me", .password = "guessed-wrong"});
  CHECK(refusal_of(token) == token.registry.host() + " refuses the credentials of `me` for " +
                                 token.registry.host() +
                                 ": 401 UNAUTHORIZED: incorrect username or password");

  Fixture nobody({.auth = testing::RegistryAuth::basic}, {}, {});
  CHECK(refusal_of(nobody) == nobody.registry.host() +
                                  " asks for credentials to pull from owner/model: 401 "
                                  "UNAUTHORIZED: authentication required");

  Fixture echo({.auth = testing::RegistryAuth::basic}, {},
               {.username = "me", .password = "hunter2hunter2"});
  echo.registry.with_faults([](auto& faults) {
    faults.answers.push_back(
        {.response = {.status = 500, .body = "you sent hunter2hunter2"}, .times = 100, .skip = 1});
  });
  const auto failed = echo.client.manifest(echo.reference());
  REQUIRE_FALSE(failed.has_value());
  CHECK(render(failed.error()).find("hunter2") == std::string::npos);
}

TEST_CASE("auth: a token without push rights names user and repository") {
  Fixture fixture({.auth = testing::RegistryAuth::token, .deny_push = true});
  const auto pushed = fixture.client.check_push_rights(fixture.reference());
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().kind() == ErrorKind::auth);
  CHECK(pushed.error().message() == "`me` has no right to push to owner/model on " +
                                        fixture.registry.host() +
                                        ": 401 UNAUTHORIZED: authentication required");
  CHECK(fixture.registry.tokens_given() <= 2);
}

// What a client says when r8.im names this token server.
std::string with_realm(const std::string& registry, const std::string& realm) {
  http::ScriptedClient http;
  http.answer(http::Method::get, "https://" + registry + "/v2/a/b/manifests/latest",
              {.status = 401, .headers = {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\""}}});
  clock::ManualClock clock;
  progress::Silent silent;
  Client client(http, clock, silent, [](const std::string&) {
    return Credentials{.username = "me", .password = "secret"};
  });
  const auto fetched = client.manifest(image::parse_reference(registry + "/a/b").value());
  REQUIRE_FALSE(fetched.has_value());
  CHECK(http.sent().front().url == "https://" + registry + "/v2/a/b/manifests/latest");
  if (http.sent().size() > 1) return "asked " + http.sent()[1].url;
  return fetched.error().message();
}

TEST_CASE("auth: credentials go to no token server over http or at a private address") {
  CHECK(with_realm("r8.im", "https://auth.r8.im/token?x=y") ==
        "asked https://auth.r8.im/token?x=y&scope=repository%3Aa%2Fb%3Apull");
  CHECK(with_realm("r8.im", "/token").starts_with("asked https://r8.im/token?"));
  CHECK(with_realm("10.0.0.5", "https://10.0.0.5/token").starts_with("asked https://10.0.0.5/"));
  CHECK(with_realm("r8.im", "http://auth.r8.im/token") ==
        "r8.im sends to http://auth.r8.im/token as its token server, which is not https");
  for (const std::string host : {"127.0.0.1", "localhost", "10.1.2.3", "172.16.0.1", "192.168.1.1",
                                 "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]", "[fd00::1]",
                                 "[fe80::1]", "[::ffff:10.0.0.1]", "2130706433", "127.1"}) {
    CAPTURE(host);
    CHECK(with_realm("r8.im", "https://" + host + "/token")
              .ends_with(" as its token server, which is a private address"));
  }
  CHECK(with_realm("r8.im", "https://172.32.0.1/token").starts_with("asked "));
}

TEST_CASE("auth: an upload goes on elsewhere without credentials, and never at a private address") {
  http::ScriptedClient http;
  http.answer(http::Method::post, "https://r8.im/v2/a/b/blobs/uploads/",
              {.status = 202, .headers = {{"Location", "https://192.168.0.1/x"}}});
  http.answer(http::Method::head, "https://r8.im/v2/a/b/blobs/" + to_string(digest::digest_of("x")),
              {.status = 404});
  clock::ManualClock clock;
  progress::Silent silent;
  Client client(http, clock, silent, {});
  Source source{"x"};
  const auto pushed =
      client.push_blob(image::parse_reference("r8.im/a/b").value(), source.blob("x"));
  REQUIRE_FALSE(pushed.has_value());
  CHECK(pushed.error().message() ==
        "r8.im sends to https://192.168.0.1/x as the place of an upload, which is a private "
        "address");
}

TEST_CASE("auth: broken answers of a token server are errors") {
  for (const std::string body : {"", "[]", "{}", R"({"token":""})", R"({"token":7})",
                                 R"({"token":"a\r\nX: y"})", "<html>"}) {
    CAPTURE(body);
    Fixture fixture({.auth = testing::RegistryAuth::token});
    fixture.registry.with_faults([&](auto& faults) {
      faults.answers.push_back({.target_part = "/token", .response = {.body = body}, .times = 100});
    });
    const auto fetched = fixture.client.manifest(fixture.reference());
    REQUIRE_FALSE(fetched.has_value());
    CHECK(fetched.error().message() == fixture.registry.host() + " gave no token for " +
                                           fixture.registry.host() + ": its answer holds none");
  }
}

TEST_CASE("insecure: https is tried first, then http, and remembered") {
  http::ScriptedClient http;
  http.answer(http::Method::get, "http://lab.example.com:5000/v2/a/manifests/latest",
              {.body = "{}"});
  clock::ManualClock clock;
  progress::Silent silent;
  Client client(http, clock, silent, {}, {.insecure = true});
  const auto reference = image::parse_reference("lab.example.com:5000/a").value();
  CHECK(client.manifest(reference).has_value());
  CHECK(client.manifest(reference).has_value());
  REQUIRE(http.sent().size() == 3);
  CHECK(http.sent()[0].url == "https://lab.example.com:5000/v2/a/manifests/latest");
  CHECK(http.sent()[1].url == "http://lab.example.com:5000/v2/a/manifests/latest");
  CHECK(http.sent()[2].url == "http://lab.example.com:5000/v2/a/manifests/latest");

  Client secure(http, clock, silent, {});
  CHECK_FALSE(secure.manifest(reference).has_value());
}

TEST_CASE("docker.io is reached at its API host") {
  http::ScriptedClient http;
  http.answer(http::Method::get, "https://registry-1.docker.io/v2/library/python/manifests/3",
              {.body = "{}"});
  clock::ManualClock clock;
  progress::Silent silent;
  Client client(http, clock, silent, {});
  CHECK(client.manifest(image::parse_reference("python:3").value()).has_value());
}

}  // namespace
}  // namespace cogbuild::registry
