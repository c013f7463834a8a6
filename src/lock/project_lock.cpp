#include "choice_fields.hpp"
#include "system_lock_toml.hpp"
#include "toml_reader.hpp"
#include "toml_writer.hpp"

#include <cogbuild/lock/project_lock.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::lock {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::string_view kHead =
    "# Written by `cogbuild lock`; pylock.toml holds the Python distributions.\n";

void write(TomlFields& fields, const char* key, const std::optional<std::string>& value) {
  if (value) fields.text(key, *value);
}
void write(TomlFields& fields, const char* key, const std::optional<bool>& value) {
  if (value) fields.boolean(key, *value);
}
void write(TomlFields& fields, const char* key,
           const std::optional<std::vector<std::string>>& values) {
  if (!values) return;
  std::vector<std::string> raw;
  for (const auto& value : *values) raw.push_back(quoted(value));
  fields.list(key, raw);
}

void read(TomlReader& reader, const toml::table& table, const char* key,
          std::optional<std::string>& value) {
  value = reader.text(table, key);
}
void read(TomlReader& reader, const toml::table& table, const char* key,
          std::optional<bool>& value) {
  value = reader.boolean(table, key);
}
void read(TomlReader& reader, const toml::table& table, const char* key,
          std::optional<std::vector<std::string>>& values) {
  if (table.contains(key)) values = reader.texts(table, key);
}

void read_choices(TomlReader& reader, const toml::table& table, Choices& choices) {
  std::vector<std::string_view> known;
  for_each_choice([&](const char* key, auto field) {
    known.emplace_back(key);
    read(reader, table, key, choices.*field);
  });
  reader.only(table, known);
}

void read_base(TomlReader& reader, const toml::table& table, LockedBase& base) {
  reader.only(table, {"reference", "digest", "platform", "python", "libc"});
  base.reference = reader.text(table, "reference").value_or("");
  base.digest = reader.text(table, "digest").value_or("");
  base.platform = reader.text(table, "platform").value_or("");
  base.python = reader.text(table, "python").value_or("");
  base.libc = reader.text(table, "libc").value_or("");
}

}  // namespace

std::string to_toml(const ProjectLock& lock) {
  TomlFields head;
  head.add("version", std::to_string(kVersion));
  head.text_if("inputs", lock.inputs);
  head.texts_if("requirements", lock.requirements);
  TomlFields base;
  base.text_if("reference", lock.base.reference);
  base.text_if("digest", lock.base.digest);
  base.text_if("platform", lock.base.platform);
  base.text_if("python", lock.base.python);
  base.text_if("libc", lock.base.libc);
  TomlFields choices;
  for_each_choice([&](const char* key, auto field) { write(choices, key, lock.choices.*field); });
  std::string text = std::string(kHead) + head.lines();
  if (!base.empty()) text += "\n[base]\n" + base.lines();
  if (!choices.empty()) text += "\n[options]\n" + choices.lines();
  if (lock.system) text += system_to_toml(*lock.system);
  return text;
}

Result<ProjectLock> parse_project_lock(std::string_view text, const std::string& file) {
  TRY_ASSIGN(TomlReader reader, TomlReader::parse(text, file));
  const toml::table& root = reader.root();
  if (!root.contains("version")) reader.complain(root, "the lock has no `version`");
  const auto version = reader.size(root, "version");
  if (version && *version != kVersion) {
    reader.complain(
        Error(ErrorKind::unsupported,
              fmt::format("the lock has version {}, this cogbuild reads {}", *version, kVersion))
            .hint("run `cogbuild lock` to write it anew"),
        *root.get("version"));
    return fail(reader.findings());
  }
  ProjectLock lock;
  std::vector<std::string_view> known = {"version", "inputs", "requirements", "base", "options"};
  known.insert(known.end(), kSystemKeys.begin(), kSystemKeys.end());
  reader.only(root, known);
  lock.inputs = reader.text(root, "inputs").value_or("");
  lock.requirements = reader.texts(root, "requirements");
  if (const auto* base = reader.table(root, "base")) read_base(reader, *base, lock.base);
  if (const auto* options = reader.table(root, "options"))
    read_choices(reader, *options, lock.choices);
  lock.system = read_system(reader, root);
  if (reader.failed()) return fail(reader.findings());
  return lock;
}

LockFileNames lock_file_names(std::string_view config_file) {
  if (const auto slash = config_file.rfind('/'); slash != std::string_view::npos)
    config_file.remove_prefix(slash + 1);
  std::string stem(config_file.substr(0, config_file.rfind('.')));
  if (stem.empty() || stem == "cog") return {.pylock = "pylock.toml", .project = "cogbuild.lock"};
  // PEP 751 allows no dot in the name.
  std::ranges::replace(stem, '.', '-');
  return {.pylock = fmt::format("pylock.{}.toml", stem),
          .project = fmt::format("cogbuild.{}.lock", stem)};
}

bool is_lock_file(std::string_view path) {
  if (path.find('/') != std::string_view::npos) return false;
  if (path == "pylock.toml" || path == "cogbuild.lock") return true;
  const auto named = [path](std::string_view head, std::string_view tail) {
    if (!path.starts_with(head) || !path.ends_with(tail)) return false;
    if (path.size() <= head.size() + tail.size()) return false;
    const auto name = path.substr(head.size(), path.size() - head.size() - tail.size());
    return name.find('.') == std::string_view::npos;
  };
  return named("pylock.", ".toml") || named("cogbuild.", ".lock");
}

}  // namespace cogbuild::lock
