#include <cogbuild/io/file.hpp>
#include <cogbuild/registry/credentials.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace cogbuild::registry {
namespace {

// me:secret
const std::string kAuth = "bWU6c2VjcmV0";

DockerConfig parsed(const std::string& json) {
  auto config = parse_docker_config(json);
  REQUIRE(config.has_value());
  return *config;
}

TEST_CASE("DockerConfig::find: keys are hosts, URLs or paths") {
  const auto config = parsed(R"({"auths":{
    "r8.im":{"auth":"bWU6c2VjcmV0"},
    "https://index.docker.io/v1/":{"username":"hub","password":"p:w"},
    "https://old.example.com/v2/":{"auth":"bWU6c2VjcmV0"},
    "quay.io":{"auth":"YTpi"},
    "quay.io/team":{"identitytoken":"idt"},
    "quay.io/team/app":{"registrytoken":"rt"},
    "empty.io":{}}})");
  const Credentials me{.username = "me", .password = "secret"};
  CHECK(config.find("r8.im") == me);
  CHECK(config.find("r8.im", "owner/model") == me);
  CHECK(config.find("old.example.com") == me);
  CHECK(config.find("docker.io") == Credentials{.username = "hub", .password = "p:w"});
  CHECK(config.find("quay.io", "other/x") == Credentials{.username = "a", .password = "b"});
  CHECK(config.find("quay.io", "team/x") == Credentials{.identity_token = "idt"});
  CHECK(config.find("quay.io", "team/app/y") == Credentials{.registry_token = "rt"});
  CHECK(config.find("quay.io", "teams") == Credentials{.username = "a", .password = "b"});
  CHECK(config.find("empty.io").empty());
  CHECK(config.find("elsewhere.io").empty());
}

TEST_CASE("parse_docker_config: other ways of writing an entry") {
  CHECK(parsed("").auths.empty());
  CHECK(parsed("{}").auths.empty());
  CHECK(parsed(R"({"auths":null,"credsStore":null,"credHelpers":null})").auths.empty());
  // <token>:abc
  CHECK(parsed(R"({"auths":{"a.io":{"auth":"PHRva2VuPjphYmM="}}})").find("a.io") ==
        Credentials{.identity_token = "abc"});
  // 00000000-0000-0000-0000-000000000000: with an identity token, as for azurecr.io
  CHECK(parsed(R"({"auths":{"a.io":{"auth":"MDA6","identitytoken":"x"}}})").find("a.io") ==
        Credentials{.username = "00", .identity_token = "x"});
  // me:secret, padded with zero bytes
  CHECK(parsed(R"({"auths":{"a.io":{"auth":"bWU6c2VjcmV0AAA="}}})").find("a.io").password ==
        "secret");
}

