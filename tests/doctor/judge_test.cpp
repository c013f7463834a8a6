#include <cogbuild/doctor/environment.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace cogbuild::doctor {
namespace {

using namespace std::chrono_literals;

Facts healthy() {
  return {.now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1},
          .cache = "/home/me/.cache/cogbuild",
          .free_bytes = std::uint64_t{50} << 30,
          .has_git = true,
          .has_gpgv = true,
          .has_lock = true,
          .indexes = {{.place = "https://index.example/simple/", .status = 200}},
          .registry = "registry.example",
          .has_credentials = true,
          .registry_answer = Answer{.place = "registry.example", .status = 401}};
}

// What is not in order: `id: message | fix`.
std::vector<std::string> wrong(const Facts& facts, Grade least = Grade::hint) {
  std::vector<std::string> out;
  for (const auto& verdict : judge(facts))
    if (verdict.grade >= least)
      out.push_back(verdict.id + ": " + verdict.message + " | " + verdict.fix);
  return out;
}
using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("judge: nothing is wrong where all is in order, and each thing is named") {
  CHECK(wrong(healthy()) == Strings{});
  Strings ids;
  for (const auto& verdict : judge(healthy())) {
    ids.push_back(verdict.id);
    CHECK(verdict.fix == "");
    CHECK_FALSE(verdict.message.empty());
  }
  CHECK(ids == Strings{"docker", "cache", "clock", "git", "gpgv", "lock", "configuration",
                       "certificates", "index", "registry-login", "registry"});
}

TEST_CASE("judge: the cache") {
  auto facts = healthy();
  facts.free_bytes = std::uint64_t{3} << 30;
  CHECK(
      wrong(facts) ==
      Strings{"cache: 3.0 GiB free for the cache in /home/me/.cache/cogbuild | a model with a GPU "
              "framework takes some 10 GiB: set COGBUILD_CACHE_DIR to a larger disk, or run "
              "`cogbuild cache prune`"});
  facts.free_bytes = std::uint64_t{200} << 20;
  CHECK(
      wrong(facts, Grade::error) ==
      Strings{"cache: only 200 MiB free for the cache in /home/me/.cache/cogbuild | make room, or "
              "set COGBUILD_CACHE_DIR to a larger disk"});
  facts.cache_problem = "permission denied";
  CHECK(wrong(facts, Grade::error) ==
        Strings{"cache: the cache cannot be used: permission denied | set COGBUILD_CACHE_DIR to a "
                "directory that you may write"});
}

TEST_CASE("judge: the clock, alone and beside those of servers") {
  auto facts = healthy();
  facts.now = {};
  CHECK(wrong(facts, Grade::error) == Strings{"clock: the clock is years behind | set the clock: "
                                              "certificates and tokens are judged by it"});
  facts = healthy();
  facts.indexes[0].clock_ahead = 299s;
  CHECK(wrong(facts) == Strings{});
  facts.registry_answer->clock_ahead = -3600s;
  CHECK(wrong(facts) == Strings{"clock: the clock is 60 minutes ahead of that of the servers | set "
                                "the clock: certificates and tokens are judged by it"});
  facts.registry_answer->clock_ahead = 600s;
  CHECK(wrong(facts)[0].starts_with("clock: the clock is 10 minutes behind that of the servers"));
}

TEST_CASE("judge: programs matter only where the project needs them") {
  auto facts = healthy();
  facts.has_git = facts.has_gpgv = false;
  CHECK(wrong(facts) == Strings{});
  facts.needs_git = facts.needs_gpgv = true;
  CHECK(
      wrong(facts, Grade::error) ==
      Strings{"git: git is missing: the requirements name repositories | install the package `git` "
              "of your system",
              "gpgv: gpgv is missing: system packages cannot be verified | install the package "
              "`gpgv` of your system"});
}

TEST_CASE("judge: no lock is a hint") {
  auto facts = healthy();
  facts.has_lock = false;
  CHECK(wrong(facts, Grade::warning) == Strings{});
  CHECK(wrong(facts) ==
        Strings{"lock: the project has no lock: versions may change with each build "
                "| run `cogbuild lock`, and keep the files in version control"});
}

TEST_CASE("judge: configuration, certificates, proxies") {
  auto facts = healthy();
  facts.unreadable_files = {"/etc/pip.conf"};
  facts.missing_certificates = {"SSL_CERT_FILE=/nowhere"};
  facts.proxies = {"https_proxy"};
  CHECK(
      wrong(facts) ==
      Strings{"configuration: /etc/pip.conf cannot be read | correct its permissions: what it says "
              "is not followed now",
              "certificates: SSL_CERT_FILE=/nowhere names no file | correct or unset the variable: "
              "no server can be trusted without it"});
  bool told = false;
  for (const auto& verdict : judge(facts))
    told = told || verdict.message == "servers are asked through https_proxy";
  CHECK(told);
}

TEST_CASE("judge: what an index answers") {
  const auto said = [](int status, std::string problem = {}) {
    auto facts = healthy();
    facts.indexes = {
        {.place = "https://i.example/", .status = status, .problem = std::move(problem)}};
    const auto out = wrong(facts);
    return out.empty() ? std::string() : out[0].substr(0, out[0].find(" | "));
  };
  CHECK(said(200) == "");
  CHECK(said(404) == "");
  CHECK(said(405) == "");
  CHECK(said(401) == "index: https://i.example/ refuses us with status 401");
  CHECK(said(403) == "index: https://i.example/ refuses us with status 403");
  CHECK(said(503) == "index: https://i.example/ has trouble: status 503");
  CHECK(said(0, "connection refused") ==
        "index: https://i.example/ does not answer: connection refused");
  auto facts = healthy();
  facts.indexes.clear();
  facts.index_problem = "no index at all";
  CHECK(wrong(facts, Grade::error)[0].starts_with("index: no index at all | correct the URL"));
}

TEST_CASE("judge: the registry and the login for it") {
  auto facts = healthy();
  facts.registry_answer->status = 200;
  CHECK(wrong(facts) == Strings{});
  facts.registry_answer->status = 404;
  CHECK(wrong(facts) == Strings{"registry: registry.example answers with status 404, not as a "
                                "registry does | check the name in `image`"});
  facts.registry_answer = Answer{.place = "registry.example", .problem = "no such host"};
  CHECK(wrong(facts, Grade::error) ==
        Strings{"registry: registry.example does not answer: no such host | check the network, the "
                "proxy and the name in `image`"});
  facts = healthy();
  facts.has_credentials = false;
  CHECK(wrong(facts) ==
        Strings{"registry-login: there is no login for registry.example: a push will likely be "
                "refused | log in, as with `docker login registry.example` or `skopeo login "
                "registry.example`"});
  facts.credentials_problem = "config.json is not JSON";
  CHECK(wrong(facts, Grade::error) ==
        Strings{"registry-login: config.json is not JSON | correct the file, or log in again"});
  facts = healthy();
  facts.registry.clear();
  facts.registry_answer.reset();
  CHECK(wrong(facts) == Strings{});
}

TEST_CASE("judge: offline, no server is missed") {
  auto facts = healthy();
  facts.offline = true;
  facts.indexes.clear();
  facts.registry_answer.reset();
  CHECK(wrong(facts) == Strings{});
}

}  // namespace cogbuild::doctor
