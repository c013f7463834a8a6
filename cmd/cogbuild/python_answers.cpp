#include "python_answers.hpp"

#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/requirement.hpp>
#include <cogbuild/python/specifier.hpp>
#include <cogbuild/python/tag.hpp>
#include <cogbuild/python/version.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace cogbuild::cmd {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& question) { return question.at("text").get<std::string>(); }

Result<Json> version_answer(const Json& question) {
  TRY_ASSIGN(const auto version, python::Version::parse(text_of(question)));
  Json answer = {{"normalized", to_string(version)},
                 {"epoch", version.epoch()},
                 {"release", version.release()},
                 {"pre", nullptr},
                 {"post", nullptr},
                 {"dev", nullptr},
                 {"local", version.local()},
                 {"public", to_string(version.without_local())},
                 {"base", to_string(version.base())},
                 {"prerelease", version.is_prerelease()}};
  if (version.pre()) {
    static constexpr std::array<const char*, 3> kLetters = {"a", "b", "rc"};
    answer["pre"] = {kLetters.at(static_cast<std::size_t>(version.pre()->kind)),
                     version.pre()->number};
  }
  if (version.post()) answer["post"] = *version.post();
  if (version.dev()) answer["dev"] = *version.dev();
  return answer;
}

Result<Json> compare_answer(const Json& question) {
  TRY_ASSIGN(const auto left, python::Version::parse(question.at("left").get<std::string>()));
  TRY_ASSIGN(const auto right, python::Version::parse(question.at("right").get<std::string>()));
  const auto order = left <=> right;
  return Json{{"order", order < 0 ? -1 : order > 0 ? 1 : 0}};
}

python::Spelling spelling_of(const Json& question) {
  return question.value("spelling", "strict") == "published" ? python::Spelling::published
                                                             : python::Spelling::strict;
}

Result<python::SpecifierSet> specifiers_of(const Json& question) {
  return python::SpecifierSet::parse(text_of(question), spelling_of(question));
}

Result<Json> specifier_answer(const Json& question) {
  TRY_ASSIGN(const auto specifiers, specifiers_of(question));
  return Json{{"normalized", to_string(specifiers)}};
}

Result<Json> contains_answer(const Json& question) {
  TRY_ASSIGN(const auto specifiers, specifiers_of(question));
  Json found = Json::array();
  for (const auto& text : question.at("versions")) {
    TRY_ASSIGN(const auto version, python::Version::parse(text.get<std::string>()));
    found.push_back(specifiers.contains(version, question.value("prereleases", true)));
  }
  return Json{{"contains", std::move(found)}};
}

python::MarkerEnvironment environment_of(const Json& values) {
  using python::MarkerEnvironment;
  static constexpr std::array<std::pair<const char*, std::string MarkerEnvironment::*>, 11>
      kMembers = {{
          {"os_name", &MarkerEnvironment::os_name},
          {"sys_platform", &MarkerEnvironment::sys_platform},
          {"platform_system", &MarkerEnvironment::platform_system},
          {"platform_machine", &MarkerEnvironment::platform_machine},
          {"platform_python_implementation", &MarkerEnvironment::platform_python_implementation},
          {"platform_release", &MarkerEnvironment::platform_release},
          {"platform_version", &MarkerEnvironment::platform_version},
          {"python_version", &MarkerEnvironment::python_version},
          {"python_full_version", &MarkerEnvironment::python_full_version},
          {"implementation_name", &MarkerEnvironment::implementation_name},
          {"implementation_version", &MarkerEnvironment::implementation_version},
      }};
  MarkerEnvironment environment;
  for (const auto& [name, member] : kMembers)
    if (values.contains(name)) environment.*member = values.at(name).get<std::string>();
  return environment;
}

Result<Json> marker_answer(const Json& question) {
  TRY_ASSIGN(const auto marker, python::Marker::parse(text_of(question)));
  const auto environment = environment_of(question.value("environment", Json::object()));
  const auto extra = question.value("extra", "");
  return Json{{"holds", marker.evaluate(environment, std::string_view(extra))},
              {"normalized", to_string(marker)}};
}

Result<Json> requirement_answer(const Json& question) {
  TRY_ASSIGN(const auto requirement,
             python::Requirement::parse(text_of(question), spelling_of(question)));
  return Json{{"name", requirement.name.value()},
              {"extras", requirement.extras},
              {"specifiers", to_string(requirement.specifiers)},
              {"url", requirement.url},
              {"marker", requirement.marker ? Json(to_string(*requirement.marker)) : Json()}};
}

Result<Json> tags_answer(const Json& question) {
  python::Target target;
  TRY_ASSIGN(target.python, python::Version::parse(question.at("python").get<std::string>()));
  TRY_ASSIGN(target.libc, python::Libc::parse(question.at("libc").get<std::string>()));
  target.architecture = question.value("architecture", "x86_64");
  target.free_threaded = question.value("free_threaded", false);
  Json tags = Json::array();
  const auto list = python::TagList::of(target);
  for (const auto& tag : list.tags()) tags.push_back(to_string(tag));
  return Json{{"tags", std::move(tags)}};
}

Result<Json> wheel_answer(const Json& question) {
  TRY_ASSIGN(const auto wheel, python::WheelName::parse(text_of(question)));
  return Json{
      {"name", wheel.name.value()},
      {"version", to_string(wheel.version)},
      {"build", wheel.build.present ? Json{wheel.build.number, wheel.build.text} : Json::array()},
      {"pythons", wheel.pythons},
      {"abis", wheel.abis},
      {"platforms", wheel.platforms}};
}

Result<Json> sdist_answer(const Json& question) {
  TRY_ASSIGN(const auto sdist, python::SdistName::parse(text_of(question)));
  return Json{{"name", sdist.name.value()}, {"version", to_string(sdist.version)}};
}

Result<Json> name_answer(const Json& question) {
  TRY_ASSIGN(const auto name, python::PackageName::parse(text_of(question)));
  return Json{{"normalized", name.value()}};
}

Result<Json> metadata_answer(const Json& question) {
  TRY_ASSIGN(const auto metadata, python::parse_metadata(text_of(question)));
  Json requires_dist = Json::array();
  for (const auto& requirement : metadata.requires_dist)
    requires_dist.push_back(to_string(requirement));
  return Json{{"name", metadata.name_text},
              {"version", to_string(metadata.version)},
              {"requires_dist", std::move(requires_dist)}};
}

Result<Json> answer(const Json& question) {
  using Answer = Result<Json> (*)(const Json&);
  static constexpr std::array<std::pair<std::string_view, Answer>, 11> kAnswers = {{
      {"version", version_answer},
      {"compare", compare_answer},
      {"specifier", specifier_answer},
      {"contains", contains_answer},
      {"marker", marker_answer},
      {"requirement", requirement_answer},
      {"tags", tags_answer},
      {"wheel", wheel_answer},
      {"sdist", sdist_answer},
      {"name", name_answer},
      {"metadata", metadata_answer},
  }};
  const auto op = question.at("op").get<std::string>();
  for (const auto& [name, find] : kAnswers)
    if (name == op) return find(question);
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is not a question", op)));
}

Json answer_or_error(std::string_view line) {
  try {
    auto found = answer(Json::parse(line));
    if (found) return *std::move(found);
    return {{"error", found.error().message()}};
  } catch (const nlohmann::json::exception& error) {
    return {{"error", error.what()}};
  }
}

}  // namespace

std::string answer_python_question(const std::string& line) {
  return answer_or_error(line).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cogbuild::cmd
