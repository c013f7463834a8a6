#include "system_lock_toml.hpp"

#include "pylock_fields.hpp"
#include "toml_writer.hpp"

#include <cogbuild/python/version.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace cogbuild::lock {
namespace {

// The lists of packages, by the name that `layer` has.
constexpr std::array kLayers = {
    std::pair{std::string_view("base"), &SystemLock::base_packages},
    std::pair{std::string_view("python"), &SystemLock::python_packages},
    std::pair{std::string_view("system"), &SystemLock::system_packages},
};

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }

bool holds_only(std::string_view text, bool (*is_fine)(char), std::string_view others) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_fine(c) || others.find(c) != std::string_view::npos;
  });
}

// Debian Policy 5.6.1, 5.6.12 and 5.6.8.
bool is_package_name(std::string_view text) {
  return text.size() >= 2 && is_lower_alnum(text.front()) &&
         holds_only(text, is_lower_alnum, "+-.");
}
bool is_version(std::string_view text) { return holds_only(text, is_alnum, ".+-:~"); }
bool is_architecture(std::string_view text) {
  return holds_only(text, is_lower_alnum, "-") && is_lower_alnum(text.front());
}
// Also a Suite of several parts, `stable/updates`, and whatever tells apart those of one name: it
// is compared, and no part of any path.
bool is_codename(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// What is a path below an archive's root wherever it is put behind one.
bool is_inner_path(std::string_view path) {
  if (path.empty() || path.ends_with('/')) return false;
  if (std::ranges::any_of(path, [](char c) { return c <= ' ' || c >= 0x7F || c == '\\'; }))
    return false;
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return true;
}

class SystemReader {
 public:
  explicit SystemReader(TomlReader& reader) : reader_(reader) {}

  SystemLock read(const toml::table& root, const toml::table& own) {
    reader_.only(own, {"suite", "base-names", "system-names"});
    system_.suite = reader_.text(own, "suite").value_or("");
    if (!system_.suite.empty() && !is_codename(system_.suite))
      complain(own, "suite", "is not the name of a suite", system_.suite);
    system_.base_names = reader_.texts(own, "base-names");
    system_.system_names = reader_.texts(own, "system-names");
    for (const auto* archive : reader_.tables(root, "archive")) read_archive(*archive);
    for (const auto* package : reader_.tables(root, "package")) read_package(*package);
    if (const auto* python = reader_.table(root, "python")) read_python(*python);
    sort();
    return std::move(system_);
  }

 private:
  void complain(const toml::table& table, std::string_view key, std::string_view what,
                const std::string& value) {
    reader_.complain(*table.get(key), fmt::format("{} {}", quoted_here(value), what));
  }
  static std::string quoted_here(const std::string& value) {
    const std::string text = quoted(value);
    return "`" + text.substr(1, text.size() - 2) + "`";
  }

  // A text that must be there and be in order; empty after a finding.
  std::string checked(const toml::table& table, std::string_view key, std::string_view owner,
                      bool (*is_fine)(std::string_view), std::string_view what) {
    std::string value = reader_.required(table, key, owner);
    if (table.get_as<std::string>(key) == nullptr || is_fine(value)) return value;
    complain(table, key, what, value);
    return {};
  }

  std::string location(const toml::table& table, std::string_view key, std::string_view owner) {
    std::string value = reader_.required(table, key, owner);
    if (table.get_as<std::string>(key) == nullptr) return value;
    // A message of the parser never shows a password.
    const auto parsed = url::parse(value);
    if (!parsed)
      reader_.complain(parsed.error(), *table.get(key));
    else if (parsed->has_credentials())
      reader_.complain(*table.get(key), "a lock must hold no credentials");
    return value;
  }

  digest::Digest sha256(const toml::table& table, std::string_view owner) {
    const std::string hex = reader_.required(table, "sha256", owner);
    if (table.get_as<std::string>("sha256") == nullptr) return {};
    const auto digest = digest::Digest::parse_hex(hex);
    if (digest) return *digest;
    reader_.complain(digest.error(), *table.get("sha256"));
    return {};
  }

  void read_archive(const toml::table& table) {
    constexpr std::string_view kOwner = "an archive";
    reader_.only(table, {"codename", "origin", "label", "uri", "date"});
    LockedArchive archive;
    archive.codename =
        checked(table, "codename", kOwner, is_codename, "is not the name of a suite");
    archive.origin = reader_.text(table, "origin").value_or("");
    archive.label = reader_.text(table, "label").value_or("");
    archive.uri = location(table, "uri", kOwner);
    archive.date = reader_.text(table, "date").value_or("");
    if (!archive.date.empty() && !is_canonical_time(archive.date))
      complain(table, "date", "is not a time such as `2024-05-01T12:00:00Z`", archive.date);
    if (!archive.codename.empty() && !codenames_.insert(archive.codename).second)
      complain(table, "codename", "is given to two archives", archive.codename);
    system_.archives.push_back(std::move(archive));
  }

  void read_package(const toml::table& table) {
    constexpr std::string_view kOwner = "a package";
    reader_.only(table, {"layer", "name", "version", "architecture", "source", "archive", "path",
                         "size", "sha256"});
    LockedDeb deb;
    deb.name =
        checked(table, "name", kOwner, is_package_name, "is not the name of a Debian package");
    deb.version =
        checked(table, "version", kOwner, is_version, "is not the version of a Debian package");
    deb.architecture =
        checked(table, "architecture", kOwner, is_architecture, "is not an architecture");
    if (table.contains("source"))
      deb.source =
          checked(table, "source", kOwner, is_package_name, "is not the name of a source package");
    deb.archive = reader_.required(table, "archive", kOwner);
    if (table.get_as<std::string>("archive") != nullptr && !codenames_.contains(deb.archive))
      complain(table, "archive", "is none of the archives of this lock", deb.archive);
    deb.path =
        checked(table, "path", kOwner, is_inner_path, "is not a path below the root of an archive");
    if (!table.contains("size")) reader_.complain(table, "a package has no `size`");
    deb.size_bytes = reader_.size(table, "size").value_or(0);
    deb.digest = sha256(table, kOwner);
    place(table, std::move(deb));
  }

  void place(const toml::table& table, LockedDeb deb) {
    const std::string name = reader_.required(table, "layer", "a package");
    const auto* const layer =
        std::ranges::find(kLayers, name, [](const auto& each) { return each.first; });
    if (layer != kLayers.end()) {
      if (!deb.name.empty() && !names_.emplace(layer->first, deb.name).second)
        complain(table, "name", fmt::format("is twice in the layer `{}`", name), deb.name);
      (system_.*(layer->second)).push_back(std::move(deb));
    } else if (table.get_as<std::string>("layer") != nullptr) {
      complain(table, "layer", "is not `base`, `python` or `system`", name);
    }
  }

  void read_python(const toml::table& table) {
    constexpr std::string_view kOwner = "`python`";
    reader_.only(table, {"version", "url", "sha256", "size"});
    LockedPython python;
    python.version = reader_.required(table, "version", kOwner);
    if (table.get_as<std::string>("version") != nullptr)
      if (const auto version = python::Version::parse(python.version); !version)
        reader_.complain(version.error(), *table.get("version"));
    python.location = location(table, "url", kOwner);
    python.digest = sha256(table, kOwner);
    python.size_bytes = reader_.size(table, "size").value_or(0);
    if (!system_.python_packages.empty())
      reader_.complain(table, "`python` stands beside packages of the layer `python`");
    system_.python = std::move(python);
  }

  void sort() {
    std::ranges::sort(system_.base_names);
    std::ranges::sort(system_.archives, {}, &LockedArchive::codename);
    for (const auto& [name, packages] : kLayers)
      std::ranges::sort(system_.*packages, {}, &LockedDeb::name);
  }

  TomlReader& reader_;
  SystemLock system_{};
  std::set<std::string> codenames_{};
  std::set<std::pair<std::string_view, std::string>> names_{};
};

std::string to_toml(const LockedArchive& archive) {
  TomlFields fields;
  fields.text("codename", archive.codename);
  fields.text_if("origin", archive.origin);
  fields.text_if("label", archive.label);
  fields.text("uri", archive.uri);
  fields.text_if("date", archive.date);
  return "\n[[archive]]\n" + fields.lines();
}

std::string to_toml(const LockedDeb& deb, std::string_view layer) {
  TomlFields fields;
  fields.text("layer", layer);
  fields.text("name", deb.name);
  fields.text("version", deb.version);
  fields.text("architecture", deb.architecture);
  fields.text_if("source", deb.source);
  fields.text("archive", deb.archive);
  fields.text("path", deb.path);
  fields.add("size", std::to_string(deb.size_bytes));
  fields.text("sha256", deb.digest.hex());
  return "\n[[package]]\n" + fields.lines();
}

std::string to_toml(const LockedPython& python) {
  TomlFields fields;
  fields.text("version", python.version);
  fields.text("url", python.location);
  fields.text("sha256", python.digest.hex());
  if (python.size_bytes != 0) fields.add("size", std::to_string(python.size_bytes));
  return "\n[python]\n" + fields.lines();
}

}  // namespace

std::string system_to_toml(const SystemLock& system) {
  TomlFields own;
  own.text_if("suite", system.suite);
  own.texts_if("base-names", system.base_names);
  own.texts_if("system-names", system.system_names);
  std::string text = "\n[system]\n" + own.lines();
  for (const auto& archive : system.archives) text += to_toml(archive);
  for (const auto& [layer, packages] : kLayers)
    for (const auto& deb : system.*packages) text += to_toml(deb, layer);
  if (system.python) text += to_toml(*system.python);
  return text;
}

std::optional<SystemLock> read_system(TomlReader& reader, const toml::table& root) {
  if (const auto* own = reader.table(root, "system")) return SystemReader(reader).read(root, *own);
  if (root.contains("system")) return std::nullopt;
  for (const auto key : kSystemKeys)
    if (root.contains(key))
      reader.complain(*root.get(key), fmt::format("`{}` needs a `[system]`", key));
  return std::nullopt;
}

}  // namespace cogbuild::lock
