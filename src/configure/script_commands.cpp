#include "script_commands.hpp"

#include "account_commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace cogbuild::configure {
namespace {

using Fields = std::vector<Field>;

// What changes no file that an image needs: questions, messages, services, caches that are looked
// for again at run time, byte code, and what acts only on an earlier version.
constexpr std::array<std::string_view, 117> kHarmless{
    ".",
    "aa-enabled",
    "add-shell",
    "apparmor_parser",
    "awk",
    "basename",
    "cat",
    "cd",
    "cmp",
    "cut",
    "date",
    "db_get",
    "dbus-uuidgen",
    "deb-systemd-helper",
    "deb-systemd-invoke",
    "debconf-show",
    "dh_python3",
    "diff",
    "dirname",
    "dpkg",
    "dpkg-architecture",
    "dpkg-maintscript-helper",
    "dpkg-query",
    "dpkg-statoverride",
    "dpkg-trigger",
    "echo",
    "egrep",
    "expr",
    "fc-cache",
    "fgrep",
    "file",
    "gdk-pixbuf-query-loaders",
    "getent",
    "getopt",
    "gio-querymodules",
    "glib-compile-schemas",
    "grep",
    "gtk-query-immodules-3.0",
    "gtk-update-icon-cache",
    "head",
    "id",
    "install-info",
    "invoke-rc.d",
    "ischroot",
    "journalctl",
    "kill",
    "ldconfig",
    "ldd",
    "logger",
    "ls",
    "md5sum",
    "mktexlsr",
    "mountpoint",
    "pam-auth-update",
    "pidof",
    "printf",
    "ps",
    "pwd",
    "py3clean",
    "py3compile",
    "pyclean",
    "pycompile",
    "readlink",
    "realpath",
    "remove-shell",
    "restorecon",
    "selinuxenabled",
    "seq",
    "service",
    "setsebool",
    "sha256sum",
    "sleep",
    "sort",
    "source",
    "start-stop-daemon",
    "stat",
    "systemctl",
    "systemd-detect-virt",
    "systemd-hwdb",
    "systemd-machine-id-setup",
    "systemd-notify",
    "systemd-sysusers",
    "systemd-tmpfiles",
    "tail",
    "telinit",
    "tempfile",
    "test",
    "tput",
    "tr",
    "trap",
    "tty",
    "ucfr",
    "udevadm",
    "umask",
    "uname",
    "uniq",
    "update-binfmts",
    "update-ca-certificates",
    "update-catalog",
    "update-default-wordlist",
    "update-desktop-database",
    "update-fonts-alias",
    "update-fonts-dir",
    "update-fonts-scale",
    "update-gsfontmap",
    "update-icon-caches",
    "update-initramfs",
    "update-menus",
    "update-mime",
    "update-mime-database",
    "update-python-modules",
    "update-rc.d",
    "update-shells",
    "update-xmlcatalog",
    "wait",
    "wc",
    "xmlcatalog",
};

constexpr CommandResult kDone{.outcome = Outcome::yes};
constexpr CommandResult kNoMatter{.outcome = Outcome::unknown};
constexpr CommandResult kNotKnown{.outcome = Outcome::unknown, .is_known = false};

bool all_known(const Fields& fields) { return std::ranges::all_of(fields, &Field::known); }

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/') || path.find_first_of("*?[") != std::string_view::npos ||
      has_control(path))
    return false;
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at + 1), path.size());
    const auto part = path.substr(at + 1, end - at - 1);
    if (part == ".." || part == ".") return false;
    at = end;
  }
  return true;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.find_first_of("/ ") == std::string_view::npos &&
         !has_control(name) && name != "." && name != "..";
}

std::optional<std::uint32_t> parse_mode(std::string_view text) {
  std::uint32_t mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc{} || end != text.data() + text.size() || mode > 07777) return std::nullopt;
  return mode;
}

CommandResult update_alternatives(const Fields& fields, ScriptEffects& effects) {
  std::optional<InstalledAlternative> alternative;
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const auto& word = fields[i].text;
    if (word == "--install" && i + 4 < fields.size()) {
      if (!all_known({fields.begin() + static_cast<std::ptrdiff_t>(i), fields.end()}))
        return kNotKnown;
      alternative.emplace(InstalledAlternative{
          .link = fields[i + 1].text, .name = fields[i + 2].text, .path = fields[i + 3].text});
      const auto& number = fields[i + 4].text;
      const auto [end, error] =
          std::from_chars(number.data(), number.data() + number.size(), alternative->priority);
      if (error != std::errc{} || end != number.data() + number.size() ||
          !is_plain_path(alternative->link) || !is_plain_path(alternative->path) ||
          !is_plain_name(alternative->name))
        return kNotKnown;
      i += 4;
    } else if (word == "--slave" && alternative && i + 3 < fields.size()) {
      AlternativeSlave slave{
          .link = fields[i + 1].text, .name = fields[i + 2].text, .path = fields[i + 3].text};
      if (!is_plain_path(slave.link) || !is_plain_path(slave.path) || !is_plain_name(slave.name))
        return kNotKnown;
      alternative->slaves.push_back(std::move(slave));
      i += 3;
    } else if (word == "--remove" || word == "--remove-all" || word == "--auto" ||
               word == "--query" || word == "--list" || word == "--display") {
      return kNoMatter;
    } else if (word != "--quiet" && word != "--force" && word != "--verbose") {
      return kNotKnown;
    }
  }
  if (!alternative) return kNotKnown;
  effects.alternatives.push_back(*std::move(alternative));
  return kDone;
}

