#include "json_literal.hpp"

#include <algorithm>

namespace cogbuild::schema {

namespace {

// fmt.Sprintf("%v") of what json would be given.
std::string verb_v(const Json& json) {
  struct Print {
    std::string operator()(std::monostate) const { return "<nil>"; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(std::uint64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return go_verb_v(number); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const Json::List& list) const {
      std::string out = "[";
      for (const auto& item : list) out += (out.size() > 1 ? " " : "") + verb_v(item);
      return out + "]";
    }
    std::string operator()(Json::Object members) const {
      std::ranges::sort(members.members, {}, [](const auto& member) { return member.first; });
      std::string out = "map[";
      for (const auto& [key, value] : members.members)
        out += (out.size() > 4 ? " " : "") + key + ":" + verb_v(value);
      return out + "]";
    }
  };
  return std::visit(Print{}, json.value);
}

}  // namespace

Json to_json(const Literal& literal) {
  struct Convert {
    Json operator()(std::monostate) const { return {}; }
    Json operator()(bool truth) const { return truth; }
    Json operator()(std::int64_t number) const { return number; }
    Json operator()(double number) const { return number; }
    Json operator()(const std::string& text) const { return text; }
    Json operator()(const Literal::List& list) const {
      Json::List made;
      made.reserve(list.size());
      for (const auto& item : list) made.push_back(to_json(item));
      return made;
    }
    Json operator()(const Literal::Pairs& pairs) const {
      Json::Object made;
      for (const auto& [key, value] : pairs) made.set(verb_v(to_json(key)), to_json(value));
      return made;
    }
  };
  return std::visit(Convert{}, literal.value);
}

}  // namespace cogbuild::schema
