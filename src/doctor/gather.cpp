#include "http_date.hpp"

#include <cogbuild/doctor/gather.hpp>
#include <cogbuild/io/file.hpp>

#include <array>
#include <future>
#include <optional>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cogbuild::doctor {
namespace {

using Environment = std::map<std::string, std::string>;

std::string variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

bool is_program(const Environment& environment, std::string_view name) {
  const std::string path = variable(environment, "PATH");
  for (std::string_view rest = path; !rest.empty();) {
    const auto end = std::min(rest.find(':'), rest.size());
    const auto file = std::filesystem::path(rest.substr(0, end)) / name;
    std::error_code code;
    if (std::filesystem::is_regular_file(file, code) && ::access(file.c_str(), X_OK) == 0)
      return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

bool can_be_read(const std::filesystem::path& file) {
  std::error_code code;
  return !std::filesystem::exists(file, code) || io::open_for_reading(file).has_value();
}

std::vector<std::string> missing_certificates(const Environment& environment) {
  static constexpr std::array<const char*, 5> kNames = {
      "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR"};
  std::vector<std::string> out;
  for (const std::string name : kNames) {
    const std::string value = variable(environment, name);
    std::error_code code;
    if (!value.empty() && !std::filesystem::exists(value, code)) out.push_back(name + "=" + value);
  }
  return out;
}

std::vector<std::string> proxies(const Environment& environment) {
  static constexpr std::array<const char*, 5> kNames = {"http_proxy", "https_proxy", "HTTPS_PROXY",
                                                        "all_proxy", "ALL_PROXY"};
  std::vector<std::string> out;
  for (const std::string name : kNames)
    if (!variable(environment, name).empty()) out.push_back(name);
  return out;
}

std::future<Result<http::Response>> ask(http::Client& http, const url::Url& url,
                                        http::Method method) {
  constexpr std::chrono::seconds kPatience{5};
  return http.start({.method = method,
                     .url = url,
                     .limit_bytes = std::uint64_t{1} << 20,
                     .stall_timeout = kPatience});
}

Answer to_answer(std::string place, const Result<http::Response>& response, clock::Time now) {
  Answer out{.place = std::move(place)};
  if (!response) {
    out.problem = response.error().message();
    return out;
  }
  out.status = response->status;
  if (const auto date = parse_http_date(http::header(response->headers, "date")))
    out.clock_ahead = std::chrono::duration_cast<std::chrono::seconds>(*date - now);
  return out;
}

// The page of a project that every image needs: the index itself may be a page of many megabytes.
url::Url page_of_cog(url::Url index) {
  if (!index.path.ends_with('/')) index.path += '/';
  index.path += "cog/";
  return index;
}

std::optional<url::Url> registry_url(const std::string& registry) {
  const std::string host = registry == "docker.io" ? "registry-1.docker.io" : registry;
  auto url = url::parse("https://" + host + "/v2/");
  if (!url) return std::nullopt;
  if (url->is_loopback()) {
    // Anew, since the default port is another one.
    url = url::parse("http://" + host + "/v2/");
    if (!url) return std::nullopt;
  }
  return *std::move(url);
}

void ask_servers(const Question& question, http::Client& http, Facts& facts) {
  std::vector<std::future<Result<http::Response>>> answers;
  for (const url::Url& index : question.indexes)
    answers.push_back(ask(http, page_of_cog(index), http::Method::head));
  const auto registry = facts.registry.empty() ? std::nullopt : registry_url(facts.registry);
  std::future<Result<http::Response>> of_registry;
  if (registry) of_registry = ask(http, *registry, http::Method::get);
  for (std::size_t i = 0; i < answers.size(); ++i)
    facts.indexes.push_back(
        to_answer(url::to_display(question.indexes[i]), answers[i].get(), facts.now));
  if (registry) facts.registry_answer = to_answer(facts.registry, of_registry.get(), facts.now);
}

}  // namespace

Facts gather(const Question& question, http::Client& http, const clock::Clock& clock) {
  Facts facts = question.known;
  facts.now = clock.now();
  facts.has_git = is_program(question.environment, "git");
  facts.has_gpgv = is_program(question.environment, "gpgv");
  std::error_code code;
  facts.has_lock = std::filesystem::exists(question.project / "pylock.toml", code);
  if (facts.cache_problem.empty()) {
    const auto space = std::filesystem::space(facts.cache, code);
    if (code)
      facts.cache_problem = code.message();
    else
      facts.free_bytes = space.available;
  }
  for (const auto& file : question.configuration_files)
    if (!can_be_read(file)) facts.unreadable_files.push_back(file.string());
  facts.missing_certificates = missing_certificates(question.environment);
  facts.proxies = proxies(question.environment);
  if (!facts.offline) ask_servers(question, http, facts);
  return facts;
}

}  // namespace cogbuild::doctor
