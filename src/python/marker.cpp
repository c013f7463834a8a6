#include "ascii.hpp"

#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/specifier.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cogbuild::python {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxComparisons = 1024;
constexpr std::size_t kMaxTextBytes = std::size_t{64} * 1024;

using Value = std::string MarkerEnvironment::*;

struct VariableName {
  std::string_view text{};
  MarkerVariable variable = MarkerVariable::extra;
};

// The current names first, then those of PEP 345 that old metadata still uses.
constexpr std::array<VariableName, 17> kVariables = {{
    {"os_name", MarkerVariable::os_name},
    {"sys_platform", MarkerVariable::sys_platform},
    {"platform_system", MarkerVariable::platform_system},
    {"platform_machine", MarkerVariable::platform_machine},
    {"platform_python_implementation", MarkerVariable::platform_python_implementation},
    {"platform_release", MarkerVariable::platform_release},
    {"platform_version", MarkerVariable::platform_version},
    {"python_version", MarkerVariable::python_version},
    {"python_full_version", MarkerVariable::python_full_version},
    {"implementation_name", MarkerVariable::implementation_name},
    {"implementation_version", MarkerVariable::implementation_version},
    {"extra", MarkerVariable::extra},
    {"os.name", MarkerVariable::os_name},
    {"sys.platform", MarkerVariable::sys_platform},
    {"platform.version", MarkerVariable::platform_version},
    {"platform.machine", MarkerVariable::platform_machine},
    {"platform.python_implementation", MarkerVariable::platform_python_implementation},
}};

const std::string& value_of(const MarkerEnvironment& environment, MarkerVariable variable) {
  static constexpr std::array<Value, 11> kValues = {
      &MarkerEnvironment::os_name,
      &MarkerEnvironment::sys_platform,
      &MarkerEnvironment::platform_system,
      &MarkerEnvironment::platform_machine,
      &MarkerEnvironment::platform_python_implementation,
      &MarkerEnvironment::platform_release,
      &MarkerEnvironment::platform_version,
      &MarkerEnvironment::python_version,
      &MarkerEnvironment::python_full_version,
      &MarkerEnvironment::implementation_name,
      &MarkerEnvironment::implementation_version,
  };
  return environment.*kValues[static_cast<std::size_t>(variable)];
}

bool holds_version(MarkerVariable variable) {
  return variable == MarkerVariable::python_version ||
         variable == MarkerVariable::python_full_version ||
         variable == MarkerVariable::implementation_version;
}

bool may_hold_version(MarkerVariable variable) {
  return holds_version(variable) || variable == MarkerVariable::platform_release;
}

}  // namespace

MarkerEnvironment MarkerEnvironment::of(const Target& target) {
  MarkerEnvironment environment;
  environment.platform_machine = target.architecture;
  environment.python_version =
      fmt::format("{}.{}", target.python.segment(0), target.python.segment(1));
  // An unknown patch level counts as 0; a pre-release keeps its suffix: 3.14.0rc1.
  const std::string written = to_string(target.python);
  const std::string base = to_string(target.python.base());
  environment.python_full_version =
      fmt::format("{}.{}{}", environment.python_version, target.python.segment(2),
                  written.starts_with(base) ? written.substr(base.size()) : "");
  environment.implementation_version = environment.python_full_version;
  return environment;
}

// Recursive descent over the grammar, emitting postfix nodes.
class MarkerParser {
 public:
  explicit MarkerParser(std::string_view text) : text_(text) {}

  Result<std::vector<Marker::Node>> run() {
    if (text_.size() > kMaxTextBytes) return fail(error("it is too long"));
    TRY(disjunction());
    skip_space();
    if (at_ != text_.size()) return fail(error("`and`, `or` or the end was expected"));
    return std::move(nodes_);
  }

 private:
  using Compare = Marker::Compare;
  using Node = Marker::Node;

  [[nodiscard]] Error error(std::string_view why) const {
    return {ErrorKind::config, fmt::format("`{}` is not a valid marker: {} at character {}",
                                           text_.substr(0, 256), why, at_ + 1)};
  }

  void skip_space() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  static bool is_word(char c) { return is_alnum(c) || c == '_' || c == '.'; }

  [[nodiscard]] std::string_view peek_word() const {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }

  bool take_word(std::string_view word) {
    skip_space();
    if (peek_word() != word) return false;
    at_ += word.size();
    return true;
  }

