#include "report_output.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/report/render_markdown.hpp>
#include <cogbuild/report/render_text.hpp>
#include <cogbuild/report/report_json.hpp>
#include <cogbuild/report/summary_annotations.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace cogbuild::cmd {

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
  std::vector<report::Budget> budgets;
  for (const auto& text : request.budgets) {
    TRY_ASSIGN(const auto parsed, report::parse_budgets(text));
    budgets.insert(budgets.end(), parsed.begin(), parsed.end());
  }
  std::optional<report::ImageSummary> compared;
  std::string missing;
  if (!request.compare.empty()) {
    auto summary = summarize(request.compare, Where::as_written, services);
    if (summary)
      compared = *std::move(summary);
    else if (summary.error().kind() == ErrorKind::not_found)
      missing = request.compare;
    else
      return fail(std::move(summary).error().during("reading the image to compare with"));
  }
  return report::make_report(std::move(image), std::move(compared), std::move(missing), budgets);
}

Result<std::string> render_as(const report::Report& report, const std::string& format) {
  if (format == "text") return report::render_text(report);
  if (format == "json") return report::render_json(report);
  if (format == "markdown") return report::render_markdown(report);
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is not a report format", format))
                  .hint("allowed are text, json and markdown"));
}

Result<void> write_report(const report::Report& report, const std::string& file) {
  const auto extension = std::filesystem::path(file).extension();
  TRY_ASSIGN(const std::string text, render_as(report, extension == ".json" ? "json"
                                                       : extension == ".md" ? "markdown"
                                                                            : "text"));
  return io::write_atomically(file, text);
}

Result<void> enforce_budgets(const report::Report& report, Session& session) {
  if (session.variable("GITHUB_ACTIONS"))
    for (const auto& violation : report.violations)
      session.write_result(report::ci_annotation(violation));
  return report::require_none(report.violations);
}

}  // namespace cogbuild::cmd
