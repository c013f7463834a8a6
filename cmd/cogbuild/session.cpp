#include "session.hpp"

#include <cogbuild/default_index.hpp>
#include <cogbuild/http/certificates.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/pypi/index_config.hpp>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace cogbuild::cmd {

namespace {

Terminal::Options terminal_options(const std::map<std::string, std::string>& environment,
                                   Verbosity verbosity) {
  const bool is_terminal = ::isatty(STDERR_FILENO) == 1 && !environment.contains("CI");
  const auto no_colour = environment.find("NO_COLOR");
  return {.is_terminal = is_terminal,
          .colour = is_terminal && (no_colour == environment.end() || no_colour->second.empty()),
          .verbosity = verbosity};
}

Result<std::filesystem::path> cache_directory(
    const std::map<std::string, std::string>& environment) {
  const auto get = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  if (const auto own = get("COGBUILD_CACHE_DIR"); !own.empty())
    return std::filesystem::absolute(own);
  if (const auto xdg = get("XDG_CACHE_HOME"); xdg.starts_with('/'))
    return std::filesystem::path(xdg) / "cogbuild";
  if (const auto home = get("HOME"); !home.empty())
    return std::filesystem::path(home) / ".cache" / "cogbuild";
  return fail(Error(ErrorKind::usage, "there is no place for the cache: HOME is not set")
                  .hint("set COGBUILD_CACHE_DIR"));
}

// `cert` of pip's configuration, as a server of packages is often the one that needs it.
std::string pip_certificate(const std::map<std::string, std::string>& environment) {
  std::string certificate;
  for (const auto& path : pypi::pip_config_paths(environment)) {
    const auto content = io::read_file(path);
    if (!content) continue;
    const auto values = pypi::parse_pip_config(*content);
    if (const auto found = values.find("global.cert"); found != values.end())
      certificate = found->second;
  }
  return certificate;
}

}  // namespace

Session::Session(std::map<std::string, std::string> environment)
    : environment_(std::move(environment)),
      terminal_(std::make_unique<Terminal>(terminal_options(environment_, Verbosity::normal))) {}

void Session::set_verbosity(Verbosity verbosity) {
  terminal_ = std::make_unique<Terminal>(terminal_options(environment_, verbosity));
}

std::optional<std::string> Session::variable(const std::string& name) const {
  const auto found = environment_.find(name);
  if (found == environment_.end()) return std::nullopt;
  return found->second;
}

Result<build::Services*> Session::services() {
  if (services_) return services_.get();
  std::error_code code;
  const auto here = std::filesystem::current_path(code);
  if (code || here.empty())
    return fail(
        Error(ErrorKind::usage, "the current directory is gone").hint("change to one that exists"));
  TRY_ASSIGN(const auto directory, cache_directory(environment_));
  TRY_ASSIGN(store_, store::LocalStore::open(directory));
  const http::CurlOptions options{
      .user_agent = std::string("cogbuild/") + kCogbuildVersion,
      .authorities = http::certificate_authorities(environment_, pip_certificate(environment_))};
  http_ = std::make_unique<http::CurlClient>(options);
  uploads_ = std::make_unique<http::CurlClient>(options);
  services_ = std::make_unique<build::Services>(build::Services{.blobs = *store_.blobs,
                                                                .keys = *store_.keys,
                                                                .http = *http_,
                                                                .uploads = *uploads_,
                                                                .runner = runner_,
                                                                .clock = clock_,
                                                                .reporter = *terminal_,
                                                                .environment = environment_,
                                                                .default_index = kDefaultIndexUrl,
                                                                .git_directory = directory / "git",
                                                                .insecure = insecure_});
  return services_.get();
}

void Session::write_result(const std::string& text) {
  errno = 0;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  // A reader that has seen enough, such as `head`, is no fault.
  if (written || errno == EPIPE) return;
  finish(fail(io::system_error("write to", "standard output")));
}

void Session::finish(const Result<void>& outcome) {
  if (outcome) return;
  terminal_->error(render(outcome.error()));
  exit_code_ = cogbuild::exit_code(outcome.error().kind());
}

}  // namespace cogbuild::cmd
