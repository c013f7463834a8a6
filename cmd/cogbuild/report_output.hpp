#pragma once

#include "session.hpp"

#include <cogbuild/build/services.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/report/budget.hpp>
#include <cogbuild/report/report.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cogbuild::cmd {

// The flags of a report, shared by build, push and report.
struct ReportFlags {
  std::string compare{};
  std::vector<std::string> budgets{};
  std::vector<std::string> files{};
};
void add_report_flags(CLI::App& command, ReportFlags& flags);

struct ReportFile {
  std::filesystem::path path{};
  std::string format{};  // of render_as
  bool appended = false;
};

// What a report is made of besides the image itself, and where it goes.
struct ReportRequest {
  std::string compare{};  // IMAGE, or empty
  std::vector<report::Budget> budgets{};
  std::vector<ReportFile> files{};
};

// Checks the flags, so that a wrong one is told before any work. The format of a file is told by
// its name (.json, .md, else text); `github-step-summary` is the Markdown appended to the file that
// GITHUB_STEP_SUMMARY names. Error: usage.
Result<ReportRequest> to_request(const ReportFlags& flags, const Session& session);

// A name with a registry may also be one that was just built here. An image to compare with is the
// registry's: it would else be compared with itself.
enum class Where { local_first, as_written };

// The summary of an image wherever it lives. Errors: usage, not_found, …
Result<report::ImageSummary> summarize(const std::string& image, Where where,
                                       build::Services& services);

// Checks the budgets, compares. An image to compare with that does not exist is no error (a first
// run): one the registry does not have, or a name without `/` that was not built here.
Result<report::Report> make_report(report::ImageSummary image, const ReportRequest& request,
                                   build::Services& services);

// text, json or markdown. Error: usage.
Result<std::string> render_as(const report::Report& report, const std::string& format);

// Error: io.
Result<void> write_files(const report::Report& report, const std::vector<ReportFile>& files);

// Last of all, after every output was written: exit 4 and a CI annotation for each violation.
Result<void> enforce_budgets(const report::Report& report, Session& session);

}  // namespace cogbuild::cmd
