#include "validate.hpp"

#include "named_file.hpp"
#include "value_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cogbuild::config {

namespace {

bool given(const SourceLocation& place) { return place.line > 0; }

void validate_python(const Config& config, const Places& places, Findings& findings) {
  if (given(places.build) && config.python_version->empty() && !places.python_version_is_wrong)
    findings.error(places.build, "`build` needs `python_version`",
                   "add `python_version: \"3.12\"` below it");
  if (!config.python_requirements->empty() && given(places.python_packages))
    findings.error(places.python_packages,
                   "`python_packages` and `python_requirements` exclude each other",
                   "move the packages into the requirements file");
}

void validate_names(const Config& config, const Places& places, Findings& findings) {
  if (!config.image->empty() && !config.model->empty())
    findings.error(config.model.location, "`image` and `model` exclude each other",
                   "keep `image` for a plain image, `model` for one with managed weights");
  if (!places.run->empty() && !places.predict->empty())
    findings.error(places.predict.location, "`run` and `predict` exclude each other",
                   "remove `predict`, the older name of `run`");
  if (given(places.weights) && config.model->empty())
    findings.error(places.weights, "`weights` needs `model`",
                   config.image->empty()
                       ? "name the repository: `model: \"registry.example/owner/name\"`"
                       : "write `model` instead of `image`, without a tag");
}

void validate_concurrency(const Config& config, const Places& places, Findings& findings) {
  if (!given(places.concurrency)) return;
  if (!given(places.concurrency_max))
    return findings.error(places.concurrency, "`concurrency` needs `max`", "add `max: 1` below it");
  if (!config.concurrency_max) return;  // reported as not a number
  if (*config.concurrency_max < 1)
    return findings.error(
        places.concurrency_max,
        fmt::format("`concurrency.max` must be at least 1, not {}", *config.concurrency_max),
        "remove `concurrency` to run one prediction at a time");
  const std::string& python = *config.python_version;
  const bool old_python =
      std::ranges::any_of(std::array{"3.8", "3.9", "3.10"}, [&](std::string_view series) {
        return python.starts_with(series) &&
               (python.size() == series.size() || python[series.size()] == '.');
      });
  if (*config.concurrency_max > 1 && old_python)
    findings.error(places.concurrency_max,
                   fmt::format("`concurrency.max` above 1 needs Python 3.11, but "
                               "`python_version` is {}",
                               *config.python_version),
                   "set `python_version: \"3.11\"` or newer");
}

}  // namespace

void validate(const Config& config, const Places& places, const io::Tree& project,
              Findings& findings) {
  validate_python(config, places, findings);
  validate_names(config, places, findings);
  validate_concurrency(config, places, findings);
  if (config.python_requirements->empty()) return;
  if (const auto problem = check_named_file(project, *config.python_requirements))
    findings.error(config.python_requirements.location, problem->message, problem->hint);
}

}  // namespace cogbuild::config
