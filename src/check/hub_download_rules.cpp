#include "constant_text.hpp"
#include "fetched_before.hpp"
#include "hub_names.hpp"
#include "live_code.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "url_downloads.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

namespace cogbuild::check {
namespace {

using syntax::Node;

bool loads_from_hub(std::string_view function) {
  constexpr auto kFunctions =
      std::to_array<std::string_view>({"hf_hub_download", "snapshot_download", "from_single_file",
                                       "load_lora_weights", "load_ip_adapter", "cached_download"});
  return function.starts_with("from_pretrained") ||
         std::ranges::find(kFunctions, function) != kFunctions.end();
}

Node repository_argument(const Node& call) {
  for (const std::string_view name :
       {"pretrained_model_name_or_path", "repo_id", "pretrained_model_link_or_path", "model_id",
        "model_name", "pretrained_model_name", "pretrained_model_name_or_path_or_dict"})
    if (const Node value = syntax::keyword_argument(call, name)) return value;
  const auto arguments = syntax::arguments(call);
  return !arguments.empty() && arguments[0].name.empty() ? arguments[0].value : Node{};
}

bool is_true(const Node& node) { return node && node.is("true"); }

bool has_own_cache(const Node& call) {
  for (const std::string_view name : {"cache_dir", "local_dir"}) {
    const Node value = syntax::keyword_argument(call, name);
    if (value && !value.is("none")) return true;
  }
  return false;
}

// In a module beside the predictor: one branch of several that a name chooses, such as
// `elif encoder == "bert":`. Which of them the model takes is not known.
bool is_one_of_several(const Subject& subject, const Node& node) {
  if (live_code(subject).is_own(node.module().file())) return false;
  for (Node up = node.parent(); up && !up.is("function_definition"); up = up.parent()) {
    if (!up.is("if_statement") && !up.is("elif_clause")) continue;
    const auto condition = up.field("condition").text();
    if (condition.find("==") != std::string_view::npos &&
        condition.find_first_of("'\"") != std::string_view::npos)
      return true;
  }
  return false;
}

void find_in(const PythonFile& file, const Subject& subject, const FetchedBefore& before,
             bool sets_cache, std::optional<bool>& fetches_by_url, RuleReporter& report) {
  const ConstantTexts texts(*file.module());
  std::set<std::string> told;  // one fetch serves all classes that load from it
  syntax::walk(file.module()->root(), [&](const Node& node) {
    if (!node.is("call")) return true;
    const Node function = node.field("function");
    const auto name =
        function.is("attribute") ? function.field("attribute").text() : function.text();
    if (!loads_from_hub(name) || is_in_main_guard(node) ||
        is_true(syntax::keyword_argument(node, "local_files_only")))
      return true;
    const auto repository = texts.of(repository_argument(node));
    if (!repository.complete || repository.one_of || !is_hub_name(repository.text) ||
        exists_in_project(subject, repository.text) || before.names(repository.text))
      return true;
    // A directory of its own that a script or a download has filled before.
    if (has_own_cache(node) || sets_cache) {
      if (!before.something() && !fetches_by_url) fetches_by_url = !url_downloads(subject).empty();
      if (before.something() || *fetches_by_url) return true;
    }
    if (!live_code(subject).is_live(node) || is_one_of_several(subject, node) ||
        is_guarded_by_existing(subject, node))
      return true;
    if (!told.insert(repository.text).second) return true;
    const bool is_modelscope = file.names().resolve(function).starts_with("modelscope.");
    report.at(node,
              fmt::format("`{}` fetches `{}` from {} at run time", name, repository.text,
                          is_modelscope ? "ModelScope" : "the Hugging Face hub"),
              std::string(kBakeWeights));
    return true;
  });
}

void find_hub_downloads(const Subject& subject, std::vector<Finding>& findings) {
  const auto files = live_code(subject).near_files();
  bool sets_cache = false;
  for (const PythonFile* file : files) {
    if (file->mentions({"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"})) return;
    sets_cache = sets_cache || file->mentions({"HF_HOME", "TRANSFORMERS_CACHE", "HF_HUB_CACHE",
                                               "HUGGINGFACE_HUB_CACHE"});
  }
  if (subject.config)
    for (const auto& [name, value] : subject.config->environment) {
      if (name == "HF_HUB_OFFLINE" || name == "TRANSFORMERS_OFFLINE") return;
      sets_cache = sets_cache || name == "HF_HOME" || name == "TRANSFORMERS_CACHE";
    }
  RuleReporter report(findings);
  std::optional<FetchedBefore> before;
  std::optional<bool> fetches_by_url;
  for (const PythonFile* file : files) {
    if (!file->mentions({"from_pretrained", "hf_hub_download", "snapshot_download",
                         "from_single_file", "load_lora_weights", "load_ip_adapter"}) ||
        file->module() == nullptr)
      continue;
    if (!before) before.emplace(subject);
    find_in(*file, subject, *before, sets_cache, fetches_by_url, report);
  }
}

constexpr std::array kRules = {
    Rule{.id = "weights-from-hub",
         .group = Group::weights,
         .severity = Severity::warning,
         .summary = "weights are fetched from the Hugging Face hub when the model starts or runs",
         .why = "Each start asks the hub and may wait for gigabytes, get other weights than "
                "yesterday, or none: repositories are renamed, gated and removed. In the image, "
                "weights lie in layers of their own, loaded in parallel and pushed once.",
         .bad = "pipe = DiffusionPipeline.from_pretrained(\"stabilityai/sdxl-turbo\")",
         .good = "pipe = DiffusionPipeline.from_pretrained(\"weights/sdxl-turbo\", "
                 "local_files_only=True)",
         .find = find_hub_downloads},
};

}  // namespace

std::span<const Rule> hub_download_rules() { return kRules; }

}  // namespace cogbuild::check
