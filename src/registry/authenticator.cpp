#include "authenticator.hpp"

#include <cogbuild/http/base64.hpp>
#include <cogbuild/registry/challenge.hpp>
#include <cogbuild/registry/server_error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace cogbuild::registry {

namespace {

constexpr std::uint64_t kMaxTokenBytes = std::uint64_t{64} * 1024;
constexpr std::int64_t kDefaultLifeSeconds = 60;  // Docker's token specification
constexpr std::int64_t kMaxLifeSeconds = std::int64_t{24} * 3600;

struct TokenAnswer {
  std::string token{};
  std::int64_t life_seconds = kDefaultLifeSeconds;
};

std::optional<TokenAnswer> parse_token_answer(std::string_view body) {
  const auto document = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return std::nullopt;
  TokenAnswer answer;
  for (const char* key : {"token", "access_token"}) {
    const auto found = document.find(key);
    if (answer.token.empty() && found != document.end() && found->is_string())
      answer.token = found->get<std::string>();
  }
  const bool printable =
      std::ranges::all_of(answer.token, [](char c) { return c > ' ' && c < 0x7f; });
  if (answer.token.empty() || !printable) return std::nullopt;
  const auto life = document.find("expires_in");
  if (life != document.end() && life->is_number_integer())
    answer.life_seconds = std::clamp<std::int64_t>(life->get<std::int64_t>(), 0, kMaxLifeSeconds);
  return answer;
}

// How long before its end a token is replaced: a quarter of its life, at least 30 s, but never more
// than half of it.
std::chrono::milliseconds safety_margin(std::chrono::milliseconds life) {
  return std::min(life / 2,
                  std::max<std::chrono::milliseconds>(life / 4, std::chrono::seconds(30)));
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields)
    out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, url::percent_encode(value));
  return out;
}

std::string joined(const std::vector<std::string>& scopes) {
  std::string out;
  for (const std::string& scope : scopes) out += (out.empty() ? "" : " ") + scope;
  return out;
}

}  // namespace

std::vector<std::string> scopes_of(const Access& access) {
  std::vector<std::string> scopes;
  if (access.repository.empty()) return scopes;
  scopes.push_back(
      fmt::format("repository:{}:{}", access.repository, access.push ? "pull,push" : "pull"));
  if (!access.mount_from.empty())
    scopes.push_back(fmt::format("repository:{}:pull", access.mount_from));
  return scopes;
}

Authenticator::Authenticator(http::Client& http, clock::Clock& clock, CredentialsFor credentials,
                             bool insecure)
    : http_(http), clock_(clock), credentials_(std::move(credentials)), insecure_(insecure) {}

Result<Credentials> Authenticator::credentials_for(const Access& access) {
  if (!credentials_) return Credentials{};
  auto credentials = credentials_(access.registry + "/" + access.repository);
  if (credentials)
    for (const std::string* secret :
         {&credentials->password, &credentials->identity_token, &credentials->registry_token})
      if (secret->size() >= 4) secrets_.insert(*secret);
  return credentials;
}

std::string Authenticator::user(const Access& access) {
  const std::lock_guard lock(mutex_);
  const auto credentials = credentials_for(access);
  if (!credentials || credentials->empty()) return {};
  return credentials->username.empty() ? "<token>" : credentials->username;
}

std::string Authenticator::without_secrets(std::string text) {
  const std::lock_guard lock(mutex_);
  for (const std::string& secret : secrets_)
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
      text.replace(at, secret.size(), "…");
  return text;
}

std::uint64_t Authenticator::request_count() {
  const std::lock_guard lock(mutex_);
  return request_count_;
}

Result<std::string> Authenticator::header_for(const Access& access) {
  const std::lock_guard lock(mutex_);
  Host& host = hosts_[access.registry];
  switch (host.scheme) {
    case Scheme::unknown:
      break;
    case Scheme::basic: {
      TRY_ASSIGN(const Credentials credentials, credentials_for(access));
      if (credentials.username.empty()) break;
      const std::string packed =
          http::base64_encode(credentials.username + ":" + credentials.password);
      secrets_.insert(packed);
      return "Basic " + packed;
    }
    case Scheme::bearer:
      return bearer_header(host, access);
  }
  return std::string();
}

std::vector<std::string> Authenticator::all_scopes(const Host& host, const Access& access) {
  std::vector<std::string> scopes = scopes_of(access);
  if (const auto extra = host.extra_scopes.find(access); extra != host.extra_scopes.end())
    scopes.insert(scopes.end(), extra->second.begin(), extra->second.end());
  return scopes;
}

Result<std::string> Authenticator::bearer_header(Host& host, const Access& access) {
  const auto scopes = all_scopes(host, access);
  const std::string key = joined(scopes);
  if (const auto known = host.tokens.find(key);
      known != host.tokens.end() && clock_.now() < known->second.use_until)
    return known->second.header;
  TRY_ASSIGN(Token token, fetch_token(host, access, scopes));
  std::string header = token.header;
  host.tokens[key] = std::move(token);
  return header;
}