  Result<void> disjunction() {
    TRY(conjunction());
    while (take_word("or")) {
      TRY(conjunction());
      nodes_.push_back({.kind = Node::Kind::disjunction});
    }
    return {};
  }

  Result<void> conjunction() {
    TRY(operand());
    while (take_word("and")) {
      TRY(operand());
      nodes_.push_back({.kind = Node::Kind::conjunction});
    }
    return {};
  }

  Result<void> operand() {
    skip_space();
    if (at_ == text_.size() || text_[at_] != '(') return comparison();
    if (++depth_ > kMaxDepth) return fail(error("its parentheses are nested too deeply"));
    ++at_;
    TRY(disjunction());
    skip_space();
    if (at_ == text_.size() || text_[at_] != ')') return fail(error("`)` was expected"));
    ++at_;
    --depth_;
    return {};
  }

  Result<void> comparison() {
    if (++comparisons_ > kMaxComparisons) return fail(error("it has too many comparisons"));
    Node node;
    bool has_variable = false;
    bool has_literal = false;
    TRY(side(node, has_variable, has_literal));
    node.literal_first = has_literal;
    TRY_ASSIGN(node.op, comparator());
    TRY(side(node, has_variable, has_literal));
    if (node.variable == MarkerVariable::extra) node.literal = normalize_name(node.literal);
    nodes_.push_back(std::move(node));
    return {};
  }

  // A quoted literal or a variable; the other of the two on the second call.
  Result<void> side(Node& node, bool& has_variable, bool& has_literal) {
    skip_space();
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const auto end = text_.find(text_[at_], at_ + 1);
      if (end == std::string_view::npos) return fail(error("a quote is not closed"));
      if (has_literal) return fail(error("two literals are compared"));
      // The grammar has none, and readers disagree on whether it escapes.
      if (text_.substr(at_, end - at_).find('\\') != std::string_view::npos)
        return fail(error("a quoted text has a backslash"));
      has_literal = true;
      node.literal = std::string(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return {};
    }
    const auto word = peek_word();
    if (word.empty()) return fail(error("a variable or a quoted text was expected"));
    if (has_variable) return fail(error("two variables are compared"));
    has_variable = true;
    TRY_ASSIGN(node.variable, variable(word));
    at_ += word.size();
    return {};
  }

  Result<MarkerVariable> variable(std::string_view word) const {
    if (word == "python_implementation") return MarkerVariable::platform_python_implementation;
    const auto* const found =
        std::find_if(kVariables.begin(), kVariables.end(),
                     [word](const VariableName& name) { return name.text == word; });
    if (found == kVariables.end()) {
      return fail(error(fmt::format("`{}` is not a variable", word)));
    }
    return found->variable;
  }

