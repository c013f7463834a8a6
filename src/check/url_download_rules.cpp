#include "fetched_before.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "url_downloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cogbuild::check {
namespace {

std::string_view host_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  url = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  // Never show what stands in front of `@`.
  return url.substr(url.find('@') == std::string_view::npos ? 0 : url.find('@') + 1);
}

std::string_view file_of(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  return url.substr(url.rfind('/') + 1);
}

void find_downloads(const Subject& subject, std::vector<Finding>& findings) {
  const auto downloads = url_downloads(subject);
  if (downloads.empty()) return;
  const FetchedBefore before(subject);
  RuleReporter report(findings);
  for (const auto& download : downloads) {
    const auto file = download.complete ? file_of(download.url) : std::string_view();
    if (!file.empty() && before.names(file)) continue;
    if (is_guarded_by_existing(subject, download.call)) continue;
    report.at(download.call,
              file.empty() ? fmt::format("`{}` fetches weights from `{}` at run time", download.by,
                                         host_of(download.url))
                           : fmt::format("`{}` fetches {}`{}` from `{}` at run time", download.by,
                                         download.one_of ? "weights such as " : "", file,
                                         host_of(download.url)),
              std::string(kBakeWeights));
  }
}

constexpr std::array kRules = {
    Rule{.id = "weights-downloaded",
         .group = Group::weights,
         .severity = Severity::warning,
         .summary = "weights are fetched from a URL when the model starts or runs",
         .why = "Each start waits for the download and fails with the server or the network, and "
                "what lies behind the URL may change. In the image, weights lie in layers of their "
                "own: loaded in parallel, kept by the machine, pushed once.",
         .bad = "def setup(self):\n    subprocess.check_call([\"pget\", URL, \"weights.pth\"])",
         .good = "def setup(self):\n    self.model = torch.load(\"weights/model.pth\")",
         .find = find_downloads},
};

}  // namespace

std::span<const Rule> url_download_rules() { return kRules; }

}  // namespace cogbuild::check
