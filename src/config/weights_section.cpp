#include "weights_section.hpp"

#include "value_rules.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace cogbuild::config {

namespace {

class WeightsSection {
 public:
  explicit WeightsSection(NodeReader& reader) : reader_(reader) {}

  std::vector<Weight> read(const Node& node) {
    reader_.list(node, "`weights`", [&](const Node& item) { read_weight(item); });
    check_names();
    check_targets();
    return std::move(weights_);
  }

 private:
  void report(const Node& node, const std::optional<Problem>& problem) {
    if (problem) reader_.findings().error(reader_.place(node), problem->message, problem->hint);
  }

  void require(bool given, const Node& node, std::string_view key, std::string_view example) {
    if (!given)
      reader_.findings().error(reader_.place(node),
                               fmt::format("an item of `weights` needs `{}`", key),
                               fmt::format("add `{}: {}`", key, example));
  }

  void read_weight(const Node& node) {
    Weight weight;
    Located<std::string> target;
    bool has_name = false;
    bool has_target = false;
    bool has_source = false;
    const std::vector<Field> fields = {
        {"name",
         [&](const Node&, const Node& value) {
           has_name = true;
           reader_.text(value, "`name`", weight.name);
           if (value.kind == Node::Kind::scalar) report(value, check_weight_name(value.text));
         }},
        {"target",
         [&](const Node&, const Node& value) {
           has_target = true;
           if (value.kind != Node::Kind::scalar) {
             reader_.text(value, "`target`", target);
           } else if (const auto problem = check_weight_target(value.text)) {
             report(value, problem);
           } else {
             reader_.text(value, "`target`", target);
           }
         }},
        {"source",
         [&](const Node&, const Node& value) {
           has_source = true;
           read_sources(value, weight.sources);
         }},
    };
    if (!reader_.mapping(node, "an item of `weights`",
                         {.where = "in an item of `weights`", .fields = &fields}))
      return;
    require(has_name, node, "name", "base");
    require(has_target, node, "target", "/src/weights");
    require(has_source, node, "source", "{uri: hf://owner/name}");
    weight.target = target.value;
    weights_.push_back(std::move(weight));
    targets_.push_back(std::move(target));
  }

  void read_sources(const Node& node, std::vector<WeightSource>& sources) {
    if (node.kind == Node::Kind::mapping) return read_source(node, sources);
    if (node.kind == Node::Kind::sequence && node.items.empty())
      return reader_.findings().error(reader_.place(node), "`source` must not be an empty list",
                                      "give at least one `uri`");
    if (node.kind == Node::Kind::scalar)
      return reader_.findings().error(
          reader_.place(node),
          fmt::format("`source` must be a mapping or a list of mappings, not {}", describe(node)),
          "write it as `source: {uri: …}`");
    reader_.list(node, "`source`", [&](const Node& item) { read_source(item, sources); });
  }

  void read_source(const Node& node, std::vector<WeightSource>& sources) {
    WeightSource source;
    const std::vector<Field> fields = {
        {"uri",
         [&](const Node&, const Node& value) {
           if (const auto uri = reader_.text(value, "`uri`")) {
             source.uri = uri->value;
             report(value, check_weight_uri(uri->value));
           }
         }},
        {"include", [&](const Node&,
                        const Node& value) { read_patterns(value, "`include`", source.include); }},
        {"exclude", [&](const Node&,
                        const Node& value) { read_patterns(value, "`exclude`", source.exclude); }},
    };
    if (!reader_.mapping(node, "`source`", {.where = "under `source`", .fields = &fields})) return;
    if (source.uri.empty())
      reader_.findings().error(reader_.place(node), "a `source` needs `uri`",
                               "add `uri: hf://owner/name`");
    sources.push_back(std::move(source));
  }

  void read_patterns(const Node& node, std::string_view name, std::vector<std::string>& target) {
    reader_.list(node, name, [&](const Node& item) {
      const auto pattern = reader_.text(item, fmt::format("an item of {}", name));
      if (!pattern) return;
      report(item, check_weight_pattern(pattern->value));
      target.push_back(pattern->value);
    });
  }

  void check_names() {
    std::map<std::string_view, std::size_t> lines;
    for (const Weight& weight : weights_) {
      const auto [first, is_new] = lines.emplace(*weight.name, weight.name.location.line);
      if (is_new || weight.name->empty()) continue;
      reader_.findings().error(weight.name.location,
                               fmt::format("the name {} is given to two weights (first in line {})",
                                           literal(*weight.name), first->second),
                               "give each its own name");
    }
  }

  void check_targets() {
    std::map<std::string, std::size_t> lines;  // normal form with a final `/` -> line
    for (const auto& target : targets_) {
      if (!target->starts_with('/')) continue;
      const auto place = std::filesystem::path(*target + "/").lexically_normal().generic_string();
      if (const auto other = find_overlap(lines, place))
        reader_.findings().error(
            target.location,
            fmt::format("`target` {} overlaps that of line {}", literal(*target), *other),
            "give each weight a directory of its own");
      lines.emplace(place, target.location.line);
    }
  }

  static std::optional<std::size_t> find_overlap(const std::map<std::string, std::size_t>& lines,
                                                 const std::string& place) {
    for (auto slash = place.find('/', 1); slash != std::string::npos;
         slash = place.find('/', slash + 1))
      if (const auto above = lines.find(place.substr(0, slash + 1)); above != lines.end())
        return above->second;
    const auto below = lines.lower_bound(place);
    if (below != lines.end() && below->first.starts_with(place)) return below->second;
    return std::nullopt;
  }

  NodeReader& reader_;
  std::vector<Weight> weights_{};
  std::vector<Located<std::string>> targets_{};  // of weights_, in their order
};

}  // namespace

std::vector<Weight> read_weights(const Node& node, NodeReader& reader) {
  return WeightsSection(reader).read(node);
}

}  // namespace cogbuild::config
