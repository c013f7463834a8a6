#include "findings.hpp"
#include "named_file.hpp"

#include <cogbuild/config/config.hpp>

namespace cogbuild::config {

Result<void> check_entry_points(const io::Tree& project, const Config& config) {
  Findings findings;
  const auto check = [&](const Located<std::string>& reference) {
    if (reference->empty()) return;
    const auto file = reference->substr(0, reference->find(".py:") + 3);
    if (const auto problem = check_named_file(project, file))
      findings.error(reference.location, problem->message, problem->hint);
  };
  check(config.predict);
  check(config.train);
  TRY(std::move(findings).finish());
  return {};
}

}  // namespace cogbuild::config