// Options in the words of a command, single letters taken apart, and what is left.
struct Words {
  std::string options{};
  std::optional<std::uint32_t> mode{};
  std::string owner{};
  std::string group{};
  std::vector<std::string> operands{};
  bool understood = true;
};

Words part_words(const Fields& fields, std::string_view with_value) {
  Words words;
  for (std::size_t i = 1; i < fields.size(); ++i) {
    std::string_view word = fields[i].text;
    if (word == "--parents" || word == "--force" || word == "--verbose" || word == "--") continue;
    if (word.starts_with("--mode=")) {
      words.mode = parse_mode(word.substr(7));
      words.understood = words.understood && words.mode;
      continue;
    }
    if (!word.starts_with('-') || word.size() < 2 || word.starts_with("--")) {
      words.understood = words.understood && !word.starts_with("--");
      words.operands.emplace_back(word);
      continue;
    }
    for (std::size_t c = 1; c < word.size(); ++c) {
      words.options.push_back(word[c]);
      if (with_value.find(word[c]) == std::string_view::npos) continue;
      auto value = std::string(word.substr(c + 1));
      if (value.empty() && i + 1 < fields.size()) value = fields[++i].text;
      if (word[c] == 'm') {
        words.mode = parse_mode(value);
        words.understood = words.understood && words.mode;
      } else if (word[c] == 'o') {
        words.owner = value;
      } else if (word[c] == 'g') {
        words.group = value;
      }
      break;
    }
  }
  return words;
}

CommandResult make_directories(const Fields& fields, ScriptEffects& effects) {
  const bool install = fields[0].text == "install";
  if (!all_known(fields)) return kNotKnown;
  const auto words = part_words(fields, install ? "mogt" : "m");
  if (!words.understood || (install && words.options.find('d') == std::string::npos))
    return kNotKnown;
  for (const auto& path : words.operands) {
    if (!is_plain_path(path)) return kNotKnown;
    effects.paths.push_back(
        {.type = PathEffectType::directory,
         .path = path,
         .owner = words.owner.empty() && words.group.empty() ? "" : words.owner + ":" + words.group,
         .mode = words.mode});
  }
  return kDone;
}

CommandResult make_link(const Fields& fields, ScriptEffects& effects) {
  if (!all_known(fields)) return kNotKnown;
  const auto words = part_words(fields, "");
  if (!words.understood || words.operands.size() != 2 ||
      words.options.find('s') == std::string::npos || !is_plain_path(words.operands[1]) ||
      words.operands[0].empty() || has_control(words.operands[0]))
    return kNotKnown;
  effects.paths.push_back({.type = PathEffectType::link,
                           .path = words.operands[1],
                           .source = words.operands[0],
                           .forced = words.options.find('f') != std::string::npos});
  return kDone;
}

CommandResult change_owner_or_mode(const Fields& fields, ScriptEffects& effects) {
  if (!all_known(fields)) return kNotKnown;
  const bool mode = fields[0].text == "chmod";
  const auto words = part_words(fields, "");
  if (!words.understood || words.operands.size() < 2) return kNotKnown;
  PathEffect effect{.type = mode ? PathEffectType::mode : PathEffectType::owner};
  if (mode) {
    effect.mode = parse_mode(words.operands[0]);
    if (!effect.mode) return kNotKnown;
  } else {
    effect.owner = (fields[0].text == "chgrp" ? ":" : "") + words.operands[0];
    std::ranges::replace(effect.owner, '.', ':');
  }
  for (std::size_t i = 1; i < words.operands.size(); ++i) {
    if (!is_plain_path(words.operands[i])) return kNotKnown;
    effect.path = words.operands[i];
    effects.paths.push_back(effect);
  }
  return kDone;
}

CommandResult touch(const Fields& fields, ScriptEffects& effects) {
  if (!all_known(fields)) return kNotKnown;
  for (std::size_t i = 1; i < fields.size(); ++i) {
    if (!is_plain_path(fields[i].text)) return kNotKnown;
    effects.paths.push_back({.type = PathEffectType::empty_file, .path = fields[i].text});
  }
  return kDone;
}

