#include <cogbuild/report/report.hpp>

#include <utility>

namespace cogbuild::report {

Report make_report(ImageSummary image, std::optional<ImageSummary> compared, std::string missing,
                   const std::vector<Budget>& budgets) {
  Report report{
      .image = std::move(image), .compared = std::move(compared), .missing = std::move(missing)};
  report.violations =
      check_budgets(budgets, report.image, report.compared ? &*report.compared : nullptr);
  for (const auto& budget : budgets)
    if (budget.subject == "growth" && !report.compared)
      report.skipped_budgets.push_back(budget.subject);
  return report;
}

}  // namespace cogbuild::report
