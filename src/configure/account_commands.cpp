#include "account_commands.hpp"

#include "words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>

namespace cogbuild::configure {
namespace {

std::optional<std::uint32_t> parse_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

bool is_field_text(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return c == ':' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// The words of a command: options with their values, and operands.
struct AccountWords {
  std::vector<std::pair<std::string, std::string>> options{};
  std::vector<std::string> operands{};

  [[nodiscard]] bool has(std::string_view name) const {
    return std::ranges::any_of(options, [&](const auto& one) { return one.first == name; });
  }
  [[nodiscard]] std::string value(std::string_view name) const {
    for (const auto& [option, value] : options)
      if (option == name) return value;
    return {};
  }
};

// `short_names` are letters and what they stand for, of which `with_value` take a value.
using ShortNames = std::vector<std::pair<char, std::string_view>>;

std::optional<AccountWords> part_words(const std::vector<Field>& fields,
                                       const ShortNames& short_names,
                                       const std::set<std::string_view>& with_value,
                                       const std::set<std::string_view>& flags) {
  AccountWords words;
  for (std::size_t i = 1; i < fields.size(); ++i) {
    if (!fields[i].known) return std::nullopt;
    std::string_view word = fields[i].text;
    const auto take = [&](std::string_view name, std::string_view rest) {
      std::string value(rest);
      if (rest.empty() && i + 1 < fields.size()) {
        ++i;
        if (!fields[i].known) return false;
        value = fields[i].text;
      }
      words.options.emplace_back(name, std::move(value));
      return true;
    };
    if (word.starts_with("--")) {
      word.remove_prefix(2);
      const auto equals = word.find('=');
      const auto name = word.substr(0, equals);
      if (with_value.contains(name)) {
        const auto at = with_value.find(name);
        if (!take(*at, equals == std::string_view::npos ? "" : word.substr(equals + 1)))
          return std::nullopt;
      } else if (flags.contains(name)) {
        words.options.emplace_back(name, "");
      } else if (!name.empty()) {
        return std::nullopt;
      }
    } else if (word.starts_with('-') && word.size() > 1) {
      for (std::size_t c = 1; c < word.size(); ++c) {
        const auto at = std::ranges::find(short_names, word[c], &ShortNames::value_type::first);
        if (at == short_names.end()) return std::nullopt;
        if (!with_value.contains(at->second)) {
          words.options.emplace_back(at->second, "");
          continue;
        }
        if (!take(at->second, word.substr(c + 1))) return std::nullopt;
        break;
      }
    } else {
      words.operands.emplace_back(word);
    }
  }
  return words;
}

bool add_user(ScriptEffects& effects, WantedUser user) {
  if (!is_account_name(user.name) || !is_field_text(user.comment) || !is_field_text(user.home) ||
      !is_field_text(user.shell) || !user.home.starts_with('/') ||
      user.home.find("/../") != std::string::npos || user.home.ends_with("/.."))
    return false;
  effects.users.push_back(std::move(user));
  return true;
}

bool add_group(ScriptEffects& effects, WantedGroup group) {
  if (!is_account_name(group.name)) return false;
  effects.groups.push_back(std::move(group));
  return true;
}

bool add_membership(ScriptEffects& effects, std::string user, std::string group) {
  if (!is_account_name(user) || !is_account_name(group)) return false;
  effects.memberships.push_back({.user = std::move(user), .group = std::move(group)});
  return true;
}

bool read_adduser(const std::vector<Field>& fields, ScriptEffects& effects) {
  const auto words = part_words(
      fields, {{'c', "comment"}, {'q', "quiet"}},
      {"home", "shell", "gecos", "comment", "uid", "gid", "ingroup", "firstuid", "lastuid"},
      {"system", "group", "no-create-home", "disabled-password", "disabled-login", "quiet",
       "force-badname", "allow-bad-names", "allow-badname", "allow-all-names"});
  if (!words) return false;
  if (words->operands.size() == 2)
    return add_membership(effects, words->operands[0], words->operands[1]);
  if (words->operands.size() != 1) return false;
  const auto& name = words->operands[0];
  const bool system = words->has("system");
  const bool only_group = words->has("group") && !system;
  if (fields[0].text.ends_with("addgroup") || only_group)
    return add_group(effects, {.name = name, .gid = parse_id(words->value("gid"))});
  WantedUser user{.name = name, .uid = parse_id(words->value("uid"))};
  user.group = words->has("ingroup") ? words->value("ingroup") : words->value("gid");
  user.own_group = words->has("group") || (!system && user.group.empty());
  user.comment = words->has("comment") ? words->value("comment") : words->value("gecos");
  user.comment = user.comment.substr(0, user.comment.find(','));
  if (words->has("home"))
    user.home = words->value("home");
  else if (!system)
    user.home = "/home/" + name;
  user.create_home = !words->has("no-create-home") && user.home != "/nonexistent";
  if (words->has("shell"))
    user.shell = words->value("shell");
  else if (!system)
    user.shell = "/bin/bash";
  return add_user(effects, std::move(user));
}

bool read_useradd(const std::vector<Field>& fields, ScriptEffects& effects) {
  const auto words =
      part_words(fields,
                 {{'r', "system"},
                  {'g', "gid"},
                  {'G', "groups"},
                  {'u', "uid"},
                  {'d', "home-dir"},
                  {'m', "create-home"},
                  {'M', "no-create-home"},
                  {'s', "shell"},
                  {'c', "comment"},
                  {'N', "no-user-group"},
                  {'U', "user-group"},
                  {'K', "key"}},
                 {"gid", "groups", "uid", "home-dir", "home", "shell", "comment", "key"},
                 {"system", "create-home", "no-create-home", "no-user-group", "user-group"});
  if (!words || words->operands.size() != 1) return false;
  WantedUser user{.name = words->operands[0], .uid = parse_id(words->value("uid"))};
  user.group = words->value("gid");
  user.own_group = user.group.empty() && !words->has("no-user-group");
  user.comment = words->value("comment");
  user.home = "/home/" + user.name;
  if (words->has("home-dir")) user.home = words->value("home-dir");
  if (words->has("home")) user.home = words->value("home");
  user.create_home = words->has("create-home");
  user.shell = words->has("shell") ? words->value("shell") : "/bin/sh";
  const auto groups = words->value("groups");
  for (const auto group : split(groups, ','))
    if (!group.empty() && !add_membership(effects, user.name, std::string(group))) return false;
  return add_user(effects, std::move(user));
}

bool read_groupadd(const std::vector<Field>& fields, ScriptEffects& effects) {
  const auto words = part_words(fields, {{'r', "system"}, {'g', "gid"}, {'f', "force"}}, {"gid"},
                                {"system", "force"});
  if (!words || words->operands.size() != 1) return false;
  return add_group(effects, {.name = words->operands[0], .gid = parse_id(words->value("gid"))});
}

bool read_usermod(const std::vector<Field>& fields, ScriptEffects& effects) {
  const auto words = part_words(fields, {{'a', "append"}, {'G', "groups"}}, {"groups"}, {"append"});
  if (!words || words->operands.size() != 1 || !words->has("append")) return false;
  const auto groups = words->value("groups");
  for (const auto group : split(groups, ','))
    if (!add_membership(effects, words->operands[0], std::string(group))) return false;
  return true;
}

// Words of a line of sysusers.d; double quotes hold one together.
std::vector<std::string> quoted_words(std::string_view line) {
  std::vector<std::string> found;
  while (true) {
    line = trim(line);
    if (line.empty()) return found;
    const char quote = line.front() == '"' || line.front() == '\'' ? line.front() : '\0';
    if (quote != '\0') line.remove_prefix(1);
    std::size_t end = 0;
    while (end < line.size() && (quote != '\0' ? line[end] != quote : !is_blank(line[end]))) ++end;
    found.emplace_back(line.substr(0, end));
    line.remove_prefix(std::min(line.size(), end + (quote != '\0' ? 1 : 0)));
  }
}

}  // namespace

bool is_account_name(std::string_view name) {
  if (name.empty() || name.size() > 32 || name.front() == '-' || name.front() == '+') return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '$';
  });
}

