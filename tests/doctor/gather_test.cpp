#include <cogbuild/doctor/gather.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace cogbuild::doctor {
namespace {

url::Url parsed(const std::string& text) {
  auto url = url::parse(text);
  REQUIRE(url.has_value());
  return *url;
}

struct Machine {
  io::TempDir directory = *io::TempDir::create();
  http::ScriptedClient http{};
  clock::ManualClock clock{};

  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory.path() / name).string();
  }
  void write(const std::string& name, std::filesystem::perms mode) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    REQUIRE(io::write_atomically(path(name), "x").has_value());
    std::filesystem::permissions(path(name), mode);
  }
  [[nodiscard]] Question question() const {
    Question out{.project = directory.path()};
    out.known.cache = directory.path();
    return out;
  }
};

}  // namespace

TEST_CASE("gather: programs are files in PATH that may be run") {
  Machine machine;
  machine.write("a/git", std::filesystem::perms::owner_all);
  machine.write("a/gpgv", std::filesystem::perms::owner_read);
  auto question = machine.question();
  question.known.offline = true;
  question.environment = {{"PATH", machine.path("none") + "::" + machine.path("a")}};
  const auto facts = gather(question, machine.http, machine.clock);
  CHECK(facts.has_git);
  CHECK_FALSE(facts.has_gpgv);
  CHECK(facts.free_bytes > 0);
  CHECK_FALSE(facts.has_lock);
  CHECK(machine.http.sent().empty());
}

TEST_CASE("gather: files and variables") {
  Machine machine;
  machine.write("pylock.toml", std::filesystem::perms::owner_all);
  machine.write("ca.pem", std::filesystem::perms::owner_all);
  auto question = machine.question();
  question.known.offline = true;
  question.environment = {{"SSL_CERT_FILE", machine.path("ca.pem")},
                          {"REQUESTS_CA_BUNDLE", "/nowhere/ca.pem"},
                          {"https_proxy", "http://me:secret@proxy.example"},
                          {"HTTPS_PROXY", ""}};
  question.configuration_files = {machine.path("ca.pem"), machine.path("none")};
  const auto facts = gather(question, machine.http, machine.clock);
  CHECK(facts.has_lock);
  CHECK(facts.unreadable_files.empty());
  CHECK(facts.missing_certificates ==
        std::vector<std::string>{"REQUESTS_CA_BUNDLE=/nowhere/ca.pem"});
  CHECK(facts.proxies == std::vector<std::string>{"https_proxy"});
}

TEST_CASE("gather: a cache that is not there") {
  Machine machine;
  auto question = machine.question();
  question.known.offline = true;
  question.known.cache = machine.path("none");
  CHECK_FALSE(gather(question, machine.http, machine.clock).cache_problem.empty());
}

TEST_CASE("gather: each server is asked once, and no answer shows credentials") {
  Machine machine;
  machine.clock.set(clock::Time(std::chrono::seconds(784111777)));
  machine.http.answer(http::Method::head, "https://index.example/simple/cog/",
                      {.status = 200, .headers = {{"Date", "Sun, 06 Nov 1994 08:50:37 GMT"}}});
  machine.http.answer(http::Method::get, "https://registry-1.docker.io/v2/", {.status = 401});
  auto question = machine.question();
  question.indexes = {parsed("https://me:secret@index.example/simple/"),
                      parsed("https://gone.example/simple")};
  question.known.registry = "docker.io";
  const auto facts = gather(question, machine.http, machine.clock);
  REQUIRE(facts.indexes.size() == 2);
  CHECK(facts.indexes[0] == Answer{.place = "https://index.example/simple/",
                                   .status = 200,
                                   .clock_ahead = std::chrono::seconds(60)});
  CHECK(facts.indexes[1].place == "https://gone.example/simple");
  CHECK(facts.indexes[1].status == 0);
  CHECK_FALSE(facts.indexes[1].problem.empty());
  REQUIRE(facts.registry_answer.has_value());
  CHECK(*facts.registry_answer == Answer{.place = "docker.io", .status = 401});
  CHECK(machine.http.sent().size() == 3);
}

TEST_CASE("gather: a registry on loopback is asked over http") {
  Machine machine;
  machine.http.answer(http::Method::get, "http://127.0.0.1:5000/v2/", {.status = 200});
  auto question = machine.question();
  question.known.registry = "127.0.0.1:5000";
  CHECK(gather(question, machine.http, machine.clock).registry_answer->status == 200);
}

}  // namespace cogbuild::doctor