  Result<Compare> comparator() {
    static constexpr std::array<std::pair<std::string_view, Compare>, 8> kSymbols = {{
        {"===", Compare::arbitrary},
        {"==", Compare::equal},
        {"!=", Compare::not_equal},
        {"<=", Compare::less_equal},
        {">=", Compare::greater_equal},
        {"~=", Compare::compatible},
        {"<", Compare::less},
        {">", Compare::greater},
    }};
    if (take_word("in")) return Compare::in;
    if (take_word("not")) {
      if (take_word("in")) return Compare::not_in;
      return fail(error("`in` was expected after `not`"));
    }
    for (const auto& [symbol, op] : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return op;
    }
    return fail(error("a comparison was expected"));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t comparisons_ = 0;
  std::vector<Node> nodes_{};
};

Result<Marker> Marker::parse(std::string_view text) {
  Marker marker;
  TRY_ASSIGN(marker.nodes_, MarkerParser(text).run());
  return marker;
}

namespace {

// `python_version in '3.10 3.11'` lists versions; nothing when the literal is no such list.
std::optional<bool> in_version_list(const std::string& literal, const std::string& value) {
  const auto version = Version::parse(value);
  if (!version) return std::nullopt;
  bool found = false;
  std::string_view rest = literal;
  while (true) {
    while (!rest.empty() && (is_space(rest.front()) || rest.front() == ',')) rest.remove_prefix(1);
    if (rest.empty()) return found;
    const auto end = std::min(rest.find_first_of(" ,\t"), rest.size());
    const auto listed = Version::parse(rest.substr(0, end));
    if (!listed) return std::nullopt;
    found = found || *listed == *version;
    rest.remove_prefix(end);
  }
}

}  // namespace

bool Marker::compare(const Node& node, const std::string& value) {
  static constexpr std::array<std::string_view, 10> kSpelling = {"==", "!=", "<",   "<=", ">",
                                                                 ">=", "~=", "===", "in", "not in"};
  if (node.op == Compare::in || node.op == Compare::not_in) {
    std::optional<bool> found;
    if (holds_version(node.variable) && !node.literal_first)
      found = in_version_list(node.literal, value);
    if (!found) {
      found = node.literal_first ? value.find(node.literal) != std::string::npos
                                 : node.literal.find(value) != std::string::npos;
    }
    return *found == (node.op == Compare::in);
  }
  const std::string& left = node.literal_first ? node.literal : value;
  const std::string& right = node.literal_first ? value : node.literal;
  if (may_hold_version(node.variable)) {
    const auto specifier = SpecifierSet::parse(
        fmt::format("{}{}", kSpelling[static_cast<std::size_t>(node.op)], right));
    if (specifier && specifier->clauses().size() == 1) {
      // What is no version is not among those of a specifier, not even of `!=`.
      const auto candidate = Version::parse(left);
      return candidate && specifier->contains(*candidate);
    }
  }
  // Order means nothing for other texts: `>=` and `<=` hold when equal; `~=` and `===` are only
  // for versions.
  const bool equal = value == node.literal;
  switch (node.op) {
    case Compare::not_equal:
      return !equal;
    case Compare::less:
    case Compare::greater:
    case Compare::compatible:
    case Compare::arbitrary:
      return false;
    default:
      return equal;
  }
}

bool Marker::evaluate(const MarkerEnvironment& environment, std::string_view extra) const {
  const std::string wanted_extra = normalize_name(extra);
  std::vector<bool> stack;
  for (const Node& node : nodes_) {
    if (node.kind == Node::Kind::compare) {
      const bool is_extra = node.variable == MarkerVariable::extra;
      stack.push_back(
          compare(node, is_extra ? wanted_extra : value_of(environment, node.variable)));
      continue;
    }
    const bool right = stack.back();
    stack.pop_back();
    stack.back() =
        node.kind == Node::Kind::conjunction ? stack.back() && right : stack.back() || right;
  }
  return stack.empty() || stack.back();
}

bool Marker::evaluate(const MarkerEnvironment& environment,
                      std::span<const std::string> extras) const {
  if (evaluate(environment, std::string_view{})) return true;
  return std::any_of(extras.begin(), extras.end(), [&](const std::string& extra) {
    return evaluate(environment, std::string_view(extra));
  });
}

bool Marker::uses(MarkerVariable variable) const {
  return std::any_of(nodes_.begin(), nodes_.end(), [variable](const Node& node) {
    return node.kind == Node::Kind::compare && node.variable == variable;
  });
}

std::string to_string(const Marker& marker) {
  using Node = Marker::Node;
  static constexpr std::array<std::string_view, 10> kSpelling = {"==", "!=", "<",   "<=", ">",
                                                                 ">=", "~=", "===", "in", "not in"};
  struct Part {
    std::string text{};
    Node::Kind kind = Node::Kind::compare;
  };
  std::vector<Part> stack;
  for (const Node& node : marker.nodes_) {
    if (node.kind == Node::Kind::compare) {
      const char quote = node.literal.find('"') == std::string::npos ? '"' : '\'';
      const auto literal = fmt::format("{}{}{}", quote, node.literal, quote);
      const auto name = kVariables[static_cast<std::size_t>(node.variable)].text;
      const auto op = kSpelling[static_cast<std::size_t>(node.op)];
      stack.push_back({.text = node.literal_first ? fmt::format("{} {} {}", literal, op, name)
                                                  : fmt::format("{} {} {}", name, op, literal)});
      continue;
    }
    const Part right = std::move(stack.back());
    stack.pop_back();
    Part& left = stack.back();
    const bool conjunction = node.kind == Node::Kind::conjunction;
    // The right operand of one kind keeps its own parentheses, so that the tree reads back the
    // same.
    const bool wrap_left = conjunction && left.kind == Node::Kind::disjunction;
    const bool wrap_right =
        right.kind == node.kind || (conjunction && right.kind == Node::Kind::disjunction);
    left.text = fmt::format("{} {} {}", wrap_left ? fmt::format("({})", left.text) : left.text,
                            conjunction ? "and" : "or",
                            wrap_right ? fmt::format("({})", right.text) : right.text);
    left.kind = node.kind;
  }
  return stack.empty() ? std::string{} : std::move(stack.back().text);
}

}  // namespace cogbuild::python