bool is_account_command(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames{"adduser",  "addgroup", "useradd",
                                                          "groupadd", "usermod",  "deluser",
                                                          "delgroup", "userdel",  "groupdel"};
  return std::ranges::find(kNames, name) != kNames.end();
}

bool read_account_command(const std::vector<Field>& fields, ScriptEffects& effects) {
  std::string_view name = fields[0].text;
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  if (name == "adduser" || name == "addgroup") return read_adduser(fields, effects);
  if (name == "useradd") return read_useradd(fields, effects);
  if (name == "groupadd") return read_groupadd(fields, effects);
  if (name == "usermod") return read_usermod(fields, effects);
  return true;  // nobody is there yet to be deleted
}

void read_sysusers(std::string_view text, ScriptEffects& effects) {
  while (!text.empty()) {
    const auto line = trim(next_line(text));
    if (line.empty() || line.starts_with('#')) continue;
    const auto parts = quoted_words(line);
    if (parts.size() < 2) continue;
    const auto part = [&parts](std::size_t i) {
      return i < parts.size() && parts[i] != "-" ? parts[i] : std::string{};
    };
    const auto type = parts[0].front();
    if (type == 'g') {
      add_group(effects, {.name = parts[1], .gid = parse_id(part(2))});
    } else if (type == 'm') {
      add_membership(effects, parts[1], part(2));
    } else if (type == 'u') {
      WantedUser user{.name = parts[1], .own_group = true};
      const auto id = part(2);
      const auto colon = id.find(':');
      user.uid = parse_id(std::string_view(id).substr(0, colon));
      if (colon != std::string::npos) {
        user.group = id.substr(colon + 1);
        user.own_group = false;
      }
      user.comment = part(3);
      user.home = part(4).empty() ? "/" : part(4);
      if (!part(5).empty()) user.shell = part(5);
      add_user(effects, std::move(user));
    }
  }
}

}  // namespace cogbuild::configure
