#include "yaml_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <sstream>
#include <string_view>

namespace cogbuild::config {

namespace {

constexpr std::size_t kDeepest = 32;
constexpr std::size_t kMostValues = 100'000;

// Leaves yaml-cpp's parser with an error of ours; caught in parse_yaml.
struct Stop {
  Error error;
};

Mark to_mark(const YAML::Mark& mark) {
  return {.line = static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
          .column = static_cast<std::size_t>(std::max(mark.column, 0)) + 1};
}

// Whether a quoted scalar at the front of `text`, behind its anchor and tag, ends; true for other
// scalars. yaml-cpp 0.7 takes the end of the file for the missing quote.
bool is_closed(std::string_view text) {
  while (text.starts_with('&') || text.starts_with('!')) {
    text.remove_prefix(std::min(text.find_first_of(" \t\n"), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  }
  if (text.starts_with('\'')) {
    for (std::size_t i = 1; i < text.size(); ++i)
      if (text[i] == '\'' && !text.substr(++i).starts_with('\'')) return true;
    return false;
  }
  if (!text.starts_with('"')) return true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return true;
    if (text[i] == '\\') ++i;
  }
  return false;
}

// Builds nodes from yaml-cpp's events. yaml-cpp's own Node would do neither marks of aliases, nor
// merge keys, nor a limit on what aliases repeat.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const SourceText& source, Findings& findings) : source_(source), findings_(findings) {}

  NodePointer root() && { return root_ ? std::move(root_) : std::make_shared<Node>(); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto node = std::make_shared<Node>();
    node->mark = to_mark(mark);
    add(std::move(node), 1, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    static constexpr std::string_view kPlainTags[] = {
        "?", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool"};
    auto node = std::make_shared<Node>();
    node->kind = Node::Kind::scalar;
    node->mark = to_mark(mark);
    node->text = value;
    node->plain = std::ranges::find(kPlainTags, tag) != std::end(kPlainTags);
    if (!node->plain && !is_closed(source_.from(node->mark)))
      stop(node->mark, "this quote is not closed", "write the same quote at the end of the text");
    add(std::move(node), 1, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      stop(to_mark(mark), "this alias stands inside the value it names",
           "a value cannot contain itself");
    const auto& [original, value_count] = found->second;
    if (value_count_ + value_count > kMostValues) too_many(to_mark(mark));
    auto node = std::make_shared<Node>(*original);  // shares what is below
    node->mark = to_mark(mark);
    add(std::move(node), value_count, YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::mapping);
  }
  void OnMapEnd() override {
    resolve_keys(*stack_.back().node);
    close();
  }

 private:
  struct Open {
    std::shared_ptr<Node> node{};
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::size_t values_before = 0;
    NodePointer key{};  // of the mapping entry whose value comes next
  };
  struct Anchored {
    NodePointer node{};
    std::size_t value_count = 0;
  };

  [[noreturn]] void stop(Mark mark, std::string message, std::string hint) const {
    throw Stop{
        Error(ErrorKind::config, std::move(message)).at(source_.at(mark)).hint(std::move(hint))};
  }
  [[noreturn]] void too_many(Mark mark) const {
    stop(mark, fmt::format("the file holds more than {} values, aliases expanded", kMostValues),
         "write out what is needed instead of repeating aliases");
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
    if (stack_.size() >= kDeepest)
      stop(to_mark(mark), fmt::format("values are nested more than {} levels deep", kDeepest),
           "no key needs more than six");
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->mark = to_mark(mark);
    stack_.push_back({.node = std::move(node), .anchor = anchor, .values_before = value_count_});
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    const std::size_t inside = value_count_ - done.values_before;
    value_count_ = done.values_before;  // `add` counts the whole again
    add(std::move(done.node), inside + 1, done.anchor);
  }

  void add(NodePointer node, std::size_t value_count, YAML::anchor_t anchor) {
    value_count_ += value_count;
    if (value_count_ > kMostValues) too_many(node->mark);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {node, value_count};
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node->kind == Node::Kind::sequence)
      parent.node->items.push_back(std::move(node));
    else if (!parent.key)
      parent.key = std::move(node);
    else
      parent.node->entries.emplace_back(std::exchange(parent.key, nullptr), std::move(node));
  }

  // Drops repeated keys, then takes in merge keys (YAML 1.1 type repository, "Merge Key"): own keys
  // win, then the earlier of several merged mappings.
  void resolve_keys(Node& mapping) {
    std::map<std::string_view, Mark> seen;  // views into the shared key nodes
    std::vector<std::pair<NodePointer, NodePointer>> kept;
    std::vector<NodePointer> merged;
    for (auto& [key, value] : mapping.entries) {
      if (key->kind != Node::Kind::scalar) {
        findings_.error(source_.at(key->mark), "a key must be a single word",
                        "keys look like `name: value`");
        continue;
      }
      const auto [first, is_new] = seen.emplace(key->text, key->mark);
      if (!is_new) {
        findings_.error(source_.at(key->mark),
                        fmt::format("{} is given twice (first in line {})", literal(key->text),
                                    first->second.line),
                        "remove one of the two");
        continue;
      }
      if (key->plain && key->text == "<<")
        add_merged(*value, value, merged);
      else
        kept.emplace_back(key, value);
    }
    for (const NodePointer& source : merged)
      for (const auto& [key, value] : source->entries)
        if (seen.emplace(key->text, key->mark).second) kept.emplace_back(key, value);
    mapping.entries = std::move(kept);
  }

  void add_merged(const Node& value, const NodePointer& pointer, std::vector<NodePointer>& merged) {
    if (value.kind == Node::Kind::mapping) return merged.push_back(pointer);
    if (value.kind == Node::Kind::sequence) {
      const bool all_mappings = std::ranges::all_of(
          value.items, [](const NodePointer& item) { return item->kind == Node::Kind::mapping; });
      if (all_mappings) {
        merged.insert(merged.end(), value.items.begin(), value.items.end());
        return;
      }
    }
    findings_.error(source_.at(value.mark), "`<<` merges a mapping or a list of mappings",
                    "write `<<: *name`, where `&name` marks a mapping");
  }

  const SourceText& source_;
  Findings& findings_;
  NodePointer root_{};
  std::vector<Open> stack_{};
  std::map<YAML::anchor_t, Anchored> anchors_{};
  std::size_t value_count_ = 0;  // in all, aliases expanded
};

Error syntax_error(const SourceText& source, const YAML::Exception& exception) {
  Mark mark = to_mark(exception.mark);
  if (source.from(mark).empty()) mark = source.end();
  SourceLocation place = source.at(mark);
  std::string hint = "check the indentation, quotes and brackets around this place";
  const auto text_start = place.line_text.find_first_not_of(" \t");
  if (exception.msg.find("anchor") != std::string::npos)
    hint = "mark a value with `&name` before `*name`";
  else if (place.line_text.substr(0, text_start).find('\t') != std::string::npos)
    hint = "indent with spaces, not with tabs";
  return Error(ErrorKind::config, fmt::format("this is not valid YAML: {}", exception.msg))
      .at(std::move(place))
      .hint(std::move(hint));
}

}  // namespace

Result<NodePointer> parse_yaml(const SourceText& source, Findings& findings) {
  try {
    std::istringstream stream(source.text());
    YAML::Parser parser(stream);
    Builder builder(source, findings);
    parser.HandleNextDocument(builder);
    return std::move(builder).root();
  } catch (Stop& stop) {
    return fail(std::move(stop.error));
  } catch (const YAML::Exception& exception) {
    return fail(syntax_error(source, exception));
  }
}

}  // namespace cogbuild::config
