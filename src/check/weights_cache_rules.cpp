#include "constant_text.hpp"
#include "left_out.hpp"
#include "live_code.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "text_lines.hpp"
#include "url_downloads.hpp"

#include <cogbuild/base/debian_base.hpp>
#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

namespace cogbuild::check {
namespace {

using syntax::Node;

bool names_hub_cache(std::string_view variable) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE"});
  return std::ranges::find(kNames, variable) != kNames.end();
}

bool forbids_fetching(std::string_view variable, std::string_view value) {
  if (variable != "HF_HUB_OFFLINE" && variable != "TRANSFORMERS_OFFLINE") return false;
  return value == "1" || value == "true" || value == "True" || value == "TRUE" || value == "yes" ||
         value == "on";
}

// A directory where the model looks for what was fetched before.
struct Cache {
  SourceLocation location{};
  std::string named_by{};  // `HF_HOME`, `cache_dir`
  std::string path{};
};

// `os.environ["NAME"] = value`, `os.environ.setdefault("NAME", value)`.
struct SetVariable {
  std::string name{};
  Node value{};
};
SetVariable set_variable(const Node& node) {
  Node name;
  Node value;
  if (node.is("assignment")) {
    const Node target = node.field("left");
    if (!target.is("subscript") || !syntax::dotted_name(target.field("value")).ends_with("environ"))
      return {};
    name = target.field("subscript");
    value = node.field("right");
  } else if (node.is("call")) {
    const auto function = syntax::dotted_name(node.field("function"));
    const auto given = syntax::arguments(node);
    if (!function.ends_with("environ.setdefault") || given.size() != 2) return {};
    name = given[0].value;
    value = given[1].value;
  }
  const auto literal = syntax::string_literal(name);
  if (!literal || literal->interpolated) return {};
  return {std::string(literal->text), value};
}

// What the project says of caches, and whether it loads from them alone.
class CacheUses {
 public:
  explicit CacheUses(const Subject& subject) : subject_(subject) {
    if (subject.config)
      for (const auto& [name, value] : subject.config->environment) add_variable(name, value);
    for (const PythonFile* file : live_code(subject).near_files()) read(*file);
  }

  // Those that nothing is fetched into when the model runs.
  [[nodiscard]] std::vector<Cache> without_fetching() const {
    if (!is_offline_ && (fetches_ || !loads_local_)) return {};
    return caches_;
  }

 private:
  void add_variable(const std::string& name, const std::string& value) {
    is_offline_ = is_offline_ || forbids_fetching(name, value);
    if (!names_hub_cache(name)) return;
    Cache cache{.location = {.file = subject_.config_file}, .named_by = name, .path = value};
    for_each_line(subject_.config_text, [&](const TextLine& line) {
      if (const auto at = line.text.find(name);
          at != std::string_view::npos && cache.location.line == 0)
        cache.location = line.at(subject_.config_file, at);
    });
    caches_.push_back(std::move(cache));
  }

