#include "url_downloads.hpp"

#include "constant_text.hpp"
#include "live_code.hpp"
#include "started_programs.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <tuple>

namespace cogbuild::check {
namespace {

using syntax::Node;

std::string_view program_of(std::string_view word) { return word.substr(word.rfind('/') + 1); }

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, text) != names.end();
}

bool is_url(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://") || text.starts_with("gs://") ||
         text.starts_with("s3://");
}

// Lists, settings and examples: small, and of another kind than weights.
bool is_plain_file(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  constexpr auto kPlain = std::to_array<std::string_view>(
      {".txt", ".json", ".yaml", ".yml", ".md", ".py", ".csv", ".png", ".jpg", ".mp4", ".wav"});
  return std::ranges::any_of(kPlain, [url](auto suffix) { return url.ends_with(suffix); });
}

// Tools and functions that serve for weights, whatever the URL looks like.
bool is_for_weights(std::string_view by) {
  return is_any_of(by, {"pget", "gdown", "gdown.download", "gdown.download_folder",
                        "torch.hub.load_state_dict_from_url", "torch.utils.model_zoo.load_url",
                        "torchvision.models.utils.load_state_dict_from_url",
                        "basicsr.utils.download_util.load_file_from_url",
                        "facexlib.utils.misc.load_file_from_url", "load_file_from_url"});
}

bool fetches(std::string_view function) {
  return is_for_weights(function) ||
         is_any_of(function, {"urllib.request.urlretrieve", "urllib.request.urlopen",
                              "requests.get", "httpx.get", "httpx.stream", "wget.download",
                              "torch.hub.download_url_to_file", "download_url_to_file"});
}

// A function of the project that hands one of its parameters to what fetches.
struct Wrapper {
  std::string function{};
  std::string parameter{};
  std::size_t index = 0;
  bool is_method = false;
  std::string by{};
  auto operator<=>(const Wrapper&) const = default;
};

class Finder {
 public:
  explicit Finder(const Subject& subject) : live_(live_code(subject)), files_(live_.near_files()) {}

  std::vector<UrlDownload> find() {
    for (const PythonFile* file : files_) {
      add_programs(*file);
      add_functions(*file);
    }
    // `open_` grows while wrappers of wrappers are found.
    constexpr std::size_t kMostWrappers = 64;
    for (std::size_t i = 0; i < open_.size() && i < kMostWrappers; ++i) {
      const Wrapper wrapper = open_[i];
      for (const PythonFile* file : files_) add_calls_of(wrapper, *file);
    }
    std::ranges::sort(out_, {}, [](const UrlDownload& one) {
      return std::tuple(std::string_view(one.call.module().file()), one.call.begin());
    });
    return std::move(out_);
  }

 private:
  const ConstantTexts& texts_of(const PythonFile& file) {
    auto& texts = texts_[&file];
    if (!texts) texts = std::make_unique<ConstantTexts>(*file.module());
    return *texts;
  }

  void add_programs(const PythonFile& file) {
    if (!file.mentions({"pget", "wget", "curl", "aria2c", "gdown", "gsutil"})) return;
    for (const auto& started : started_programs(file)) {
      const auto program =
          started.words.empty() ? std::string_view() : program_of(started.words[0]);
      if (!is_any_of(program, {"pget", "wget", "curl", "aria2c", "gdown", "gsutil"})) continue;
      for (const auto& word : started.words)
        if (is_url(word) && !is_plain_file(word) &&
            (is_for_weights(program) || looks_like_weights(word)))
          add({.call = started.call, .by = std::string(program), .url = word, .complete = true});
      for (const Node& part : started.parts) look_at(file, started.call, part, program);
    }
  }

  void add_functions(const PythonFile& file) {
    if (!file.mentions({"urlretrieve", "urlopen", "requests", "httpx", "wget", "gdown",
                        "load_state_dict_from_url", "load_url", "load_file_from_url",
                        "download_url_to_file"}) ||
        file.module() == nullptr)
      return;
    syntax::walk(file.module()->root(), [&](const Node& node) {
      if (!node.is("call")) return true;
      const auto name = file.names().resolve(node.field("function"));
      const auto dot = name.rfind('.');
      const auto last = std::string_view(name).substr(dot == std::string::npos ? 0 : dot + 1);
      const bool is_loader = last == "load_file_from_url" || last == "load_state_dict_from_url";
      if ((!fetches(name) && !is_loader) || is_in_main_guard(node)) return true;
      const auto arguments = syntax::arguments(node);
      Node url = syntax::keyword_argument(node, "url");
      if (!url && !arguments.empty() && arguments[0].name.empty()) url = arguments[0].value;
      if (url) look_at(file, node, url, is_loader ? last : name);
      return true;
    });
  }

