#include <cogbuild/doctor/environment.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace cogbuild::doctor {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

std::string size_text(std::uint64_t bytes) {
  return bytes < kGiB ? fmt::format("{} MiB", bytes / kMiB)
                      : fmt::format("{:.1f} GiB", static_cast<double>(bytes) / double{kGiB});
}

// Wheels of a GPU framework and what they are unpacked to.
constexpr std::uint64_t kComfortableBytes = 10 * kGiB;
constexpr std::uint64_t kLeastBytes = kGiB;

Verdict judge_cache(const Facts& facts) {
  if (!facts.cache_problem.empty())
    return {"cache", Grade::error, fmt::format("the cache cannot be used: {}", facts.cache_problem),
            "set COGBUILD_CACHE_DIR to a directory that you may write"};
  const std::string where =
      fmt::format("{} free for the cache in {}", size_text(facts.free_bytes), facts.cache.string());
  if (facts.free_bytes < kLeastBytes)
    return {"cache", Grade::error, "only " + where,
            "make room, or set COGBUILD_CACHE_DIR to a larger disk"};
  if (facts.free_bytes < kComfortableBytes)
    return {"cache", Grade::warning, where,
            "a model with a GPU framework takes some 10 GiB: set COGBUILD_CACHE_DIR to a larger "
            "disk, or run `cogbuild cache prune`"};
  return {"cache", Grade::ok, where, {}};
}

std::optional<std::chrono::seconds> largest_difference(const Facts& facts) {
  std::optional<std::chrono::seconds> out;
  const auto look = [&](const Answer& answer) {
    if (!answer.clock_ahead) return;
    if (!out || std::abs(out->count()) < std::abs(answer.clock_ahead->count()))
      out = answer.clock_ahead;
  };
  for (const Answer& answer : facts.indexes) look(answer);
  if (facts.registry_answer) look(*facts.registry_answer);
  return out;
}

Verdict judge_clock(const Facts& facts) {
  // No certificate that a server has today was valid then.
  constexpr auto kBirth = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};
  constexpr std::chrono::minutes kTolerance{5};
  const std::string fix = "set the clock: certificates and tokens are judged by it";
  if (facts.now < kBirth) return {"clock", Grade::error, "the clock is years behind", fix};
  const auto difference = largest_difference(facts);
  if (difference && std::chrono::abs(*difference) > kTolerance)
    return {
        "clock", Grade::warning,
        fmt::format(
            "the clock is {} minutes {} that of the servers",
            std::chrono::duration_cast<std::chrono::minutes>(std::chrono::abs(*difference)).count(),
            difference->count() > 0 ? "behind" : "ahead of"),
        fix};
  return {"clock",
          Grade::ok,
          difference ? "the clock agrees with the servers" : "the clock is sane",
          {}};
}

Verdict judge_program(std::string_view name, bool there, bool needed, std::string_view purpose) {
  if (there) return {std::string(name), Grade::ok, fmt::format("{} is there", name), {}};
  if (!needed)
    return {std::string(name),
            Grade::ok,
            fmt::format("{} is not there, and this project does not need it", name),
            {}};
  return {std::string(name), Grade::error, fmt::format("{} is missing: {}", name, purpose),
          fmt::format("install the package `{}` of your system", name)};
}

Verdict judge_lock(const Facts& facts) {
  if (facts.has_lock) return {"lock", Grade::ok, "the project has a lock", {}};
  return {"lock", Grade::hint, "the project has no lock: versions may change with each build",
          "run `cogbuild lock`, and keep the files in version control"};
}

void judge_configuration(const Facts& facts, std::vector<Verdict>& out) {
  if (facts.unreadable_files.empty())
    out.push_back({"configuration", Grade::ok, "the configuration of pip and uv can be read", {}});
  for (const std::string& file : facts.unreadable_files)
    out.push_back({"configuration", Grade::warning, fmt::format("{} cannot be read", file),
                   "correct its permissions: what it says is not followed now"});
  for (const std::string& variable : facts.missing_certificates)
    out.push_back({"certificates", Grade::error, fmt::format("{} names no file", variable),
                   "correct or unset the variable: no server can be trusted without it"});
  if (facts.missing_certificates.empty())
    out.push_back({"certificates", Grade::ok, "the certificates to trust are there", {}});
  if (!facts.proxies.empty())
    out.push_back({"proxy",
                   Grade::ok,
                   fmt::format("servers are asked through {}", fmt::join(facts.proxies, ", ")),
                   {}});
}

