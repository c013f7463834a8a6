#include "sample.hpp"

#include <cogbuild/report/budget.hpp>
#include <cogbuild/report/report.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using report::Budget;

namespace {

std::vector<std::string> lines(const std::string& budgets, const report::ImageSummary* before) {
  const auto parsed = report::parse_budgets(budgets);
  REQUIRE(parsed);
  std::vector<std::string> out;
  for (const auto& violation : report::check_budgets(*parsed, sample::branch(), before))
    out.push_back(to_string(violation));
  return out;
}
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("parse_budgets: several keys in one text") {
  CHECK(*report::parse_budgets(
            "total=1.5GB, layer:code=5MB,package:*=400MB,growth=10%,python=1GiB") ==
        std::vector<Budget>{{.subject = "total", .allowed_bytes = 1'500'000'000},
                            {.subject = "layer:code", .allowed_bytes = 5'000'000},
                            {.subject = "package", .allowed_bytes = 400'000'000},
                            {.subject = "growth", .allowed_percent = 10},
                            {.subject = "python", .allowed_bytes = 1'073'741'824}});
}

TEST_CASE("parse_budgets: refuses what is not a budget") {
  const std::pair<const char*, const char*> table[] = {
      {"", "`` is not a budget"},
      {"total", "`total` is not a budget"},
      {"total=1GB,", "`` is not a budget"},
      {"size=1GB", "`size` is not a budget"},
      {"layer:=1GB", "`layer:` is not a budget"},
      {"layer:torch=1GB", "`layer:torch` is not a budget"},
      {"total:x=1GB", "`total:x` is not a budget"},
      {"total=", "`` is not a size"},
      {"total=10%", "the budget `total` cannot be a percentage"},
      {"growth=x%", "`x%` is not a percentage"},
      {"growth=-1%", "`-1%` is not a percentage"},
      {"growth=%", "`%` is not a percentage"},
      {"growth=99999999%", "`99999999%` is not a percentage"},
  };
  for (const auto& [text, message] : table) {
    CAPTURE(text);
    const auto budgets = report::parse_budgets(text);
    REQUIRE(!budgets);
    CHECK(budgets.error().kind() == ErrorKind::usage);
    CHECK(budgets.error().message() == message);
    CHECK(budgets.error().hints().size() == 1);
  }
}

TEST_CASE("check_budgets: each subject, with the largest cause") {
  const auto before = sample::main_branch();
  CHECK(lines("total=900MB", &before) ==
        Lines{"budget total: 1404.4 MB, allowed 900.0 MB; largest: python torch 2.3.1, 812.4 MB"});
  CHECK(
      lines("unpacked=1GB", &before) ==
      Lines{
          "budget unpacked: 2381.0 MB, allowed 1000.0 MB; largest: python torch 2.3.1, 1620.0 MB"});
  CHECK(lines("layer=500MB", &before) ==
        Lines{"budget layer: 812.4 MB, allowed 500.0 MB; largest: python torch 2.3.1, 812.4 MB"});
  CHECK(lines("layer:code=1kB", &before) ==
        Lines{"budget layer:code: 14000 bytes, allowed 1000 bytes; largest: code code, <0.1 MB"});
  CHECK(lines("python=1MB", &before) ==
        Lines{"budget python: 873.4 MB, allowed 1.0 MB; largest: python torch 2.3.1, 812.4 MB"});
  CHECK(
      lines("package=400MB", &before) ==
      Lines{
          "budget package: 1620.0 MB, allowed 400.0 MB; largest: package torch 2.3.1, 1620.0 MB"});
  CHECK(lines("package:scipy=100MB", &before) ==
        Lines{"budget package:scipy: 120.0 MB, allowed 100.0 MB; largest: package scipy 1.13.0, "
              "120.0 MB"});
  CHECK(lines("growth=1%", &before) ==
        Lines{"budget growth: 30.0 MB, allowed 13.7 MB; largest: python scipy 1.13.0, +40.0 MB"});
  CHECK(lines("growth=20MB,weights=1MB", &before).size() == 2);
}

TEST_CASE("check_budgets: what fits is no violation, to the byte") {
  const auto before = sample::main_branch();
  CHECK(lines("total=1404418000,layer=812400000,system=0,package:absent=0,growth=3%", &before)
            .empty());
  CHECK(lines("total=1404417999", &before) ==
        Lines{"budget total: 1404418000 bytes, allowed 1404417999 bytes; largest: python torch "
              "2.3.1, 812.4 MB"});
}

TEST_CASE("check_budgets: growth needs an image to compare with") {
  CHECK(lines("growth=0", nullptr).empty());
  const auto report = report::make_report(sample::branch(), std::nullopt, "model:main",
                                          *report::parse_budgets("growth=0,total=1kB"));
  CHECK(report.skipped_budgets == std::vector<std::string>{"growth"});
  CHECK(report.violations.size() == 1);
}

TEST_CASE("ci_annotation: one line, escaped, whatever the names hold") {
  CHECK(report::ci_annotation({.budget = "total",
                               .allowed_bytes = 1,
                               .actual_bytes = 2'000'000,
                               .cause = "python 100%\n::stop-commands::x"}) ==
        "::error title=Image size::budget total: 2.0 MB, allowed <0.1 MB; largest: python "
        "100%25?::stop-commands::x\n");
}

TEST_CASE("require_none: an error of kind budget names every violation") {
  CHECK(report::require_none({}));
  const auto result = report::require_none({{.budget = "total", .actual_bytes = 1'000'000},
                                            {.budget = "layer", .actual_bytes = 2'000'000}});
  REQUIRE(!result);
  CHECK(exit_code(result.error().kind()) == 4);
  CHECK(render(result.error()) ==
        "error: budget total: 1.0 MB, allowed 0 MB\nerror: budget layer: 2.0 MB, allowed 0 MB\n");
}