TEST_CASE("parse_docker_config: what is malformed is refused without showing any of it") {
  struct Row {
    std::string json;
    std::string message;
  };
  const std::vector<Row> rows{
      {"{secret", "not a JSON object"},
      {"[]", "not a JSON object"},
      {R"({"auths":7})", "`auths` is not an object"},
      {R"({"auths":{"a":"secret"}})", "an entry of `auths` is not an object"},
      {R"({"auths":{"a":{"auth":"secret!"}}})", "an `auth` is not base64 of `user:password`"},
      {R"({"auths":{"a":{"auth":"c2VjcmV0"}}})", "an `auth` is not base64 of `user:password`"},
      {R"({"auths":{"a":{"password":7}}})", "`password` is not a string"},
      {R"({"credsStore":7})", "`credsStore` is not a string"},
      {R"({"credHelpers":{"a":7}})", "`credHelpers` is not an object of strings"},
      {std::string(100'000, '['), "nested too deeply"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.json.substr(0, 80));
    const auto config = parse_docker_config(row.json);
    REQUIRE_FALSE(config.has_value());
    CHECK(config.error().kind() == ErrorKind::config);
    CHECK(config.error().message() == "the registry credentials are malformed: " + row.message);
  }
}

TEST_CASE("DockerConfig::helper_for: a host's own helper goes before the store for all") {
  const auto config =
      parsed(R"({"credsStore":"desktop","credHelpers":{"gcr.io":"gcloud","docker.io":"hub"}})");
  CHECK(config.helper_for("gcr.io") == "gcloud");
  CHECK(config.helper_for("docker.io") == "hub");
  CHECK(config.helper_for("r8.im") == "desktop");
  CHECK(parsed("{}").helper_for("r8.im").empty());
}

TEST_CASE("with_login: adds or replaces one entry and keeps the rest") {
  const auto once = with_login(R"({"credsStore":"x","auths":{"a.io":{"auth":"YTpi"}}})", "r8.im",
                               {.username = "me", .password = "secret"});
  REQUIRE(once.has_value());
  CHECK(*once ==
        "{\n\t\"credsStore\": \"x\",\n\t\"auths\": {\n\t\t\"a.io\": {\n\t\t\t\"auth\": "
        "\"YTpi\"\n\t\t},\n\t\t\"r8.im\": {\n\t\t\t\"auth\": \"" +
            kAuth + "\"\n\t\t}\n\t}\n}\n");
  CHECK(with_login(*once, "r8.im", {.username = "me", .password = "secret"}).value() == *once);
  const auto hub = with_login("", "docker.io", {.identity_token = "t"});
  CHECK(parsed(hub.value()).find("docker.io") == Credentials{.identity_token = "t"});
  CHECK_FALSE(with_login(R"({"auths":7})", "a.io", {}).has_value());
}

// Answers `get` for the hosts it was given, and counts.
class FakeHelpers final : public process::Runner {
 public:
  Result<process::Outcome> run(const process::Command& command) override {
    calls.push_back(command.arguments.at(0) + " " + command.arguments.at(1) + " <" + command.input +
                    ">");
    if (command.arguments[0] == "docker-credential-missing")
      return fail(Error(ErrorKind::not_found, "no such program"));
    if (command.arguments[0] == "docker-credential-hung")
      return fail(Error(ErrorKind::io, "docker-credential-hung took longer than 30 s"));
    if (command.input == "gcr.io\n")
      return process::Outcome{.output = R"({"ServerURL":"gcr.io","Username":"g","Secret":"s"})"};
    return process::Outcome{.exit_code = 1, .output = "credentials not found in native keychain\n"};
  }
  std::vector<std::string> calls{};
};

struct Files {
  io::TempDir folder = io::TempDir::create().value();
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    REQUIRE(io::write_atomically(folder.path() / name, content).has_value());
    return folder.path() / name;
  }
};

TEST_CASE("credentials_from: helper first, then the file's entry, then the next file") {
  const Files files;
  const CredentialFiles paths{
      {files.folder.path() / "absent.json",
       files.write("config.json", R"({"credsStore":"desktop","credHelpers":{"x.io":"missing"},
                                       "auths":{"r8.im":{"auth":"bWU6c2VjcmV0"}}})"),
       files.write("auth.json", R"({"auths":{"x.io/a":{"auth":"YTpi"}}})")}};
  FakeHelpers helpers;
  const auto credentials = credentials_from(paths, helpers);
  CHECK(credentials("gcr.io/p").value() == Credentials{.username = "g", .password = "s"});
  CHECK(credentials("r8.im/a/b").value() == Credentials{.username = "me", .password = "secret"});
  CHECK(credentials("x.io/a/b").value() == Credentials{.username = "a", .password = "b"});
  CHECK(credentials("x.io/c").value().empty());
  CHECK(credentials("docker.io/library/x").value().empty());
  CHECK(helpers.calls == std::vector<std::string>{
                             "docker-credential-desktop get <gcr.io\n>",
                             "docker-credential-desktop get <r8.im\n>",
                             "docker-credential-missing get <x.io\n>",
                             "docker-credential-missing get <x.io\n>",
                             "docker-credential-desktop get <https://index.docker.io/v1/\n>",
                         });
  CHECK(credentials("gcr.io/p").has_value());
  CHECK(helpers.calls.size() == 5);  // remembered
}

TEST_CASE("credentials_from: a hung helper and a malformed file are errors") {
  const Files files;
  FakeHelpers helpers;
  const auto hung = credentials_from({{files.write("hung.json", R"({"credsStore":"hung"})")}},
                                     helpers)("r8.im/a");
  REQUIRE_FALSE(hung.has_value());
  CHECK(render(hung.error()).find("asking docker-credential-hung for credentials of r8.im") !=
        std::string::npos);

  const auto path = files.write("bad.json", "{");
  const auto bad = credentials_from({{path}}, helpers)("r8.im/a");
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().location()->file == path.string());

  const auto name = credentials_from(
      {{files.write("name.json", R"({"credsStore":"../../bin/sh"})")}}, helpers)("r8.im/a");
  CHECK(name.error().message() == "`../../bin/sh` is not the name of a credential helper");
}

TEST_CASE("credential_files: Docker's file, then containers'") {
  using Paths = std::vector<std::filesystem::path>;
  CHECK(credential_files({.home = "/h"}).paths ==
        Paths{"/h/.docker/config.json", "/h/.config/containers/auth.json"});
  CHECK(credential_files({.docker_config = "/d",
                          .registry_auth_file = "/r.json",
                          .xdg_runtime_dir = "/run",
                          .xdg_config_home = "/x",
                          .home = "/h"})
            .paths ==
        Paths{"/d/config.json", "/r.json", "/run/containers/auth.json", "/x/containers/auth.json"});
  CHECK(credential_files({}).paths.empty());
}

}  // namespace
}  // namespace cogbuild::registry