  // What an expression handed to `by` tells: a URL, or a parameter that callers fill.
  void look_at(const PythonFile& file, const Node& call, const Node& expression,
               std::string_view by) {
    const auto& texts = texts_of(file);
    if (const auto text = texts.of(expression); is_url(text.text)) {
      if (!is_plain_file(text.text) && (is_for_weights(by) || looks_like_weights(text.text) ||
                                        (!text.complete && looks_like_weights(expression.text()))))
        add({.call = call,
             .by = std::string(by),
             .url = text.text,
             .complete = text.complete,
             .one_of = text.one_of});
      return;
    }
    const auto parameter = texts.parameter_of(expression);
    if (!parameter.function) return;
    const auto function = parameter.function.field("name").text();
    // Names that say nothing, and what others call with a user's URL.
    if (is_any_of(function, {"get", "run", "main", "__init__", "__call__", "predict", "train"}))
      return;
    const Node first = parameter.function.field("parameters").first_named_child();
    Wrapper wrapper{.function = std::string(function),
                    .parameter = parameter.name,
                    .index = parameter.index,
                    .is_method = is_any_of(first.text(), {"self", "cls"}),
                    .by = std::string(by)};
    if (seen_.insert(wrapper).second) open_.push_back(std::move(wrapper));
  }

  void add_calls_of(const Wrapper& wrapper, const PythonFile& file) {
    if (!file.mentions({wrapper.function}) || file.module() == nullptr) return;
    syntax::walk(file.module()->root(), [&](const Node& node) {
      if (!node.is("call") || is_in_main_guard(node)) return true;
      const Node function = node.field("function");
      const auto arguments = syntax::arguments(node);
      const auto called =
          function.is("attribute") ? function.field("attribute").text() : function.text();
      std::size_t index = wrapper.index;
      if (called == wrapper.function) {
        if (wrapper.is_method && function.is("attribute")) --index;
      } else if (is_any_of(called, {"submit", "run_in_executor"})) {
        // `executor.submit(download, URL, …)`
        const std::size_t shift = called == "submit" ? 1 : 2;
        if (arguments.size() < shift || last_name(arguments[shift - 1].value) != wrapper.function)
          return true;
        index += shift;
      } else {
        return true;
      }
      if (const Node value = argument_at(node, arguments, index, wrapper.parameter))
        look_at(file, node, value, wrapper.by);
      return true;
    });
  }

  static std::string_view last_name(const Node& expression) {
    return expression.is("attribute") ? expression.field("attribute").text() : expression.text();
  }

  static Node argument_at(const Node& call, const std::vector<syntax::Argument>& arguments,
                          std::size_t index, std::string_view name) {
    if (const Node value = syntax::keyword_argument(call, name)) return value;
    if (index < arguments.size() && arguments[index].name.empty()) return arguments[index].value;
    return {};
  }

  void add(UrlDownload download) {
    const auto same = [&](const UrlDownload& other) { return other.call == download.call; };
    if (std::ranges::none_of(out_, same) && live_.is_live(download.call))
      out_.push_back(std::move(download));
  }

  const LiveCode& live_;
  std::vector<const PythonFile*> files_;
  std::map<const PythonFile*, std::unique_ptr<ConstantTexts>> texts_{};
  std::set<Wrapper> seen_{};
  std::vector<Wrapper> open_{};
  std::vector<UrlDownload> out_{};
};

}  // namespace

bool looks_like_weights(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  constexpr auto kSuffixes = std::to_array<std::string_view>(
      {".pth", ".pt", ".ckpt", ".safetensors", ".bin", ".onnx", ".gguf", ".h5", ".pkl", ".npz",
       ".tflite", ".task", ".caffemodel", ".pb", ".tar", ".keras", ".nemo"});
  if (std::ranges::any_of(kSuffixes, [url](auto suffix) { return url.ends_with(suffix); }))
    return true;
  if (is_plain_file(url)) return false;
  constexpr auto kMarks = std::to_array<std::string_view>(
      {"replicate.delivery/", "/resolve/", "dl.fbaipublicfiles.com/", "civitai.com/api/download",
       "openaipublic", "download.pytorch.org/models", "weight", "WEIGHT", "checkpoint",
       "CHECKPOINT", "ckpt"});
  return std::ranges::any_of(kMarks,
                             [url](auto mark) { return url.find(mark) != std::string_view::npos; });
}

std::vector<UrlDownload> url_downloads(const Subject& subject) { return Finder(subject).find(); }

}  // namespace cogbuild::check
