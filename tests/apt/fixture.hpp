#pragma once

#include "support/debian_archive.hpp"
#include "support/loopback_server.hpp"

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::apt {

// Made once for all cases: gpg takes its time.
inline const testing::SigningKey& archive_key() {
  static const testing::SigningKey key;
  return key;
}

// Waits a second where others wait a minute.
class ImpatientClient final : public http::Client {
 public:
  std::future<Result<http::Response>> start(http::Request request) override {
    request.stall_timeout = std::chrono::seconds(1);
    return client_.start(std::move(request));
  }

 private:
  http::CurlClient client_{};
};

// Runs programs and counts them.
class CountingRunner final : public process::Runner {
 public:
  Result<process::Outcome> run(const process::Command& command) override {
    ++count;
    return runner_.run(command);
  }
  std::atomic<int> count{0};

 private:
  process::SpawnRunner runner_{};
};

// Says what it was told to say instead of verifying anything.
class FakeVerifier final : public process::Runner {
 public:
  explicit FakeVerifier(std::string status, std::string program = "gpgv")
      : status_(std::move(status)), program_(std::move(program)) {}
  Result<process::Outcome> run(const process::Command& command) override {
    if (command.arguments.front() != program_)
      return fail(Error(ErrorKind::not_found, "no such program"));
    for (std::size_t i = 0; i + 1 < command.arguments.size(); ++i)
      if (command.arguments[i] == "--output")
        TRY(io::write_atomically(command.arguments[i + 1], text));
    return process::Outcome{.exit_code = 2, .output = status_};
  }
  std::string text{};  // what it prints as signed

 private:
  std::string status_;
  std::string program_;
};

// An archive on a server of this process, and all that reading it takes.
struct Fixture {
  testing::DebianArchive archive{
      .packages = {{.name = "libfoo", .fields = "Depends: libc6\n"}, {.name = "tool"}}};
  std::map<std::string, std::string> files{};  // by path below the root
  // Answers instead of the files, where it does.
  std::function<std::optional<testing::ServerResponse>(const testing::ServerRequest&)> twist{};
  bool has_validators = true;

  ImpatientClient http{};
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  CountingRunner runner{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
  Services services{http, blobs, keys, runner, clock, reporter};
  testing::LoopbackServer server{[this](const auto& request) { return answer(request); }};
  SourceSet set{.origin = "the test",
                .keyrings = {{"etc/apt/trusted.gpg.d/test.asc", archive_key().armoured()}}};

  Fixture() {
    set_time("Sun, 12 Jul 2026 00:00:00 UTC");
    set.sources = {source("trixie")};
    publish();
  }

  void set_time(std::string_view date) {
    clock.set(clock::Time(*debian::parse_release_date(date)));
  }

  debian::Source source(const std::string& suite, std::vector<std::string> components = {"main"}) {
    return {.uri = *url::parse(server.url("/debian")),
            .suite = suite,
            .components = std::move(components)};
  }

  // The archive as it stands, signed.
  void publish(const testing::SigningKey& key = archive_key()) {
    files = archive.files();
    files[archive.folder() + "InRelease"] = key.clear_sign(archive.release());
  }
  void publish_detached() {
    files = archive.files();
    files[archive.folder() + "Release"] = archive.release();
    files[archive.folder() + "Release.gpg"] = archive_key().detach_sign(archive.release());
  }

  testing::ServerResponse answer(const testing::ServerRequest& request) {
    if (twist)
      if (auto twisted = twist(request)) return *std::move(twisted);
    const auto file = files.find(url::percent_decode(request.path()).substr(8));  // `/debian/`
    if (file == files.end()) return {.status = 404};
    const auto etag = "\"" + digest::digest_of(file->second).hex().substr(0, 8) + "\"";
    if (has_validators && request.header("if-none-match") == etag) return {.status = 304};
    auto response = testing::serve_range(request, file->second);
    if (has_validators) response.headers.emplace_back("ETag", etag);
    return response;
  }

  Result<std::vector<Archive>> read() { return read_archives(set, "amd64", services); }

  // The whole message; port and key are different each time.
  std::string failure() {
    const auto archives = read();
    return archives ? "no error" : normal(render(archives.error()));
  }
  [[nodiscard]] std::string normal(std::string message) const {
    const auto fingerprint = archive_key().fingerprint();
    replace(message, server.authority(), "mirror");
    replace(message, fingerprint, "FINGERPRINT");
    replace(message, fingerprint.substr(24), "KEY");
    return message;
  }
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }

  void forget() {
    const auto kept = cached().second;
    for (const auto& [key, value] : kept)
      REQUIRE(keys.erase(store::Table::response, key).has_value());
  }
  [[nodiscard]] bool is_nothing_cached() const {
    return blobs.list()->empty() && keys.list(store::Table::response)->empty();
  }
  // Everything that is kept, to see that a failure changed nothing of it.
  [[nodiscard]] std::pair<std::vector<std::pair<digest::Digest, std::uint64_t>>,
                          std::vector<std::pair<std::string, std::string>>>
  cached() const {
    return {*blobs.list(), *keys.list(store::Table::response)};
  }
};

inline std::vector<std::string> names(const debian::PackageList& packages) {
  std::vector<std::string> out;
  for (const auto& package : packages) out.emplace_back(package.name);
  return out;
}

}  // namespace cogbuild::apt
