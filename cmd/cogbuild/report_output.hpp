#pragma once

#include "session.hpp"

#include <cogbuild/build/services.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/report/report.hpp>

#include <string>
#include <vector>

namespace cogbuild::cmd {

// What a report is made of besides the image itself.
struct ReportRequest {
  std::string compare{};               // IMAGE, or empty
  std::vector<std::string> budgets{};  // as on the command line
};

// A name with a registry may also be one that was just built here. An image to compare with is the
// registry's: it would else be compared with itself.
enum class Where { local_first, as_written };

// The summary of an image wherever it lives. Errors: usage, not_found, …
Result<report::ImageSummary> summarize(const std::string& image, Where where,
                                       build::Services& services);

// Checks the budgets, compares. An image to compare with that does not exist is no error (a first
// run).
Result<report::Report> make_report(report::ImageSummary image, const ReportRequest& request,
                                   build::Services& services);

// text, json or markdown. Error: usage.
Result<std::string> render_as(const report::Report& report, const std::string& format);

// Writes a report file; the format is told by the name (.json, .md, else text).
Result<void> write_report(const report::Report& report, const std::string& file);

// Last of all, after every output was written: exit 4 and a CI annotation for each violation.
Result<void> enforce_budgets(const report::Report& report, Session& session);

}  // namespace cogbuild::cmd