Result<bool> Authenticator::take_challenge(const Access& access, const url::Url& registry,
                                           const http::Response& refusal,
                                           const std::string& sent_header) {
  std::optional<Challenge> bearer;
  bool basic = false;
  for (const std::string& value : http::header_values(refusal.headers, "www-authenticate")) {
    for (Challenge& challenge : parse_challenges(value)) {
      if (challenge.scheme == "basic") basic = true;
      if (challenge.scheme == "bearer" && !bearer && challenge.parameters.contains("realm"))
        bearer = std::move(challenge);
    }
  }

  const std::lock_guard lock(mutex_);
  Host& host = hosts_[access.registry];
  if (!bearer) {
    if (!basic || sent_header.starts_with("Basic ")) return false;
    host.scheme = Scheme::basic;
    TRY_ASSIGN(const Credentials credentials, credentials_for(access));
    return !credentials.username.empty();
  }

  auto realm = url::resolve(registry, bearer->parameters["realm"]);
  if (!realm)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} names a token server that is no URL", access.registry)));
  TRY(check_named_url(*realm, registry, "its token server"));
  host.scheme = Scheme::bearer;
  host.realm = *std::move(realm);
  host.realm.username.clear();
  host.realm.password.clear();
  host.service = bearer->parameters["service"];
  // The token that was refused is dead, whatever its life should have been.
  std::erase_if(host.tokens, [&](const auto& entry) { return entry.second.header == sent_header; });

  const auto scopes = all_scopes(host, access);
  std::string_view asked = bearer->parameters["scope"];
  while (!asked.empty()) {
    const auto end = asked.find(' ');
    const std::string scope(asked.substr(0, end));
    const bool covered = std::ranges::any_of(scopes, [&](const std::string& ours) {
      return ours == scope || ours.starts_with(scope + ",");
    });
    auto& extra = host.extra_scopes[access];
    if (!scope.empty() && !covered && extra.size() < 8) extra.push_back(scope);
    asked.remove_prefix(end == std::string_view::npos ? asked.size() : end + 1);
  }
  return true;
}

// Not retried here: a token that cannot be had is a network error of the request that needs it,
// which is tried again with the patience of its own work.
Result<http::Response> Authenticator::send(http::Request request) {
  request.limit_bytes = kMaxTokenBytes;
  request.allow_insecure_tls = insecure_;
  ++request_count_;
  return http_.send(std::move(request));
}

Result<http::Response> Authenticator::ask_with_get(const Host& host, const Credentials& credentials,
                                                   const std::vector<std::string>& scopes) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!host.service.empty()) fields.emplace_back("service", host.service);
  for (const std::string& scope : scopes) fields.emplace_back("scope", scope);
  http::Request request{.method = http::Method::get, .url = host.realm};
  if (!fields.empty()) request.url.query += (request.url.query.empty() ? "" : "&") + form(fields);
  if (!credentials.username.empty() || !credentials.identity_token.empty()) {
    const std::string packed = http::base64_encode(
        credentials.identity_token.empty()
            ? credentials.username + ":" + credentials.password
            : (credentials.username.empty() ? "<token>" : credentials.username) + ":" +
                  credentials.identity_token);
    secrets_.insert(packed);
    request.headers.emplace_back("Authorization", "Basic " + packed);
  }
  return send(std::move(request));
}

Result<http::Response> Authenticator::ask_with_post(const Host& host,
                                                    const Credentials& credentials,
                                                    const std::vector<std::string>& scopes) {
  const std::string body = form({{"grant_type", "refresh_token"},
                                 {"service", host.service},
                                 {"client_id", "cogbuild"},
                                 {"scope", joined(scopes)},
                                 {"refresh_token", credentials.identity_token}});
  return send({.method = http::Method::post,
               .url = host.realm,
               .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
               .body_size_bytes = body.size(),
               .open_body = [body]() -> Result<std::unique_ptr<io::ByteSource>> {
                 return std::make_unique<io::MemorySource>(body);
               }});
}

Result<http::Response> Authenticator::ask(const Host& host, const Credentials& credentials,
                                          const std::vector<std::string>& scopes) {
  if (credentials.identity_token.empty()) return ask_with_get(host, credentials, scopes);
  TRY_ASSIGN(auto response, ask_with_post(host, credentials, scopes));
  if (response.status != 404 && response.status != 405) return response;
  return ask_with_get(host, credentials, scopes);  // a server from before OAuth 2.0
}

Result<Authenticator::Token> Authenticator::fetch_token(const Host& host, const Access& access,
                                                        const std::vector<std::string>& scopes) {
  TRY_ASSIGN(const Credentials credentials, credentials_for(access));
  if (!credentials.registry_token.empty())
    return Token{.header = "Bearer " + credentials.registry_token, .use_until = clock::Time::max()};

  TRY_ASSIGN(const auto response, ask(host, credentials, scopes));
  const std::string server = host.realm.authority();
  if (response.status != 200) {
    const std::string said = to_string(parse_server_error(response.status, response.body));
    if (response.status != 400 && response.status != 401 && response.status != 403)
      return fail(Error(ErrorKind::network, fmt::format("{} gave no token for {}: it answered {}",
                                                        server, access.registry, said)));
    const std::string who = credentials.empty() ? "a token without credentials"
                            : credentials.username.empty()
                                ? "the stored token"
                                : fmt::format("the credentials of `{}`", credentials.username);
    return fail(Error(ErrorKind::auth,
                      fmt::format("{} refuses {} for {}: {}", server, who, access.registry, said))
                    .hint(fmt::format("run `docker login {}`", access.registry)));
  }
  auto answer = parse_token_answer(response.body);
  if (!answer)
    return fail(Error(
        ErrorKind::network,
        fmt::format("{} gave no token for {}: its answer holds none", server, access.registry)));
  if (answer->token.size() >= 4) secrets_.insert(answer->token);
  const std::chrono::seconds life(answer->life_seconds);
  return Token{.header = "Bearer " + answer->token,
               .use_until = clock_.now() + (life - safety_margin(life))};
}

}  // namespace cogbuild::registry
