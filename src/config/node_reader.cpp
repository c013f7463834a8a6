#include "node_reader.hpp"

#include <cogbuild/config/suggest.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cogbuild::config {

namespace {

std::vector<std::string> key_names(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.emplace_back(field.key);
  return names;
}

}  // namespace

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
    case Node::Kind::scalar:
      break;
  }
  return node.plain ? literal(node.text) : "the quoted text " + literal(node.text);
}

void NodeReader::report_unknown(const Node& key, const Level& level) {
  const auto allowed = key_names(*level.fields);
  auto finding =
      Error(ErrorKind::config, fmt::format("unknown key {} {}", literal(key.text), level.where))
          .at(place(key));
  const auto other =
      level.other != nullptr ? key_names(*level.other->fields) : std::vector<std::string>{};
  if (std::ranges::find(other, key.text) != other.end())
    finding = std::move(finding).hint(
        fmt::format("{} belongs {}", literal(key.text), level.other->where));
  else if (const auto near = nearest(key.text, allowed))
    finding = std::move(finding).hint(fmt::format("did you mean `{}`?", *near));
  else if (const auto elsewhere = nearest(key.text, other))
    finding = std::move(finding).hint(
        fmt::format("did you mean `{}` {}?", *elsewhere, level.other->where));
  findings_.unknown_key(std::move(finding).hint(
      fmt::format("allowed {}: {}", level.where, fmt::join(allowed, ", "))));
}

bool NodeReader::mapping(const Node& node, std::string_view name, const Level& level) {
  if (node.kind == Node::Kind::null) return false;
  if (node.kind != Node::Kind::mapping) {
    findings_.error(
        place(node), fmt::format("{} must be a mapping, not {}", name, describe(node)),
        fmt::format("allowed {}: {}", level.where, fmt::join(key_names(*level.fields), ", ")));
    return false;
  }
  for (const auto& [key, value] : node.entries) {
    const auto field = std::ranges::find(*level.fields, key->text, &Field::key);
    if (field == level.fields->end())
      report_unknown(*key, level);
    else if (value->kind != Node::Kind::null)
      field->read(*key, *value);
  }
  return true;
}

std::optional<Located<std::string>> NodeReader::text(const Node& node, std::string_view name) {
  if (node.kind == Node::Kind::sequence || node.kind == Node::Kind::mapping) {
    findings_.error(place(node),
                    fmt::format("{} must be a single value, not {}", name, describe(node)),
                    "write one text here");
    return std::nullopt;
  }
  if (node.text.find('\0') != std::string::npos) {
    findings_.error(place(node), fmt::format("{} must not contain a NUL character", name),
                    "remove the `\\0`");
    return std::nullopt;
  }
  if (node.text.empty()) return std::nullopt;
  return Located<std::string>{node.text, place(node)};
}

void NodeReader::text(const Node& node, std::string_view name, Located<std::string>& target) {
  if (auto value = text(node, name)) target = std::move(*value);
}

bool NodeReader::list(const Node& node, std::string_view name,
                      const std::function<void(const Node&)>& item) {
  if (node.kind == Node::Kind::null) return true;
  if (node.kind != Node::Kind::sequence) {
    findings_.error(place(node), fmt::format("{} must be a list, not {}", name, describe(node)),
                    node.kind == Node::Kind::scalar
                        ? fmt::format("write {} as an item: `- ` before it, on a line of its own",
                                      literal(node.text))
                        : "write `- ` before each item");
    return false;
  }
  for (const NodePointer& child : node.items) {
    const bool is_empty = child->kind == Node::Kind::null ||
                          (child->kind == Node::Kind::scalar && child->text.empty());
    if (is_empty)
      findings_.warning(place(*child), fmt::format("an empty item of {} is ignored", name),
                        "remove the item");
    else
      item(*child);
  }
  return true;
}

void NodeReader::texts(const Node& node, std::string_view name,
                       std::vector<Located<std::string>>& target) {
  const std::string item_name = fmt::format("an item of {}", name);
  list(node, name, [&](const Node& item) {
    if (auto value = text(item, item_name)) target.push_back(std::move(*value));
  });
}

void NodeReader::flag(const Node& node, std::string_view name, bool& target) {
  // YAML 1.1's booleans, as Cog's reader takes them for a field of type bool.
  static constexpr std::array<std::string_view, 11> kTrue = {
      "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"};
  static constexpr std::array<std::string_view, 11> kFalse = {
      "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"};
  const bool plain = node.kind == Node::Kind::scalar && node.plain;
  if (plain && std::ranges::find(kTrue, node.text) != kTrue.end()) {
    target = true;
  } else if (plain && std::ranges::find(kFalse, node.text) != kFalse.end()) {
    target = false;
  } else {
    findings_.error(place(node),
                    fmt::format("{} must be true or false, not {}", name, describe(node)),
                    "write `true` or `false` without quotes");
  }
}

std::optional<int> NodeReader::whole_number(const Node& node, std::string_view name) {
  if (node.kind == Node::Kind::scalar && node.plain) {
    // `2.0` counts as 2.
    std::string_view digits = node.text;
    if (const auto dot = digits.find('.');
        dot != std::string_view::npos && dot + 1 < digits.size() &&
        digits.find_first_not_of('0', dot + 1) == std::string_view::npos)
      digits = digits.substr(0, dot);
    int value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (code == std::errc{} && end == digits.data() + digits.size()) return value;
  }
  findings_.error(place(node),
                  fmt::format("{} must be a whole number, not {}", name, describe(node)),
                  "write a number such as `2` without quotes");
  return std::nullopt;
}

}  // namespace cogbuild::config
