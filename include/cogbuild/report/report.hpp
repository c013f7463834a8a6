#pragma once

#include <cogbuild/report/budget.hpp>
#include <cogbuild/report/model.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::report {

// All that a report shows. Every format is made from this value alone, and the JSON holds it whole.
struct Report {
  ImageSummary image{};
  std::optional<ImageSummary> compared{};  // the earlier image
  std::string missing{};  // the image to compare with, when there is none of that name
  std::vector<Violation> violations{};
  std::vector<std::string> skipped_budgets{};  // subjects that need the missing image
  friend bool operator==(const Report&, const Report&) = default;
};

// Checks the budgets and says which could not be.
Report make_report(ImageSummary image, std::optional<ImageSummary> compared, std::string missing,
                   const std::vector<Budget>& budgets);

}  // namespace cogbuild::report
