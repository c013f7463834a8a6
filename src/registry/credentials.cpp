#include <cogbuild/io/file.hpp>
#include <cogbuild/registry/credentials.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace cogbuild::registry {

namespace {

constexpr std::chrono::seconds kHelperTimeout{30};
constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{4} * 1024 * 1024;

// The host as Docker spells it to helpers.
std::string helper_key(const std::string& registry) {
  return registry == "docker.io" ? "https://index.docker.io/v1/" : registry;
}

bool is_helper_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
}

// Asks `docker-credential-<name> get`: the host on standard input, JSON on standard output.
Result<Credentials> ask_helper(const std::string& name, const std::string& registry,
                               process::Runner& runner) {
  if (!is_helper_name(name))
    return fail(
        Error(ErrorKind::config, fmt::format("`{}` is not the name of a credential helper", name)));
  const std::string program = "docker-credential-" + name;
  auto outcome = runner.run({.arguments = {program, "get"},
                             .input = helper_key(registry) + "\n",
                             .timeout = kHelperTimeout,
                             .limit_bytes = std::uint64_t{64} * 1024});
  if (!outcome) {
    if (outcome.error().kind() == ErrorKind::not_found) return Credentials{};
    return fail(std::move(outcome).error().during(
        fmt::format("asking {} for credentials of {}", program, registry)));
  }
  // "credentials not found in native keychain", a locked store, …: go on without.
  if (outcome->exit_code != 0) return Credentials{};
  auto credentials = parse_helper_answer(outcome->output);
  if (!credentials)
    return fail(std::move(credentials)
                    .error()
                    .during(fmt::format("asking {} for credentials of {}", program, registry)));
  return credentials;
}

class FileCredentials {
 public:
  FileCredentials(CredentialFiles files, process::Runner& runner)
      : files_(std::move(files)), runner_(runner) {}

  Result<Credentials> find(const std::string& registry) {
    const std::lock_guard lock(mutex_);
    const std::string host = registry.substr(0, registry.find('/'));
    const std::string repository =
        host.size() == registry.size() ? std::string() : registry.substr(host.size() + 1);
    if (const auto known = known_.find(registry); known != known_.end()) return known->second;
    Credentials found;
    for (const auto& path : files_.paths) {
      TRY_ASSIGN(found, find_in(path, host, repository));
      if (!found.empty()) break;
    }
    known_.emplace(registry, found);
    return found;
  }

 private:
  Result<Credentials> find_in(const std::filesystem::path& path, const std::string& host,
                              const std::string& repository) {
    auto text = io::read_file(path, kMaxConfigBytes);
    if (!text) {
      if (text.error().kind() == ErrorKind::not_found) return Credentials{};
      return fail(std::move(text).error());
    }
    auto config = parse_docker_config(*text);
    if (!config) return fail(std::move(config).error().at({.file = path.string()}));
    if (const std::string helper = config->helper_for(host); !helper.empty()) {
      TRY_ASSIGN(auto credentials, ask_helper(helper, host, runner_));
      if (!credentials.empty()) return credentials;
    }
    return config->find(host, repository);
  }

  CredentialFiles files_;
  process::Runner& runner_;
  std::mutex mutex_{};
  std::map<std::string, Credentials> known_{};
};

}  // namespace

CredentialFiles credential_files(const CredentialEnvironment& environment) {
  const std::filesystem::path home(environment.home);
  CredentialFiles files;
  if (!environment.docker_config.empty())
    files.paths.push_back(std::filesystem::path(environment.docker_config) / "config.json");
  else if (!home.empty())
    files.paths.push_back(home / ".docker" / "config.json");
  if (!environment.registry_auth_file.empty())
    files.paths.emplace_back(environment.registry_auth_file);
  if (!environment.xdg_runtime_dir.empty())
    files.paths.push_back(std::filesystem::path(environment.xdg_runtime_dir) / "containers" /
                          "auth.json");
  if (!environment.xdg_config_home.empty())
    files.paths.push_back(std::filesystem::path(environment.xdg_config_home) / "containers" /
                          "auth.json");
  else if (!home.empty())
    files.paths.push_back(home / ".config" / "containers" / "auth.json");
  return files;
}

CredentialsFor credentials_from(CredentialFiles files, process::Runner& runner) {
  auto credentials = std::make_shared<FileCredentials>(std::move(files), runner);
  return [credentials](const std::string& registry) { return credentials->find(registry); };
}

}  // namespace cogbuild::registry
