#include "evaluate_test.hpp"

#include <charconv>
#include <string_view>

namespace cogbuild::configure {
namespace {

using Fields = std::vector<Field>;

Outcome test_file(std::string_view op, const Field& operand, const WorkingRoot& root) {
  if (!operand.known || operand.text.find_first_of("*?[") != std::string::npos)
    return Outcome::unknown;
  if (op == "-t") return Outcome::no;
  const auto path = root.canonical(operand.text);
  if (path.starts_with("run/") || path.starts_with("proc/") || path.starts_with("sys/"))
    return Outcome::no;
  const bool is_link = root.link_target(path) != nullptr;
  if (op == "-L" || op == "-h") return is_link ? Outcome::yes : Outcome::no;
  if (op == "-d" && !is_link) return root.is_directory(path) ? Outcome::yes : Outcome::no;
  if (op == "-f" && root.is_directory(path)) return Outcome::no;
  if (!root.exists(path)) return Outcome::no;
  if (is_link || op == "-s") return Outcome::unknown;
  return Outcome::yes;
}

Outcome compare(const Field& left, std::string_view op, const Field& right) {
  if (!left.known || !right.known) return Outcome::unknown;
  const auto say = [](bool holds) { return holds ? Outcome::yes : Outcome::no; };
  if (op == "=" || op == "==") return say(left.text == right.text);
  if (op == "!=") return say(left.text != right.text);
  long a = 0;
  long b = 0;
  std::from_chars(left.text.data(), left.text.data() + left.text.size(), a);
  std::from_chars(right.text.data(), right.text.data() + right.text.size(), b);
  if (op == "-eq") return say(a == b);
  if (op == "-ne") return say(a != b);
  if (op == "-lt") return say(a < b);
  if (op == "-le") return say(a <= b);
  if (op == "-gt") return say(a > b);
  if (op == "-ge") return say(a >= b);
  return Outcome::unknown;
}

Outcome join(Outcome left, Outcome right, Outcome decisive) {
  if (left == decisive || right == decisive) return decisive;
  return left == Outcome::unknown ? left : right;
}

}  // namespace

Outcome evaluate_test(const std::vector<Field>& arguments, const WorkingRoot& root) {
  for (const auto* op : {"-o", "-a"}) {
    for (std::size_t i = 1; i + 1 < arguments.size(); ++i) {
      if (arguments[i].text != op || arguments[i].quoted) continue;
      const auto middle = arguments.begin() + static_cast<std::ptrdiff_t>(i);
      return join(evaluate_test({arguments.begin(), middle}, root),
                  evaluate_test({middle + 1, arguments.end()}, root),
                  op[1] == 'o' ? Outcome::yes : Outcome::no);
    }
  }
  if (!arguments.empty() && arguments[0].text == "!" && arguments.size() > 1) {
    const auto inner = evaluate_test({arguments.begin() + 1, arguments.end()}, root);
    if (inner == Outcome::unknown) return inner;
    return inner == Outcome::yes ? Outcome::no : Outcome::yes;
  }
  const auto say = [](bool holds) { return holds ? Outcome::yes : Outcome::no; };
  switch (arguments.size()) {
    case 0:
      return Outcome::no;
    case 1:
      return arguments[0].known ? say(!arguments[0].text.empty()) : Outcome::unknown;
    case 2: {
      const auto& op = arguments[0].text;
      if (op == "-z" || op == "-n") {
        if (!arguments[1].known) return Outcome::unknown;
        return say(arguments[1].text.empty() == (op == "-z"));
      }
      return test_file(op, arguments[1], root);
    }
    case 3:
      return compare(arguments[0], arguments[1].text, arguments[2]);
    default:
      return Outcome::unknown;
  }
}

}  // namespace cogbuild::configure
