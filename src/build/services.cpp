#include <cogbuild/build/services.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/registry/credentials.hpp>

#include <optional>
#include <utility>

namespace cogbuild::build {

namespace {

std::string variable(const Services& services, const std::string& name) {
  const auto found = services.environment.find(name);
  return found == services.environment.end() ? std::string() : found->second;
}

// What `keyring get` prints; a keyring that is missing, locked or empty answers nothing.
std::optional<std::string> ask_keyring(process::Runner& runner, const std::string& place,
                                       const std::string& user) {
  if (place.starts_with('-') || user.starts_with('-')) return std::nullopt;  // not an option
  auto outcome = runner.run({.arguments = {"keyring", "get", place, user}});
  if (!outcome || outcome->exit_code != 0) return std::nullopt;
  std::string password = std::move(outcome->output);
  while (password.ends_with('\n') || password.ends_with('\r')) password.pop_back();
  if (password.empty()) return std::nullopt;
  return password;
}

}  // namespace

Result<registry::Client*> Registries::client_for(const std::string& registry) {
  const std::lock_guard lock(mutex_);
  auto& client = clients_[registry];
  if (!client)
    client = std::make_unique<registry::Client>(
        services_.http, services_.clock, services_.reporter,
        registry::credentials_from(
            registry::credential_files(
                {.docker_config = variable(services_, "DOCKER_CONFIG"),
                 .registry_auth_file = variable(services_, "REGISTRY_AUTH_FILE"),
                 .xdg_runtime_dir = variable(services_, "XDG_RUNTIME_DIR"),
                 .xdg_config_home = variable(services_, "XDG_CONFIG_HOME"),
                 .home = variable(services_, "HOME")}),
            services_.runner),
        registry::ClientOptions{.insecure = services_.insecure, .upload_http = &services_.uploads});
  return client.get();
}

pypi::IndexSources index_sources(const Services& services,
                                 const std::filesystem::path& project_root) {
  pypi::IndexSources sources;
  sources.variables = services.environment;
  sources.default_index = services.default_index;
  sources.project_root = project_root;
  std::error_code ignored;
  sources.working_directory = std::filesystem::current_path(ignored);
  // A file that cannot be read is as if it were not there, as with pip.
  for (const auto& path : pypi::pip_config_paths(services.environment))
    if (auto content = io::read_file(path)) sources.pip_files.emplace_back(path.string(), *content);
  for (const auto& path : pypi::uv_config_paths(services.environment))
    if (auto content = io::read_file(path)) sources.uv_files.emplace_back(path.string(), *content);
  sources.ask_keyring = [&runner = services.runner](const std::string& place,
                                                    const std::string& user) {
    return ask_keyring(runner, place, user);
  };
  std::filesystem::path netrc = variable(services, "NETRC");
  if (netrc.empty() && !variable(services, "HOME").empty())
    netrc = std::filesystem::path(variable(services, "HOME")) / ".netrc";
  if (!netrc.empty())
    if (auto content = io::read_file(netrc)) sources.netrc = *content;
  return sources;
}

}  // namespace cogbuild::build
