#include "python_release.hpp"

#include <cogbuild/base/debian_base.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

namespace cogbuild::base {
namespace {

struct Suite {
  std::string_view codename{};
  std::string_view number{};
  std::string_view python{};
  std::string_view python_release{};
  std::string_view glibc{};
  bool is_chosen = false;  // unasked, for its Python
};

constexpr std::array kSuites = {
    Suite{"bullseye", "11", "3.9", "3.9.2", "2.31", false},
    Suite{"bookworm", "12", "3.11", "3.11.2", "2.36", true},
    Suite{"trixie", "13", "3.13", "3.13.5", "2.41", true},
    Suite{"forky", "14", {}, {}, {}, false},
    Suite{"sid", {}, {}, {}, {}, false},
};

// A shell with the tools that `run` steps take for granted, dpkg to ask what is installed,
// certificates, time zones and service names, the init that Cog's entrypoint names, and the
// libraries that manylinux wheels expect.
constexpr std::array<std::string_view, 22> kPackages = {
    "base-files",   "base-passwd", "bash",        "ca-certificates",
    "coreutils",    "dash",        "debianutils", "dpkg",
    "findutils",    "grep",        "gzip",        "libc-bin",
    "libcrypt1",    "libgomp1",    "libstdc++6",  "mawk",
    "ncurses-base", "netbase",     "sed",         "tar",
    "tini",         "tzdata",
};

const Suite* find_suite(std::string_view codename) {
  const auto suite = std::ranges::find(kSuites, codename, &Suite::codename);
  return suite == kSuites.end() ? nullptr : &*suite;
}

std::string_view kernel_name(std::string_view architecture) {
  if (architecture == "amd64") return "x86_64";
  if (architecture == "arm64") return "aarch64";
  return {};
}

std::string_view suite_for(std::string_view series) {
  const auto suite = std::ranges::find_if(
      kSuites, [&](const Suite& known) { return known.is_chosen && known.python == series; });
  return suite == kSuites.end() ? kDefaultSuite : suite->codename;
}

void sort_and_unique(std::vector<std::string>& names) {
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

// Before 3.12 the standard library has distutils; Debian keeps it in a package of its own.
std::vector<std::string> python_packages(const PythonRelease& release) {
  std::vector<std::string> packages = {"python" + release.series()};
  constexpr unsigned kFirstWithoutDistutils = 12;
  if (release.minor < kFirstWithoutDistutils) packages.emplace_back("python3-distutils");
  std::ranges::sort(packages);
  return packages;
}

std::vector<BaseLink> debian_python_links(std::string_view series) {
  const std::string program = fmt::format("/usr/bin/python{}", series);
  return {{"usr/bin/python", "python3"},
          {"usr/bin/python3", fmt::format("python{}", series)},
          {"usr/local/bin/python", program},
          {"usr/local/bin/python3", program},
          {fmt::format("usr/local/lib/python{}/dist-packages", series), "site-packages"}};
}

// Standalone builds look for certificates below /etc/ssl, Debian's OpenSSL below /usr/lib/ssl.
std::vector<BaseLink> standalone_links() {
  return {{"etc/ssl/cert.pem", "certs/ca-certificates.crt"}};
}

class Composer {
 public:
  Composer(const DebianBaseRequest& request, std::string_view machine)
      : request_(request), machine_(machine) {}

  Result<DebianBase> compose() {
    TRY(choose_python());
    base_.packages.assign(kPackages.begin(), kPackages.end());
    base_.packages.insert(base_.packages.end(), request_.packages.begin(), request_.packages.end());
    sort_and_unique(base_.packages);
    // Cog's entrypoint is /sbin/tini, Debian's tini lies in /usr/bin.
    base_.links.push_back({"usr/sbin/tini", "../bin/tini"});
    std::ranges::sort(base_.links, {}, &BaseLink::path);
    return std::move(base_);
  }

 private:
  Result<void> choose_python() {
    const std::string_view own =
        suite_python(request_.suite.empty() ? kDefaultSuite : std::string_view(request_.suite));
    const std::string wanted(request_.python_version.empty() ? own : request_.python_version);
    if (wanted.empty())
      return fail(
          Error(ErrorKind::config,
                fmt::format("which Python the suite `{}` has is not known here", request_.suite))
              .hint("set `python_version` in cog.yaml"));
    TRY_ASSIGN(const auto release, PythonRelease::require(wanted));
    base_.python_series = release.series();
    base_.suite = request_.suite.empty() ? suite_for(base_.python_series) : request_.suite;
    if (request_.python_archive_is_given) {
      base_.reasons.push_back(fmt::format("Python {} comes from the archive that is named for it",
                                          base_.python_series));
      take_standalone(std::nullopt);
      return {};
    }
    const Suite* const suite = find_suite(base_.suite);
    const bool suite_has_it = suite != nullptr && suite->python == base_.python_series;
    const bool patch_matters =
        release.patch && (suite == nullptr || wanted != suite->python_release);
    const bool has_exact = patch_matters && find_standalone(wanted, machine_);
    if (suite_has_it && !has_exact) {
      take_debian(release);
      if (patch_matters)
        base_.warnings.push_back(
            fmt::format("there is no build of Python {} to compose a base "
                        "with; Debian's Python {} is taken",
                        wanted, suite->python_release));
      return {};
    }
    TRY_ASSIGN(auto chosen, choose_standalone(wanted, machine_));
    base_.reasons.push_back(
        has_exact ? fmt::format("Python {} is a standalone build, as `python_version` asks for "
                                "this very release",
                                wanted)
                  : fmt::format("Python {} is a standalone build, as Debian {} has no {}",
                                chosen.python.version, base_.suite, base_.python_series));
    if (!chosen.warning.empty()) base_.warnings.push_back(std::move(chosen.warning));
    take_standalone(std::move(chosen.python));
    return {};
  }

  void take_debian(const PythonRelease& release) {
    base_.python_origin = PythonOrigin::debian_packages;
    base_.python_packages = python_packages(release);
    base_.links = debian_python_links(base_.python_series);
    base_.dropped = {fmt::format("usr/lib/python{}/EXTERNALLY-MANAGED", base_.python_series)};
    base_.reasons.push_back(
        fmt::format("Python {} is Debian {}'s own", base_.python_series, base_.suite));
  }

  void take_standalone(std::optional<StandalonePython> python) {
    base_.python_origin = PythonOrigin::standalone;
    base_.standalone = std::move(python);
    base_.links = standalone_links();
  }

  const DebianBaseRequest& request_;
  std::string_view machine_;
  DebianBase base_{};
};

}  // namespace

std::optional<std::string> native_suite(std::string_view base) {
  constexpr std::string_view kName = "debian";
  if (!base.starts_with(kName)) return std::nullopt;
  base.remove_prefix(kName.size());
  if (base.empty()) return std::string();
  if (!base.starts_with(':')) return std::nullopt;
  base.remove_prefix(1);
  for (const Suite& suite : kSuites)
    if (base == suite.codename || (!suite.number.empty() && base == suite.number))
      return std::string(suite.codename);
  return std::nullopt;
}

std::string_view suite_python(std::string_view suite) {
  const Suite* const known = find_suite(suite);
  return known == nullptr ? std::string_view() : known->python;
}

std::string_view suite_glibc(std::string_view suite) {
  const Suite* const known = find_suite(suite);
  return known == nullptr ? std::string_view() : known->glibc;
}

Result<DebianBase> debian_base(const DebianBaseRequest& request) {
  const std::string_view machine = kernel_name(request.architecture);
  if (machine.empty())
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("a base for `{}` cannot be composed", request.architecture))
                    .hint("use linux/amd64 or linux/arm64, or name a base image with --base"));
  return Composer(request, machine).compose();
}

std::vector<std::pair<std::string, std::string>> base_environment(std::string_view python_release) {
  return {{"LANG", "C.UTF-8"},
          {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
          {"PYTHON_VERSION", std::string(python_release)}};
}

}  // namespace cogbuild::base
