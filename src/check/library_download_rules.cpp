#include "constant_text.hpp"
#include "fetched_before.hpp"
#include "hub_names.hpp"
#include "live_code.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace cogbuild::check {
namespace {

using syntax::Node;

// A call that fetches a model by its short name, without a word of it in the code.
struct Loader {
  std::string_view function{};  // full name, or its beginning if it ends in a dot
  std::string_view keyword{};   // that may hold the name of the model instead of the first argument
  std::string_view only_with{};  // a keyword without which nothing is fetched
};
constexpr std::array kLoaders = {
    Loader{"whisper.load_model", "name", ""},
    Loader{"whisperx.load_model", "whisper_arch", ""},
    Loader{"faster_whisper.WhisperModel", "model_size_or_path", ""},
    Loader{"sentence_transformers.SentenceTransformer", "model_name_or_path", ""},
    Loader{"sentence_transformers.CrossEncoder", "model_name", ""},
    Loader{"transformers.pipeline", "model", ""},
    Loader{"clip.load", "name", ""},
    Loader{"open_clip.create_model_and_transforms", "pretrained", "pretrained"},
    Loader{"open_clip.create_model", "pretrained", "pretrained"},
    Loader{"timm.create_model", "model_name", "pretrained"},
    Loader{"torchvision.models.", "", "pretrained"},
    Loader{"torch.hub.load", "repo_or_dir", ""},
    Loader{"nltk.download", "info_or_id", ""},
    Loader{"spacy.cli.download", "model", ""},
    Loader{"TTS.api.TTS", "model_name", ""},
    Loader{"demucs.pretrained.get_model", "name", ""},
    Loader{"rembg.new_session", "model_name", ""},
    Loader{"vllm.LLM", "model", ""},
};

const Loader* loader_of(std::string_view function) {
  const auto found = std::ranges::find_if(kLoaders, [function](const Loader& loader) {
    return loader.function.ends_with('.') ? function.starts_with(loader.function)
                                          : function == loader.function;
  });
  return found == kLoaders.end() ? nullptr : &*found;
}

// Whether the keyword asks for trained weights: `True`, a name, a member of an enumeration.
bool asks_for_weights(const Node& call, std::string_view keyword) {
  const Node value = syntax::keyword_argument(call, keyword);
  if (value) return !value.is("none") && !value.is("false") && !value.is("identifier");
  if (keyword != "pretrained") return false;
  const Node weights = syntax::keyword_argument(call, "weights");
  return weights && !weights.is("none") && !weights.is("identifier");
}

Node model_argument(const Node& call, const Loader& loader, std::string_view function) {
  if (!loader.keyword.empty())
    if (const Node value = syntax::keyword_argument(call, loader.keyword)) return value;
  const auto arguments = syntax::arguments(call);
  const std::size_t index = function == "transformers.pipeline" ? 1 : 0;
  return arguments.size() > index && arguments[index].name.empty() ? arguments[index].value
                                                                   : Node{};
}

// A name of a model, and no path of the author's own.
bool is_model_name(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.front() == '/' || text.front() == '~')
    return false;
  if (is_hub_name(text)) return true;
  const auto slash = text.find('/');
  if (slash != std::string_view::npos && !text.starts_with("ViT-") &&
      !text.starts_with("tts_models/"))
    return false;
  return text.find('.') == std::string_view::npos || !text.ends_with(".pt");
}

bool is_local(const Node& call) {
  const Node source = syntax::keyword_argument(call, "source");
  const Node local = syntax::keyword_argument(call, "local_files_only");
  return (source && source.text().find("local") != std::string_view::npos) ||
         (local && local.is("true"));
}

bool has_own_directory(const Node& call) {
  for (const std::string_view name :
       {"download_root", "cache_dir", "cache_folder", "download_dir", "model_dir"}) {
    const Node value = syntax::keyword_argument(call, name);
    if (value && !value.is("none")) return true;
  }
  return false;
}

// A last resort rather than what the model does.
bool is_in_except(const Node& node) {
  for (Node up = node.parent(); up; up = up.parent())
    if (up.is("except_clause")) return true;
  return false;
}

void find_in(const PythonFile& file, const Subject& subject, const FetchedBefore& before,
             RuleReporter& report) {
  const ConstantTexts texts(*file.module());
  syntax::walk(file.module()->root(), [&](const Node& node) {
    if (!node.is("call")) return true;
    const auto function = file.names().resolve(node.field("function"));
    const Loader* const loader = loader_of(function);
    if (loader == nullptr || is_in_main_guard(node) || is_local(node)) return true;
    if (!loader->only_with.empty() && !asks_for_weights(node, loader->only_with)) return true;
    const bool by_name = !loader->function.ends_with('.');
    const auto model =
        by_name ? texts.of(model_argument(node, *loader, function)) : KnownText{function, true};
    if (!model.complete || model.text.empty()) return true;
    if (by_name && (!is_model_name(model.text) || exists_in_project(subject, model.text)))
      return true;
    if (function == "torch.hub.load" && !is_hub_name(model.text.substr(0, model.text.find(':'))))
      return true;
    // Weights that a script or a command has put where the library looks.
    if (before.names(model.text) || before.names(function) ||
        (before.something() && has_own_directory(node)))
      return true;
    if (is_in_except(node) || !live_code(subject).is_live(node) ||
        is_guarded_by_existing(subject, node))
      return true;
    report.at(node,
              by_name ? fmt::format("`{}` fetches `{}` at run time", function, model.text)
                      : fmt::format("`{}` fetches its weights at run time", function),
              std::string(kBakeWeights));
    return true;
  });
}

void find_library_downloads(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  std::optional<FetchedBefore> before;
  for (const PythonFile* file : live_code(subject).near_files()) {
    if (!file->mentions({"whisper", "WhisperModel", "sentence_transformers", "pipeline(",
                         "clip.load", "open_clip", "timm", "torchvision", "torch.hub", "nltk",
                         "spacy", "TTS", "demucs", "rembg", "vllm"}) ||
        !file->mentions({"load", "create_model", "pretrained", "weights=", "pipeline(", "download(",
                         "Transformer(", "CrossEncoder(", "WhisperModel(", "TTS(", "get_model(",
                         "new_session(", "LLM("}) ||
        file->module() == nullptr)
      continue;
    if (!before) before.emplace(subject);
    find_in(*file, subject, *before, report);
  }
}

constexpr std::array kRules = {
    Rule{.id = "weights-from-library",
         .group = Group::weights,
         .severity = Severity::warning,
         .summary = "a library fetches weights of its own when the model starts or runs",
         .why = "`whisper.load_model(\"large\")`, `pretrained=True` and the like go to a server "
                "that the code does not name. The first prediction on each machine waits for it, "
                "and fails without a network.",
         .bad = "self.model = whisper.load_model(\"large-v3\")",
         .good = "self.model = whisper.load_model(\"weights/large-v3.pt\")",
         .find = find_library_downloads},
};

}  // namespace

std::span<const Rule> library_download_rules() { return kRules; }

}  // namespace cogbuild::check
