#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/registry/credentials.hpp>
#include <cogbuild/url/url.hpp>

#include <compare>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::registry {

// What a request wants to do where.
struct Access {
  std::string registry{};
  std::string repository{};
  bool push = false;
  std::string mount_from{};  // another repository, to be read
  friend auto operator<=>(const Access&, const Access&) = default;
};

// Token scopes of an access, the target first: some servers read only the first.
std::vector<std::string> scopes_of(const Access& access);

// Whether credentials may go to `target`, which a registry named (a token realm, an upload
// location): https, unless the registry itself is spoken to over http; and no private address
// unless the registry's own. Error: integrity, naming `what`.
Result<void> check_named_url(const url::Url& target, const url::Url& registry,
                             std::string_view what);

// Tokens and Basic credentials; Docker's "Token Authentication". Learns from the first 401 of a
// host what it asks for, then gives every request its header unasked. A token is used for its
// scopes until little of its life is left. Safe from several threads.
class Authenticator {
 public:
  // All must outlive it.
  Authenticator(http::Client& http, clock::Clock& clock, CredentialsFor credentials, bool insecure);

  // The Authorization header for now; empty while nothing is known to be needed.
  // Errors: auth (the token server refuses the credentials), network, and those of the credentials.
  Result<std::string> header_for(const Access& access);
  // Takes the challenge of a 401 to a request that had `sent_header`. True: header_for now gives
  // another one, so trying again makes sense.
  Result<bool> take_challenge(const Access& access, const url::Url& registry,
                              const http::Response& refusal, const std::string& sent_header);
  // Who we are there, for messages; empty: nobody.
  std::string user(const Access& access);
  // `text` without any secret given out so far.
  std::string without_secrets(std::string text);
  [[nodiscard]] std::uint64_t request_count();

 private:
  enum class Scheme { unknown, basic, bearer };
  struct Token {
    std::string header{};
    clock::Time use_until{};
  };
  struct Host {
    Scheme scheme = Scheme::unknown;
    url::Url realm{};
    std::string service{};
    std::map<Access, std::vector<std::string>> extra_scopes{};  // asked for in challenges
    std::map<std::string, Token> tokens{};                      // by scopes
  };

  Result<Credentials> credentials_for(const Access& access);
  Result<std::string> bearer_header(Host& host, const Access& access);
  Result<Token> fetch_token(const Host& host, const Access& access,
                            const std::vector<std::string>& scopes);
  Result<http::Response> ask(const Host& host, const Credentials& credentials,
                             const std::vector<std::string>& scopes);
  Result<http::Response> ask_with_get(const Host& host, const Credentials& credentials,
                                      const std::vector<std::string>& scopes);
  Result<http::Response> ask_with_post(const Host& host, const Credentials& credentials,
                                       const std::vector<std::string>& scopes);
  Result<http::Response> send(http::Request request);
  static std::vector<std::string> all_scopes(const Host& host, const Access& access);

  http::Client& http_;
  clock::Clock& clock_;
  CredentialsFor credentials_;
  bool insecure_;
  std::mutex mutex_{};  // guards what follows; held while a token is fetched, so that it is once
  std::map<std::string, Host> hosts_{};
  std::set<std::string> secrets_{};
  std::uint64_t request_count_ = 0;
};

}  // namespace cogbuild::registry
