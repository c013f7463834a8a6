#include "golden.hpp"
#include "sample.hpp"

#include <cogbuild/report/render_markdown.hpp>
#include <cogbuild/report/render_text.hpp>
#include <cogbuild/report/report_json.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using report::Report;

namespace {

Report compared() {
  return report::make_report(sample::branch(), sample::main_branch(), "",
                             *report::parse_budgets("total=900MB,package=2GB,growth=1%"));
}
Report first_run() {
  auto image = sample::main_branch();
  image.layers[0].unpacked_bytes.reset();
  image.layers.push_back(sample::layer("run", "pip install numpy", "run", 5'000'000, 56'000'000,
                                       {sample::package("numpy", "2.0", 56'000'000)}));
  return report::make_report(std::move(image), std::nullopt, "model:main",
                             *report::parse_budgets("growth=1%"));
}
// Names that would break a table, a terminal or a comment.
Report hostile() {
  auto image = sample::main_branch();
  image.name = "x\n<!-- --> @team `code` | [a](b) \x1b[31m";
  for (auto& layer : image.layers) {
    layer.kind = "a|b\n";
    layer.title = "</details>`|\xff\xe2\x80\xae\r\n# @all";
    layer.origin = "`<script>`";
    for (auto& item : layer.items) item.name = layer.title;
  }
  return report::make_report(image, sample::branch(), "", {});
}
Report empty() { return {}; }

std::string changed_member(const std::string& from, const std::string& to) {
  auto json = report::render_json(compared());
  const auto at = json.find(from);
  REQUIRE(at != std::string::npos);
  json.replace(at, from.size(), to);
  const auto parsed = report::parse_json(json);
  return parsed ? "parsed" : parsed.error().message();
}

}  // namespace

TEST_CASE("render_text: golden reports") {
  CHECK(matches_golden("compared.txt", report::render_text(compared())));
  CHECK(matches_golden("first_run.txt", report::render_text(first_run())));
  CHECK(matches_golden("hostile.txt", report::render_text(hostile())));
  CHECK(matches_golden("empty.txt", report::render_text(empty())));
}

TEST_CASE("render_markdown: golden reports") {
  CHECK(matches_golden("compared.md", report::render_markdown(compared())));
  CHECK(matches_golden("first_run.md", report::render_markdown(first_run())));
  CHECK(matches_golden("hostile.md", report::render_markdown(hostile())));
  CHECK(matches_golden("empty.md", report::render_markdown(empty())));
}

TEST_CASE("render_json: golden report") {
  CHECK(matches_golden("compared.json", report::render_json(compared())));
}

TEST_CASE("render: the place of a thing is the kind of a layer whose title is a list") {
  report::ImageSummary image;
  image.layers = {
      sample::layer("runtime", "cog 1, coglet 1", "new", 10, 20,
                    {sample::package("cog", "1", 12), sample::package("coglet", "1", 8)}),
      sample::layer("python", "small packages", "new", 10, 20,
                    {sample::package("attrs", "1", 2), sample::package("idna", "1", 1)})};
  const auto report = report::make_report(image, std::nullopt, "", {});
  const auto text = report::render_text(report);
  CHECK(text.find("in runtime\n") != std::string::npos);
  CHECK(text.find("in small packages\n") != std::string::npos);
  CHECK(report::render_markdown(report).find("| `runtime` |\n") != std::string::npos);
}

TEST_CASE("render_text: no control character reaches the terminal") {
  for (const char c : report::render_text(hostile()))
    CHECK((c == '\n' || static_cast<unsigned char>(c) >= ' '));
}

TEST_CASE("render_markdown: stays below its limit and says what was cut") {
  auto image = sample::main_branch();
  for (int i = 0; i < 500; ++i) {
    image.layers.push_back(sample::layer("run", "step " + std::string(70, 'x') + std::to_string(i),
                                         std::to_string(i), 1, 1));
    for (int j = 0; j < 5; ++j)
      image.layers.back().items.push_back(
          sample::package("package-" + std::to_string(i) + "-" + std::to_string(j), "1", 5));
  }
  const auto report = report::make_report(image, sample::main_branch(), "", {});
  for (const std::size_t limit : {4'000U, 60'000U}) {
    const auto markdown = report::render_markdown(report, limit);
    CHECK(markdown.size() < limit);
    CHECK(markdown.size() > limit - 1'000);
    CHECK(markdown.starts_with("<!-- cogbuild-report -->\n"));
    CHECK(markdown.find("_Cut to keep this short: ") != std::string::npos);
    CHECK(markdown.find(" of 505 layers") != std::string::npos);
  }
  CHECK(report::render_markdown(report, 1'000'000).find("_Cut") == std::string::npos);
}

TEST_CASE("render_markdown: a violation is shown whole") {
  auto report = first_run();
  report.violations = {{.budget = "package:" + std::string(60, 'x'),
                        .actual_bytes = 5'000'000,
                        .cause = "package " + std::string(60, 'x')}};
  CHECK(report::render_markdown(report).find("`" + to_string(report.violations[0]) + "`") !=
        std::string::npos);
}

TEST_CASE("parse_json: reads what render_json writes, and renders the same from it") {
  for (const auto& report : {compared(), first_run(), empty()}) {
    const auto parsed = report::parse_json(report::render_json(report));
    REQUIRE(parsed);
    CHECK(*parsed == report);
    CHECK(report::render_text(*parsed) == report::render_text(report));
    CHECK(report::render_markdown(*parsed) == report::render_markdown(report));
  }
}

TEST_CASE("parse_json: names the member that is wrong") {
  CHECK(changed_member("cogbuild.report", "other.report") == "this is not a cogbuild report");
  CHECK(changed_member("\"version\": 1,", "\"version\": 2,") ==
        "the report has schema version 2, this cogbuild reads 1");
  CHECK(changed_member("\"version\": 1,", "\"version\": \"1\",") ==
        "`version` of the report is not a whole number");
  CHECK(changed_member("\"image\"", "\"images\"") == "`image` of the report is not an object");
  CHECK(changed_member("\"layers\": [", "\"layers\": 1, \"x\": [") ==
        "`image.layers` of the report is not a list");
  CHECK(changed_member("31000000", "-31000000") ==
        "`image.layers[0].compressed_bytes` of the report is not a whole number");
  CHECK(changed_member("31000000", "1.5") ==
        "`image.layers[0].compressed_bytes` of the report is not a whole number");
  CHECK(changed_member("\"digest\": \"sha256:", "\"digest\": \"sha512:") ==
        "`image.digest` of the report is not a digest");
  CHECK(changed_member("\"title\"", "\"titel\"") ==
        "`image.layers[0].title` of the report is not a string");
  CHECK(changed_member("\"torch\"", "null") ==
        "`image.layers[1].items[0].name` of the report is not a string");
}

TEST_CASE("parse_json: refuses what is not a report") {
  const std::pair<std::string, const char*> table[] = {
      {"", "the report is not valid JSON"},
      {"{", "the report is not valid JSON"},
      {"[]", "this is not a cogbuild report"},
      {"null", "this is not a cogbuild report"},
      {std::string(100'000, '['), "the report is not valid JSON"},
      {R"({"schema": "cogbuild.report"})", "`version` of the report is not a whole number"},
      {R"({"schema": "cogbuild.report", "version": 1, "image": []})",
       "`image` of the report is not an object"},
  };
  for (const auto& [text, message] : table) {
    const auto parsed = report::parse_json(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == message);
  }
}
