#include "json_value.hpp"

#include <algorithm>
#include <cmath>

namespace cogbuild::schema {

void Json::Object::set(std::string_view key, Json content) {
  if (Json* there = find(key); there != nullptr)
    *there = std::move(content);
  else
    members.emplace_back(std::string(key), std::move(content));
}

Json* Json::Object::find(std::string_view key) {
  const auto found =
      std::ranges::find(members, key, [](const auto& member) { return member.first; });
  return found == members.end() ? nullptr : &found->second;
}

void Json::Object::erase(std::string_view key) {
  std::erase_if(members, [key](const auto& member) { return member.first == key; });
}

Json::Object object(std::initializer_list<std::pair<std::string_view, Json>> members) {
  Json::Object made;
  made.members.reserve(members.size());
  for (const auto& [key, value] : members) made.members.emplace_back(std::string(key), value);
  return made;
}

}  // namespace cogbuild::schema
