#pragma once

#include "support/test_registry.hpp"

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/registry/client.hpp>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace cogbuild::registry {

// Incompressible, different everywhere, the same each time.
inline std::string some_bytes(std::size_t size, std::uint32_t seed = 1) {
  std::string content(size, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& c : content) {
    state = state * 1664525U + 1013904223U;
    c = static_cast<char>(state >> 24U);
  }
  return content;
}

// A blob in memory that counts what is read of it.
struct Source {
  std::string content{};
  std::uint64_t opened = 0;

  BlobToPush blob(const std::string& label, std::vector<std::string> mount_from = {}) {
    return {.digest = digest::digest_of(content),
            .size_bytes = content.size(),
            .label = label,
            .open = [this](std::uint64_t offset) -> Result<std::unique_ptr<io::ByteSource>> {
              ++opened;
              return std::make_unique<io::MemorySource>(
                  content.substr(static_cast<std::size_t>(offset)));
            },
            .mount_from = std::move(mount_from)};
  }
};

// Keeps every progress value too.
class ProgressLog final : public progress::Reporter {
 public:
  void started(const std::string&, const std::string&, std::uint64_t) override {}
  void advanced(const std::string&, std::uint64_t done) override {
    const std::lock_guard lock(mutex);
    done_bytes.push_back(done);
  }
  void finished(const std::string&, const std::string&) override {}
  void note(const std::string& line) override { add(notes, line); }
  void warn(const std::string& line) override { add(warnings, line); }
  void explain(const std::string& line) override { add(explanations, line); }

  std::vector<std::uint64_t> done_bytes{};
  std::vector<std::string> notes{};
  std::vector<std::string> warnings{};
  std::vector<std::string> explanations{};

 private:
  void add(std::vector<std::string>& list, const std::string& line) {
    const std::lock_guard lock(mutex);
    list.push_back(line);
  }
  std::mutex mutex{};
};

// A client before a registry in this process, on a clock that stands still unless something waits.
struct Fixture {
  explicit Fixture(testing::RegistryOptions options = {}, ClientOptions client_options = {},
                   Credentials credentials = {.username = "me", .password = "secret"})
      : registry([&] {
          if (!options.now_seconds)
            options.now_seconds = [this] {
              return std::chrono::duration_cast<std::chrono::seconds>(
                         clock.now().time_since_epoch())
                  .count();
            };
          return options;
        }()),
        client(
            http, clock, log, [credentials](const std::string&) { return credentials; },
            client_options) {}

  [[nodiscard]] image::Reference reference(const std::string& name = "owner/model:v1") const {
    return image::parse_reference(registry.host() + "/" + name).value();
  }
  [[nodiscard]] std::vector<std::string> lines() { return registry.server().request_lines(); }

  clock::ManualClock clock{};
  ProgressLog log{};
  testing::TestRegistry registry;
  http::CurlClient http{};
  Client client;
};

}  // namespace cogbuild::registry