// `cp A B`, `ucf A B`: a file made from one that a package ships.
CommandResult copy(const Fields& fields, ScriptEffects& effects) {
  if (!all_known(fields)) return kNotKnown;
  const auto words = part_words(fields, "");
  std::vector<std::string> operands;
  for (const auto& operand : words.operands)
    if (!operand.starts_with("--")) operands.push_back(operand);
  if (operands.size() != 2 || !is_plain_path(operands[0]) || !is_plain_path(operands[1]))
    return kNotKnown;
  effects.paths.push_back({.type = PathEffectType::copy,
                           .path = operands[1],
                           .source = operands[0],
                           .forced = fields[0].text == "cp"});
  return kDone;
}

// Nothing is there to be removed, unless a package has just put it there.
CommandResult remove(const Fields& fields, const WorkingRoot& root) {
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const auto& path = fields[i].text;
    if (path.starts_with('-')) continue;
    if (!fields[i].known) return kNotKnown;
    // A pattern may match what is there.
    if (path.find_first_of("*?[") != std::string::npos && !path.starts_with("/tmp/") &&
        !path.starts_with("/var/cache/"))
      return kNotKnown;
    if (root.shipped(root.canonical(path)) != nullptr) return kNotKnown;
  }
  return kDone;
}

CommandResult look_up_program(const Fields& fields, const WorkingRoot& root) {
  const auto& name = fields.back();
  if (!name.known) return kNoMatter;
  if (name.text.starts_with('/'))
    return {.outcome = root.exists(root.canonical(name.text)) ? Outcome::yes : Outcome::no};
  for (const auto* directory : {"usr/bin/", "usr/sbin/", "usr/local/bin/", "usr/local/sbin/"})
    if (root.exists(directory + name.text)) return kDone;
  return {.outcome = Outcome::no};
}

// On a first installation there is no version to compare with: `lt-nl` and its kin say so, `lt`
// takes it for the oldest of all.
CommandResult compare_versions(const Fields& fields) {
  if (fields.size() < 5 || !fields[2].known || !fields[4].known) return kNoMatter;
  const auto& op = fields[3].text;
  const bool left_empty = fields[2].text.empty();
  const bool right_empty = fields[4].text.empty();
  if (left_empty == right_empty) return kNoMatter;
  const bool or_nothing = op.ends_with("-nl");
  const bool less =
      op.starts_with("lt") || op.starts_with("le") || op == "<<" || op == "<=" || op == "<";
  const bool greater =
      op.starts_with("gt") || op.starts_with("ge") || op == ">>" || op == ">=" || op == ">";
  if (!less && !greater) return {.outcome = op == "ne" ? Outcome::yes : Outcome::no};
  const bool empty_is_lowest = !or_nothing;
  const bool left_is_lower = left_empty == empty_is_lowest;
  return {.outcome = less == left_is_lower ? Outcome::yes : Outcome::no};
}

}  // namespace

CommandResult run_command(const Fields& fields, const WorkingRoot& root, ScriptEffects& effects) {
  if (!fields[0].known) return kNotKnown;
  std::string_view name = fields[0].text;
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  if (name == "update-alternatives") return update_alternatives(fields, effects);
  if (is_account_command(name))
    return {.outcome = Outcome::yes, .is_known = read_account_command(fields, effects)};
  if (name == "mkdir" || name == "install") return make_directories(fields, effects);
  if (name == "ln") return make_link(fields, effects);
  if (name == "chmod" || name == "chown" || name == "chgrp")
    return change_owner_or_mode(fields, effects);
  if (name == "touch") return touch(fields, effects);
  if (name == "cp" || name == "ucf") return copy(fields, effects);
  if (name == "rm" || name == "rmdir" || name == "unlink") return remove(fields, root);
  if (name == "command" && fields.size() > 1 && fields[1].text != "-v" && fields[1].text != "-V")
    return run_command({fields.begin() + 1, fields.end()}, root, effects);
  if (name == "command" || name == "which" || name == "type") return look_up_program(fields, root);
  if (name == "dpkg" && fields.size() > 1 && fields[1].text == "--compare-versions")
    return compare_versions(fields);
  if (name == "sed" || name == "find") {
    const bool changes = std::ranges::any_of(fields, [](const Field& field) {
      return field.text.starts_with("-i") || field.text == "--in-place" ||
             field.text == "-delete" || field.text.starts_with("-exec");
    });
    return changes ? kNotKnown : kNoMatter;
  }
  if (name == "dpkg-divert") {
    const bool changes = std::ranges::find(fields, "--add", &Field::text) != fields.end();
    return changes ? kNotKnown : kNoMatter;
  }
  if (name.starts_with("python3")) {
    // Byte code: an image does without.
    const bool compiles = std::ranges::any_of(
        fields, [](const Field& field) { return field.text.ends_with("/py_compile.py"); });
    return compiles ? kNoMatter : kNotKnown;
  }
  if (name == "setcap") {
    effects.warnings.push_back("file capabilities are not set: " + fields.back().text);
    return {.outcome = Outcome::no};
  }
  if (std::ranges::find(kHarmless, name) != kHarmless.end()) return kNoMatter;
  return kNotKnown;
}

}  // namespace cogbuild::configure