std::string no_answer(const Answer& answer) {
  return fmt::format("{} does not answer: {}", answer.place, answer.problem);
}

Verdict judge_index(const Answer& answer) {
  constexpr int kUnauthorized = 401;
  constexpr int kForbidden = 403;
  constexpr int kNotFound = 404;
  constexpr int kServerError = 500;
  if (answer.status == 0)
    return {"index", Grade::error, no_answer(answer),
            "check the network, the proxy and the URL; with a lock and a warm cache, "
            "`cogbuild build --offline` needs no index"};
  if (answer.status == kUnauthorized || answer.status == kForbidden)
    return {"index", Grade::error,
            fmt::format("{} refuses us with status {}", answer.place, answer.status),
            "give it a user and a password, in the URL, in netrc or in a keyring"};
  if (answer.status >= kServerError)
    return {"index", Grade::warning,
            fmt::format("{} has trouble: status {}", answer.place, answer.status),
            "try again later"};
  if (answer.status == kNotFound)
    return {"index", Grade::ok, fmt::format("{} answers, and has no cog", answer.place), {}};
  return {"index", Grade::ok, fmt::format("{} answers", answer.place), {}};
}

void judge_indexes(const Facts& facts, std::vector<Verdict>& out) {
  if (!facts.index_problem.empty())
    out.push_back({"index", Grade::error, facts.index_problem,
                   "correct the URL in the requirements, the environment or pip's configuration"});
  if (facts.offline) out.push_back({"index", Grade::ok, "no index was asked: --offline", {}});
  for (const Answer& answer : facts.indexes) out.push_back(judge_index(answer));
}

void judge_registry(const Facts& facts, std::vector<Verdict>& out) {
  constexpr int kOk = 200;
  constexpr int kUnauthorized = 401;
  if (facts.registry.empty()) {
    out.push_back({"registry", Grade::ok, "cog.yaml names no `image`: no registry to ask", {}});
    return;
  }
  if (!facts.credentials_problem.empty())
    out.push_back({"registry-login", Grade::error, facts.credentials_problem,
                   "correct the file, or log in again"});
  else if (facts.has_credentials)
    out.push_back(
        {"registry-login", Grade::ok, fmt::format("there is a login for {}", facts.registry), {}});
  else
    out.push_back(
        {"registry-login", Grade::warning,
         fmt::format("there is no login for {}: a push will likely be refused", facts.registry),
         fmt::format("log in, as with `docker login {0}` or `skopeo login {0}`", facts.registry)});
  if (!facts.registry_answer) {
    out.push_back(
        {"registry", Grade::ok, fmt::format("{} was not asked: --offline", facts.registry), {}});
    return;
  }
  const Answer& answer = *facts.registry_answer;
  if (answer.status == 0)
    out.push_back({"registry", Grade::error, no_answer(answer),
                   "check the network, the proxy and the name in `image`"});
  else if (answer.status != kOk && answer.status != kUnauthorized)
    out.push_back({"registry", Grade::warning,
                   fmt::format("{} answers with status {}, not as a registry does", answer.place,
                               answer.status),
                   "check the name in `image`"});
  else
    out.push_back({"registry", Grade::ok, fmt::format("{} answers", answer.place), {}});
}

}  // namespace

std::vector<Verdict> judge(const Facts& facts) {
  std::vector<Verdict> out;
  out.push_back({"docker", Grade::ok, "no Docker, no emulation and no Python is needed here", {}});
  out.push_back(judge_cache(facts));
  out.push_back(judge_clock(facts));
  out.push_back(
      judge_program("git", facts.has_git, facts.needs_git, "the requirements name repositories"));
  out.push_back(judge_program("gpgv", facts.has_gpgv, facts.needs_gpgv,
                              "system packages cannot be verified"));
  out.push_back(judge_lock(facts));
  judge_configuration(facts, out);
  judge_indexes(facts, out);
  judge_registry(facts, out);
  return out;
}

}  // namespace cogbuild::doctor
