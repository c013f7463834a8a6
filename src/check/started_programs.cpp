#include "started_programs.hpp"

#include "constant_text.hpp"
#include "shell_words.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <array>

namespace cogbuild::check {
namespace {

using syntax::Node;

bool starts_program(std::string_view function) {
  constexpr std::array<std::string_view, 13> kFunctions = {"subprocess.run",
                                                           "subprocess.call",
                                                           "subprocess.check_call",
                                                           "subprocess.check_output",
                                                           "subprocess.Popen",
                                                           "subprocess.getoutput",
                                                           "os.system",
                                                           "os.popen",
                                                           "subprocess.getstatusoutput",
                                                           "os.execvp",
                                                           "os.spawnvp",
                                                           "asyncio.create_subprocess_exec",
                                                           "asyncio.create_subprocess_shell"};
  return std::ranges::find(kFunctions, function) != kFunctions.end();
}

// The text of a command with each part that is not known left out, and these parts.
std::string command_text(const Node& expression, const ConstantTexts& texts,
                         std::vector<Node>& parts) {
  if (expression.is("binary_operator")) {
    return command_text(expression.field("left"), texts, parts) +
           command_text(expression.field("right"), texts, parts);
  }
  if (expression.is("concatenated_string")) {
    std::string out;
    for (const Node& part : expression.named_children()) out += command_text(part, texts, parts);
    return out;
  }
  const auto literal = syntax::string_literal(expression);
  if (!literal) {
    parts.push_back(expression);
    return texts.of(expression).text;
  }
  if (!literal->interpolated) return std::string(literal->text);
  std::string out;
  for (const Node& part : expression.named_children()) {
    if (part.is("string_content")) {
      out += part.text();
    } else if (part.is("interpolation")) {
      parts.push_back(part.first_named_child());
      out += texts.of(part.first_named_child()).text;
    }
  }
  return out;
}

void add_shell(const Node& call, const Node& command, const ConstantTexts& texts,
               std::vector<StartedProgram>& out) {
  std::vector<Node> parts;
  const auto text = command_text(command, texts, parts);
  for (auto& one : shell_commands(text))
    out.push_back({.call = call, .words = std::move(one.words), .parts = parts});
}

void add_list(const Node& call, const std::vector<Node>& items, const ConstantTexts& texts,
              std::vector<StartedProgram>& out) {
  StartedProgram started;
  started.call = call;
  for (const Node& item : items) {
    const bool is_interpreter = syntax::dotted_name(item) == "sys.executable";
    started.words.push_back(is_interpreter ? "python" : texts.of(item).text);
    started.parts.push_back(item);
  }
  // `["bash", "-c", "…"]`
  if (started.words.size() > 2 && started.words[1] == "-c" && (started.words[0].ends_with("sh")))
    return add_shell(call, items[2], texts, out);
  out.push_back(std::move(started));
}

void add_call(const Node& call, const ConstantTexts& texts, std::vector<StartedProgram>& out) {
  auto arguments = syntax::arguments(call);
  if (arguments.empty()) return;
  Node command = arguments[0].value;
  if (command.is("call")) {
    // `shlex.split("…")`, `"…".split()`
    const Node function = command.field("function");
    if (function.field("attribute").text() == "split") {
      const auto inner = syntax::arguments(command);
      const Node object = function.field("object");
      command = syntax::string_literal(object) || inner.empty() ? object : inner[0].value;
    }
  } else if (command.is("identifier") || command.is("attribute")) {
    if (const Node value = texts.value_of(command)) command = value;
  }
  // `["pip", "install"] + packages`
  for (Node left = command; left.is("binary_operator");) {
    left = left.field("left");
    if (left.is("list")) command = left;
  }
  if (command.is("list") || command.is("tuple")) {
    std::vector<Node> items;
    for (const Node& item : command.named_children())
      if (!item.is("comment")) items.push_back(item);
    return add_list(call, items, texts, out);
  }
  add_shell(call, command, texts, out);
}

}  // namespace

std::vector<StartedProgram> started_programs(const PythonFile& file) {
  std::vector<StartedProgram> out;
  if (!file.mentions({"subprocess", "os.system", "popen", "execvp", "spawnvp"}) ||
      file.module() == nullptr)
    return out;
  const ConstantTexts texts(*file.module());
  syntax::walk(file.module()->root(), [&](const Node& node) {
    if (node.is("call") && starts_program(file.names().resolve(node.field("function"))) &&
        !is_in_main_guard(node))
      add_call(node, texts, out);
    return true;
  });
  return out;
}

}  // namespace cogbuild::check
