#include "fetched_before.hpp"

#include "constant_text.hpp"
#include "live_code.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <array>

namespace cogbuild::check {
namespace {

constexpr std::uint64_t kLargestScript = std::uint64_t{64} << 10;

bool fetches(std::string_view text) {
  constexpr auto kWords = std::to_array<std::string_view>({"from_pretrained", "snapshot_download",
                                                           "hf_hub_download", "huggingface-cli",
                                                           "hf download",     "pget ",
                                                           "wget ",           "curl ",
                                                           "aria2c",          "urlretrieve",
                                                           "gdown",           "load_model",
                                                           "requests.get",    "load_file_from_url",
                                                           "git clone",       "git lfs",
                                                           "torch.hub",       "\"pget\"",
                                                           "spacy download",  "nltk.download",
                                                           "new_session",     "python -c",
                                                           "python3 -c"});
  return std::ranges::any_of(
      kWords, [text](auto word) { return text.find(word) != std::string_view::npos; });
}

bool is_script_name(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const bool is_script =
      path.ends_with(".py") || path.ends_with(".sh") || name.find('.') == std::string_view::npos;
  if (!is_script) return false;
  for (const std::string_view word : {"download", "fetch", "weights", "cache", "checkpoints"})
    if (name.find(word) != std::string_view::npos) return true;
  return false;
}

}  // namespace

FetchedBefore::FetchedBefore(const Subject& subject) {
  if (subject.config)
    for (const auto& step : subject.config->run_steps) {
      const auto& command = step->command;
      // Installing pget fetches no weights.
      const bool installs_pget = command.find("pget") != std::string::npos &&
                                 command.find("/bin/pget") != std::string::npos;
      if (!installs_pget && fetches(command)) texts_.push_back(command);
    }
  if (!subject.listing) return;
  const auto& reachable = live_code(subject).files();
  for (const auto& file : subject.listing->files) {
    if (file.type != io::FileType::regular || file.stamp.size_bytes > kLargestScript ||
        !is_script_name(file.path))
      continue;
    if (std::ranges::binary_search(reachable, file.path, {},
                                   [](const PythonFile* one) { return one->path(); }))
      continue;
    auto text = subject.tree->read(file.path, kLargestScript);
    if (text && fetches(*text)) texts_.push_back(*std::move(text));
  }
}

bool FetchedBefore::names(std::string_view what) const {
  return std::ranges::any_of(
      texts_, [what](const std::string& text) { return text.find(what) != std::string::npos; });
}

bool exists_in_project(const Subject& subject, std::string_view path) {
  if (path.starts_with("/src/")) path.remove_prefix(5);
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty() || path.starts_with('/') || path.find("..") != std::string_view::npos ||
      path.find("//") != std::string_view::npos || path.find("/./") != std::string_view::npos)
    return false;
  return subject.tree->stat(std::string(path)).has_value();
}

bool is_guarded_by_existing(const Subject& subject, const syntax::Node& node) {
  for (syntax::Node up = node.parent(); up; up = up.parent()) {
    if (!up.is("if_statement")) continue;
    const auto condition = up.field("condition");
    const auto text = condition.text();
    if (text.find("exists") == std::string_view::npos &&
        text.find("is_") == std::string_view::npos &&
        text.find("isfile") == std::string_view::npos &&
        text.find("isdir") == std::string_view::npos)
      continue;
    const ConstantTexts texts(node.module());
    bool found = false;
    syntax::walk(condition, [&](const syntax::Node& inner) {
      if (!inner.is("call")) return true;
      const auto arguments = syntax::arguments(inner);
      const auto path = arguments.empty() ? texts.of(inner.field("function").field("object"))
                                          : texts.of(arguments[0].value);
      found = found || (path.complete && exists_in_project(subject, path.text));
      return true;
    });
    if (found) return true;
  }
  return false;
}

}  // namespace cogbuild::check
