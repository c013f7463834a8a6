#include "report_output.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/pull/local_image.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/report/render_markdown.hpp>
#include <cogbuild/report/render_text.hpp>
#include <cogbuild/report/report_json.hpp>
#include <cogbuild/report/summary_annotations.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>

namespace cogbuild::cmd {

namespace {

constexpr const char* kStepSummary = "github-step-summary";
constexpr const char* kStepSummaryVariable = "GITHUB_STEP_SUMMARY";

Result<ReportFile> to_file(const std::string& flag, const Session& session) {
  if (flag == kStepSummary) {
    const auto path = session.variable(kStepSummaryVariable).value_or("");
    if (path.empty())
      return fail(Error(ErrorKind::usage, fmt::format("`--report {}` needs {} to name a file", flag,
                                                      kStepSummaryVariable))
                      .hint("GitHub Actions sets it; elsewhere use --report FILE.md"));
    return ReportFile{.path = path, .format = "markdown", .appended = true};
  }
  const std::filesystem::path path(flag);
  const auto extension = path.extension();
  return ReportFile{.path = path,
                    .format = extension == ".json" ? "json"
                              : extension == ".md" ? "markdown"
                                                   : "text"};
}

Result<void> append(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << text;
  file.close();
  if (!file) return fail(io::system_error("append to", path));
  return {};
}

// Absent: there is no such image.
Result<std::optional<report::ImageSummary>> summarize_compared(const std::string& image,
                                                               build::Services& services) {
  TRY_ASSIGN(const auto source, pull::parse_source(image));
  if (const auto* local = std::get_if<pull::LocalName>(&source);
      local != nullptr && local->name.find('/') == std::string::npos) {
    TRY_ASSIGN(const auto found, pull::find_image(local->name, services.keys));
    if (!found) return std::nullopt;
  }
  auto summary = summarize(image, Where::as_written, services);
  if (summary) return *std::move(summary);
  if (summary.error().kind() == ErrorKind::not_found) return std::nullopt;
  return fail(std::move(summary).error().during("reading the image to compare with"));
}

}  // namespace

void add_report_flags(CLI::App& command, ReportFlags& flags) {
  command.add_option("--report", flags.files,
                     "Write the layer report to FILE (.json, .md or text); `github-step-summary` "
                     "adds it to the summary of a GitHub Actions job");
  command.add_option("--budget", flags.budgets,
                     "Size limits, such as total=2GB,layer=500MB (exit 4)");
  command.add_option("--compare", flags.compare,
                     "Image to compare the report with; no error where it does not exist yet");
}

Result<ReportRequest> to_request(const ReportFlags& flags, const Session& session) {
  ReportRequest request{.compare = flags.compare};
  for (const auto& text : flags.budgets) {
    TRY_ASSIGN(const auto parsed, report::parse_budgets(text));
    request.budgets.insert(request.budgets.end(), parsed.begin(), parsed.end());
  }
  for (const auto& flag : flags.files) {
    TRY_ASSIGN(auto file, to_file(flag, session));
    request.files.push_back(std::move(file));
  }
  return request;
}

Result<report::ImageSummary> summarize(const std::string& image, Where where,
                                       build::Services& services) {
  build::Registries registries(services);
  TRY_ASSIGN(auto source, pull::parse_source(image));
  if (where == Where::local_first) {
    TRY_ASSIGN(source, pull::prefer_local(std::move(source), services.keys));
  }
  TRY_ASSIGN(const auto opened, pull::open_image(source, {},
                                                 {.blobs = services.blobs,
                                                  .keys = services.keys,
                                                  .client_for = registries.as_function(),
                                                  .reporter = services.reporter}));
  TRY_ASSIGN(const auto manifest, image::parse_manifest(opened.manifest_json));
  TRY_ASSIGN(const auto config, image::parse_image_config(opened.config_json));
  return report::summarize_image(image, opened.manifest, std::get<image::Manifest>(manifest),
                                 config);
}

Result<report::Report> make_report(report::ImageSummary image, const ReportRequest& request,
                                   build::Services& services) {
  if (request.compare.empty())
    return report::make_report(std::move(image), std::nullopt, "", request.budgets);
  TRY_ASSIGN(auto compared, summarize_compared(request.compare, services));
  const std::string missing = compared ? "" : request.compare;
  return report::make_report(std::move(image), std::move(compared), missing, request.budgets);
}

Result<std::string> render_as(const report::Report& report, const std::string& format) {
  if (format == "text") return report::render_text(report);
  if (format == "json") return report::render_json(report);
  if (format == "markdown") return report::render_markdown(report);
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is not a report format", format))
                  .hint("allowed are text, json and markdown"));
}

Result<void> write_files(const report::Report& report, const std::vector<ReportFile>& files) {
  for (const auto& file : files) {
    TRY_ASSIGN(const std::string text, render_as(report, file.format));
    TRY(file.appended ? append(file.path, text) : io::write_atomically(file.path, text));
  }
  return {};
}

Result<void> enforce_budgets(const report::Report& report, Session& session) {
  if (session.variable("GITHUB_ACTIONS"))
    for (const auto& violation : report.violations)
      session.write_result(report::ci_annotation(violation));
  return report::require_none(report.violations);
}

}  // namespace cogbuild::cmd
