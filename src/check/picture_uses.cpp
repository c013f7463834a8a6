#include "picture_uses.hpp"

#include "file_functions.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace cogbuild::check {
namespace {

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Methods and attributes of PIL.Image.Image that show that the code thinks of modes.
constexpr auto kModeNames = std::to_array<std::string_view>(
    {"convert", "split", "getchannel", "getbands", "quantize", "mode", "remap_palette"});
// Methods that give a picture of the same mode.
constexpr auto kSameMode = std::to_array<std::string_view>(
    {"resize", "crop", "rotate", "transpose", "copy", "reduce", "transform"});
// What tells about a picture without showing it.
constexpr auto kMeasures = std::to_array<std::string_view>(
    {"size", "width", "height", "format", "info", "filename", "verify", "close", "mode"});
constexpr auto kArrayMakers = std::to_array<std::string_view>(
    {"numpy.array", "numpy.asarray", "torchvision.transforms.functional.to_tensor",
     "torchvision.transforms.functional.pil_to_tensor"});

std::string_view last_part(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);  // npos + 1 is 0
}

// Whether a function looks at the channels of arrays.
bool looks_at_channels(std::string_view source) {
  static constexpr auto kSigns = std::to_array<std::string_view>(
      {"shape[2]", "shape[-1]", ".ndim", ".shape) ==", ".shape)==", "COLOR_RGBA", "COLOR_BGRA",
       ":3]", "gray2rgb", "rgba2rgb"});
  return std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) {
    return source.find(sign) != std::string_view::npos;
  });
}

class Study {
 public:
  explicit Study(const PythonFile& file) : file_(file), functions_(*file.module()) {}

  PictureUses run(const OpenedPicture& picture) {
    follow(picture.call, picture.function);
    // Variables are worked off a list: code that hands a picture round in a circle ends here.
    while (!variables_.empty()) {
      const auto variable = variables_.back();
      variables_.pop_back();
      if (seen_.size() < kMostVariables &&
          seen_.emplace(variable.function.begin(), variable.from, variable.name).second)
        scan(variable);
    }
    return std::move(uses_);
  }

 private:
  static constexpr std::size_t kMostVariables = 40;

  struct Variable {
    std::string name{};
    std::size_t from = 0;
    syntax::Node function{};
  };

  // Every place where a variable is read, up to where it becomes something else.
  void scan(const Variable& variable) {
    std::size_t until = variable.function.end();
    syntax::walk(variable.function, [&](const syntax::Node& node) {
      if (node.end() <= variable.from || node.begin() >= until) return false;
      if (node.is("assignment") && node.field("left").text() == variable.name &&
          node.begin() >= variable.from)
        until = node.end();
      if (node.is("identifier") && node.begin() >= variable.from && node.text() == variable.name &&
          !is_bound(node))
        follow(node, variable.function);
      return true;
    });
  }

  // A name that is written to, not read.
  static bool is_bound(const syntax::Node& name) {
    const auto parent = name.parent();
    if (parent.is("attribute")) return parent.field("attribute") == name;
    if (parent.is("keyword_argument")) return parent.field("name") == name;
    return parent.is("assignment") && parent.field("left") == name;
  }

  // From an expression that is the picture outwards to what is done with it.
  void follow(syntax::Node node, const syntax::Node& function) {
    for (;;) {
      const auto parent = node.parent();
      if (parent.is("parenthesized_expression")) {
        node = parent;
      } else if (parent.is("attribute")) {
        node = through_attribute(parent);
      } else if (parent.is("argument_list") || parent.is("keyword_argument")) {
        node = through_call(node, function);
      } else if (parent.is("comparison_operator") || parent.is("not_operator") ||
                 parent.is("assert_statement")) {
        uses_.checked_for_none = true;
        return;
      } else {
        bind(node, parent, function);
        return;
      }
      if (!node) return;
    }
  }

