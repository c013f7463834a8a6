#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/process/runner.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::registry {

struct Credentials {
  std::string username{};
  std::string password{};
  std::string identity_token{};  // exchanged for tokens: OAuth 2.0 refresh token
  std::string registry_token{};  // sent as it is
  [[nodiscard]] bool empty() const {
    return username.empty() && identity_token.empty() && registry_token.empty();
  }
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// Credentials for `host/repository`; an empty value means anonymous. Who knows hosts alone looks at
// what stands before the first `/`. Called from several threads.
using CredentialsFor = std::function<Result<Credentials>(const std::string& repository)>;

// Docker's config.json and containers' auth.json.
struct DockerConfig {
  std::map<std::string, std::string> credential_helpers{};  // host -> helper's name
  std::string credential_store{};                           // a helper for all other hosts
  std::map<std::string, Credentials> auths{};               // host, or `host/path`, or a URL

  // Which helper to ask for a host; empty: none.
  [[nodiscard]] std::string helper_for(const std::string& registry) const;
  // The entry for a host, the longest matching `host/path` of a repository first.
  [[nodiscard]] Credentials find(const std::string& registry,
                                 std::string_view repository = {}) const;
};

// Errors: config (malformed; the message shows no credentials).
Result<DockerConfig> parse_docker_config(std::string_view json);

// The answer of `docker-credential-<name> get`. Error: config (malformed).
Result<Credentials> parse_helper_answer(std::string_view json);

// The files to read credentials from, first match wins; those that do not exist are skipped.
struct CredentialFiles {
  std::vector<std::filesystem::path> paths{};
};

// What the environment says; empty means unset.
struct CredentialEnvironment {
  std::string docker_config{};       // DOCKER_CONFIG: a directory
  std::string registry_auth_file{};  // REGISTRY_AUTH_FILE
  std::string xdg_runtime_dir{};
  std::string xdg_config_home{};
  std::string home{};
};
CredentialFiles credential_files(const CredentialEnvironment& environment);

// Looks in the files, asking helpers through `runner`, which must outlive the function. A helper
// that does not know the host, or is not installed, counts as silent. Each host is looked up once.
// Errors: config (a malformed file), io (a helper hangs).
CredentialsFor credentials_from(CredentialFiles files, process::Runner& runner);

// Docker's config.json with an entry for the host added or replaced, all else kept. Error: config.
Result<std::string> with_login(std::string_view config_json, const std::string& registry,
                               const Credentials& credentials);

}  // namespace cogbuild::registry