  void read(const PythonFile& file) {
    if (!file.mentions({"environ", "from_pretrained"}) ||
        !file.mentions({"HF_", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_", "from_pretrained"}) ||
        file.module() == nullptr)
      return;
    const ConstantTexts texts(*file.module());
    syntax::walk(file.module()->root(), [&](const Node& node) {
      if (!node.is("assignment") && !node.is("call")) return true;
      if (is_in_main_guard(node)) return false;
      if (const auto set = set_variable(node); !set.name.empty()) {
        if (names_hub_cache(set.name)) add(node, set.name, texts.of(set.value));
        if (forbids_fetching(set.name, texts.of(set.value).text) &&
            live_code(subject_).is_live(node))
          is_offline_ = true;
      } else if (node.is("call")) {
        add_load(node, texts);
      }
      return true;
    });
  }

  void add_load(const Node& call, const ConstantTexts& texts) {
    if (!syntax::keyword_argument(call, "local_files_only").is("true")) {
      const auto function = call.field("function").text();
      fetches_ = fetches_ || function.find("from_pretrained") != std::string_view::npos;
      return;
    }
    if (!live_code(subject_).is_live(call)) return;
    loads_local_ = true;
    const Node directory = syntax::keyword_argument(call, "cache_dir");
    if (directory && !directory.is("none")) add(directory, "cache_dir", texts.of(directory));
  }

  void add(const Node& node, std::string_view named_by, const KnownText& path) {
    if (path.complete && !path.one_of && !path.text.empty() && live_code(subject_).is_live(node))
      caches_.push_back({node.location(), std::string(named_by), path.text});
  }

  const Subject& subject_;
  std::vector<Cache> caches_{};
  bool is_offline_ = false;   // by a variable
  bool loads_local_ = false;  // `local_files_only=True`
  bool fetches_ = false;      // a load without that
};

std::string_view inside_project(std::string_view path) {
  if (path == "/src") return ".";
  if (path.starts_with("/src/")) path.remove_prefix(5);
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool holds_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [text](auto word) { return text.find(word) != std::string_view::npos; });
}

// Whether the build or the model itself may put something there.
bool may_be_filled(const Subject& subject) {
  const auto& base = *subject.settings.base;
  if (!base.empty() && !base::native_suite(base)) return true;
  if (!subject.config || !subject.config->weights.empty()) return true;
  for (const auto& step : subject.config->run_steps)
    if (holds_any(step->command, {"python", "huggingface", "hf ", "download", "git clone", ".sh",
                                  "wget", "curl", "ln ", "mkdir"}))
      return true;
  for (const PythonFile* file : live_code(subject).near_files())
    if (file->mentions({"pget", "snapshot_download", "hf_hub_download", "huggingface-cli",
                        "urlretrieve", "symlink", "copytree", "tarfile"}))
      return true;
  return !url_downloads(subject).empty();
}

// Whether anything of the project forbids to fetch: the rest is dear.
bool says_local(const Subject& subject) {
  const std::initializer_list<std::string_view> words = {"local_files_only", "_OFFLINE"};
  for (const PythonFile* file : live_code(subject).near_files())
    if (file->mentions(words)) return true;
  return holds_any(subject.config_text, words);
}

void find_lost_caches(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing || !says_local(subject) || may_be_filled(subject)) return;
  RuleReporter report(findings);
  std::set<std::string> told;
  for (const auto& cache : CacheUses(subject).without_fetching()) {
    const std::string path(inside_project(cache.path));
    if (!told.insert(path).second) continue;
    if (path.starts_with('/') || path.starts_with('~'))
      report.at(cache.location,
                fmt::format("`{}` is `{}`, outside of the project: what was fetched there before "
                            "the build is not in the image, and the code fetches nothing",
                            cache.named_by, cache.path),
                "let it be a directory of the project, filled before the build");
    else if (is_left_out(subject, path))
      report.at(cache.location,
                fmt::format("`{}` is `{}`, which .dockerignore leaves out, and the code fetches "
                            "nothing",
                            cache.named_by, cache.path),
                fmt::format("keep it by a last line `!{}` in .dockerignore", path));
  }
}

constexpr std::array kRules = {
    Rule{.id = "weights-cache-not-shipped",
         .group = Group::weights,
         .severity = Severity::warning,
         .summary = "the code loads from a cache alone that does not go into the image",
         .why = "With `local_files_only=True` or HF_HUB_OFFLINE the model takes what is in the "
                "cache and fetches nothing. A cache below the home directory, or one that "
                ".dockerignore leaves out, is full on your machine and missing in the image.",
         .bad = "model = AutoModel.from_pretrained(NAME, cache_dir=\"/root/.cache/models\",\n"
                "                                  local_files_only=True)",
         .good = "model = AutoModel.from_pretrained(NAME, cache_dir=\"weights\",\n"
                 "                                  local_files_only=True)",
         .find = find_lost_caches},
};

}  // namespace

std::span<const Rule> weights_cache_rules() { return kRules; }

}  // namespace cogbuild::check