  // `picture.name`, `picture.name(…)`: what is again the picture, or no node.
  syntax::Node through_attribute(const syntax::Node& attribute) {
    const auto name = attribute.field("attribute").text();
    if (holds(kModeNames, name)) uses_.mode_handled = true;
    if (!holds(kMeasures, name)) uses_.only_measured = false;
    if (name == "getexif" || name == "_getexif") uses_.orientation_handled = true;
    const auto call = attribute.parent();
    if (!call.is("call") || !(call.field("function") == attribute)) return {};
    if (name == "save" && saves_jpeg(call)) note(call, "save");
    return holds(kSameMode, name) ? call : syntax::Node();
  }

  // `call(…, picture, …)`: what is again the picture, or no node.
  syntax::Node through_call(const syntax::Node& argument, const syntax::Node& function) {
    uses_.only_measured = false;
    syntax::Node call = argument.parent();
    if (call.is("keyword_argument")) call = call.parent();
    call = call.parent();
    if (!call.is("call")) return {};
    const auto callee = file_.names().resolve(call.field("function"));
    if (callee.ends_with("exif_transpose")) {
      uses_.orientation_handled = true;
      return call;
    }
    if (callee.starts_with("PIL.ImageOps.")) return call;
    if (holds(kArrayMakers, callee)) {
      if (!looks_at_channels(function.text())) note(call, callee);
    } else if (last_part(callee).find("pipe") != std::string_view::npos || makes_tensor(call)) {
      note(call, callee);
    } else {
      enter(call, callee, argument);
    }
    return {};
  }

  // `ToTensor()(picture)`; `self.transform(picture)` where the file makes a pipeline of torchvision
  // that never converts.
  [[nodiscard]] bool makes_tensor(const syntax::Node& call) const {
    const auto function = call.field("function");
    if (function.is("call"))
      return file_.names().resolve(function.field("function")) == "torchvision.transforms.ToTensor";
    const auto name = syntax::dotted_name(function);
    return last_part(name).find("transform") != std::string_view::npos &&
           file_.mentions({"ToTensor"}) && !file_.mentions({"convert("});
  }

  // Into a function of the file that is handed the picture.
  void enter(const syntax::Node& call, std::string_view callee, const syntax::Node& value) {
    const auto function = functions_.find(callee);
    if (!function) return;
    const auto given = syntax::arguments(call);
    const auto names = parameters_for(function, callee, given);
    for (std::size_t i = 0; i < given.size(); ++i)
      if (given[i].value == value && !names[i].empty())
        variables_.push_back({names[i], function.field("body").begin(), function});
  }

  void bind(const syntax::Node& node, const syntax::Node& parent, const syntax::Node& function) {
    syntax::Node target;
    if (parent.is("assignment") && parent.field("right") == node) target = parent.field("left");
    if (parent.is("as_pattern")) {
      const auto parts = parent.named_children();
      if (parts.size() == 2) target = parts[1].first_named_child();
    }
    if (!target.is("identifier"))
      uses_.only_measured = false;
    else
      variables_.push_back({std::string(target.text()), parent.end(), function});
  }

  static bool saves_jpeg(const syntax::Node& call) {
    const auto given = syntax::arguments(call);
    if (given.empty()) return false;
    const auto path = syntax::string_literal(given[0].value);
    return path && !path->interpolated &&
           (path->text.ends_with(".jpg") || path->text.ends_with(".jpeg"));
  }

  void note(const syntax::Node& call, std::string_view name) {
    if (uses_.sensitive && uses_.sensitive.begin() <= call.begin()) return;
    uses_.sensitive = call;
    uses_.sensitive_name = std::string(name);
  }

  const PythonFile& file_;
  FileFunctions functions_;
  std::vector<Variable> variables_{};
  std::set<std::tuple<std::size_t, std::size_t, std::string>> seen_{};
  PictureUses uses_{};
};

}  // namespace

PictureUses uses_of(const OpenedPicture& picture, const PythonFile& file) {
  return Study(file).run(picture);
}

}  // namespace cogbuild::check
