
#include <cogbuild/http/base64.hpp>
#include <cogbuild/registry/credentials.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace cogbuild::registry {

namespace {

using Json = nlohmann::ordered_json;  // with_login keeps the user's order

constexpr std::size_t kMaxConfigBytes = std::size_t{4} * 1024 * 1024;
constexpr int kMaxDepth = 32;
constexpr std::string_view kDockerHubKey = "https://index.docker.io/v1/";

Error malformed(std::string_view why) {
  return {ErrorKind::config, fmt::format("the registry credentials are malformed: {}", why)};
}

// Nothing of the text may reach a message: it holds passwords.
Result<Json> parse_object(std::string_view text) {
  if (text.size() > kMaxConfigBytes) return fail(malformed("the file is too large"));
  bool too_deep = false;
  Json document = Json::parse(
      text,
      [&](int depth, Json::parse_event_t, const Json&) {
        too_deep = too_deep || depth > kMaxDepth;
        return !too_deep;
      },
      /*allow_exceptions=*/false);
  if (too_deep) return fail(malformed("nested too deeply"));
  if (!document.is_object()) return fail(malformed("not a JSON object"));
  return document;
}

Result<std::string> string_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::string();
  if (!found->is_string()) return fail(malformed(fmt::format("`{}` is not a string", key)));
  return found->get<std::string>();
}

Result<Credentials> read_auth(const Json& entry) {
  if (!entry.is_object()) return fail(malformed("an entry of `auths` is not an object"));
  Credentials credentials;
  TRY_ASSIGN(credentials.username, string_at(entry, "username"));
  TRY_ASSIGN(credentials.password, string_at(entry, "password"));
  TRY_ASSIGN(credentials.identity_token, string_at(entry, "identitytoken"));
  TRY_ASSIGN(credentials.registry_token, string_at(entry, "registrytoken"));
  TRY_ASSIGN(const std::string packed, string_at(entry, "auth"));
  if (!packed.empty()) {
    auto pair = http::base64_decode(packed);
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos)
      return fail(malformed("an `auth` is not base64 of `user:password`"));
    credentials.username = pair->substr(0, colon);
    credentials.password = pair->substr(colon + 1);
    // Docker once padded the text with zero bytes.
    while (credentials.password.ends_with('\0')) credentials.password.pop_back();
  }
  // What helpers say, and some tools copy.
  if (credentials.username == "<token>") {
    if (credentials.identity_token.empty())
      credentials.identity_token = std::move(credentials.password);
    credentials.username.clear();
    credentials.password.clear();
  }
  return credentials;
}

// `https://host/v1/` and `host/` -> `host`; a path that is no API version stays.
std::string_view normal_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  for (const std::string_view version : {"/v1/", "/v2/", "/v1", "/v2", "/"})
    if (key.ends_with(version)) key.remove_suffix(version.size());
  return key;
}

bool same_host(std::string_view key, std::string_view registry) {
  const std::string_view host = normal_key(key);
  const auto is_docker_hub = [](std::string_view name) {
    return name == "docker.io" || name == "index.docker.io" || name == "registry-1.docker.io";
  };
  return host == registry || (is_docker_hub(registry) && is_docker_hub(host));
}

std::string key_of(const std::string& registry) {
  return registry == "docker.io" ? std::string(kDockerHubKey) : registry;
}

}  // namespace

std::string DockerConfig::helper_for(const std::string& registry) const {
  for (const auto& [host, helper] : credential_helpers)
    if (same_host(host, registry)) return helper;
  return credential_store;
}

Credentials DockerConfig::find(const std::string& registry, std::string_view repository) const {
  // Containers' auth.json may hold `host/path`: the longest that the repository lies below wins.
  std::string scope = fmt::format("{}/{}", registry, repository);
  while (scope.size() > registry.size()) {
    if (const auto found = auths.find(scope); found != auths.end() && !found->second.empty())
      return found->second;
    scope.erase(scope.rfind('/'));
  }
  if (const auto found = auths.find(key_of(registry));
      found != auths.end() && !found->second.empty())
    return found->second;
  for (const auto& [key, credentials] : auths)
    if (same_host(key, registry) && !credentials.empty()) return credentials;
  return {};
}

Result<DockerConfig> parse_docker_config(std::string_view json) {
  DockerConfig config;
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) return config;
  TRY_ASSIGN(const Json document, parse_object(json));
  TRY_ASSIGN(config.credential_store, string_at(document, "credsStore"));
  if (const auto helpers = document.find("credHelpers");
      helpers != document.end() && !helpers->is_null()) {
    if (!helpers->is_object()) return fail(malformed("`credHelpers` is not an object"));
    for (const auto& [host, helper] : helpers->items()) {
      if (!helper.is_string()) return fail(malformed("`credHelpers` is not an object of strings"));
      config.credential_helpers.emplace(host, helper.get<std::string>());
    }
  }
  if (const auto auths = document.find("auths"); auths != document.end() && !auths->is_null()) {
    if (!auths->is_object()) return fail(malformed("`auths` is not an object"));
    for (const auto& [host, entry] : auths->items()) {
      TRY_ASSIGN(auto credentials, read_auth(entry));
      config.auths.emplace(host, std::move(credentials));
    }
  }
  return config;
}

Result<Credentials> parse_helper_answer(std::string_view json) {
  TRY_ASSIGN(const Json document, parse_object(json));
  Credentials credentials;
  TRY_ASSIGN(credentials.username, string_at(document, "Username"));
  TRY_ASSIGN(credentials.password, string_at(document, "Secret"));
  if (credentials.username == "<token>")
    credentials = {.identity_token = std::move(credentials.password)};
  return credentials;
}

Result<std::string> with_login(std::string_view config_json, const std::string& registry,
                               const Credentials& credentials) {
  Json document = Json::object();
  if (config_json.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    TRY_ASSIGN(document, parse_object(config_json));
  }
  if (const auto auths = document.find("auths");
      auths != document.end() && !auths->is_null() && !auths->is_object())
    return fail(malformed("`auths` is not an object"));
  Json entry = Json::object();
  if (!credentials.identity_token.empty()) {
    entry["auth"] = http::base64_encode("<token>:");
    entry["identitytoken"] = credentials.identity_token;
  } else {
    entry["auth"] = http::base64_encode(credentials.username + ":" + credentials.password);
  }
  document["auths"][key_of(registry)] = std::move(entry);
  return document.dump(1, '\t', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cogbuild::registry
