#include "status_database.hpp"

#include "words.hpp"

#include <cogbuild/debian/control.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace cogbuild::configure {
namespace {

constexpr std::string_view kStatus = "var/lib/dpkg/status";
constexpr std::string_view kStatusDirectory = "var/lib/dpkg/status.d";
constexpr std::string_view kTriggers = "var/lib/dpkg/triggers";

// Name and architecture: what tells installed packages apart.
using Identity = std::pair<std::string, std::string>;

// As packages name their paths: `bin/sh` in `.list`, wherever it lies.
std::string_view shipped_path(const debian::DebEntry& entry) {
  return entry.shipped.empty() ? entry.path : entry.shipped;
}

std::string_view shipped_path(const debian::DebContents& package, std::string_view path) {
  const auto at = std::ranges::lower_bound(
      package.entries, path, {}, [](const auto& entry) { return std::string_view(entry.path); });
  return at != package.entries.end() && at->path == path ? shipped_path(*at) : path;
}

std::string with_line_end(std::string_view text) {
  return text.empty() || text.ends_with('\n') ? std::string(text) : fmt::format("{}\n", text);
}

// Field names are ASCII, in any case.
bool is_field(std::string_view lower_case, std::string_view name) {
  return std::ranges::equal(lower_case, name, {}, {},
                            [](char c) { return static_cast<char>(c | ' '); });
}

// What only status has, whatever a control file says.
bool is_field_of_status(std::string_view name) {
  constexpr std::array<std::string_view, 5> kFields = {"status", "conffiles", "config-version",
                                                       "triggers-pending", "triggers-awaited"};
  return std::ranges::any_of(kFields,
                             [name](std::string_view field) { return is_field(field, name); });
}

// The stanza of control as status has it: the state after Package, and the conffiles.
std::string status_stanza(const debian::DebContents& package) {
  std::string stanza;
  bool left_out = false;
  for (std::string_view rest = package.stanza; !rest.empty();) {
    const auto line = next_line(rest);
    if (trim(line).empty()) continue;
    const bool continues = is_blank(line.front());
    const auto name = line.substr(0, line.find(':'));
    if (!continues) left_out = is_field_of_status(name);
    if (left_out) continue;
    stanza += fmt::format("{}\n", line);
    if (!continues && is_field("package", name)) stanza += "Status: install ok installed\n";
  }
  if (package.conffiles.empty()) return stanza;
  stanza += "Conffiles:\n";
  for (const auto& [path, md5] : package.conffiles)
    stanza += fmt::format(" /{} {}\n", shipped_path(package, path), md5);
  return stanza;
}

bool is_replaced(const std::map<Identity, std::string>& added, std::string_view name,
                 std::string_view architecture) {
  const auto at = added.lower_bound({std::string(name), {}});
  for (auto one = at; one != added.end() && one->first.first == name; ++one) {
    const auto& other = one->first.second;
    if (other == architecture || other == "all" || architecture == "all") return true;
  }
  return false;
}

Result<void> write_status(WorkingRoot& root) {
  std::map<Identity, std::string> stanzas;
  for (const auto* package : root.packages())
    stanzas[{package->name, package->architecture}] = status_stanza(*package);
  std::map<Identity, std::string> kept;
  if (const auto* status = root.read(kStatus)) {
    debian::StanzaReader reader(*status, kStatus, debian::Comments::refused);
    debian::Stanza stanza;
    while (true) {
      TRY_ASSIGN(const bool found, reader.next(stanza));
      if (!found) break;
      const auto name = stanza.value("Package");
      const auto architecture = stanza.value("Architecture");
      if (is_replaced(stanzas, name, architecture)) continue;
      kept[{std::string(name), std::string(architecture)}] = with_line_end(stanza.text);
    }
  }
  stanzas.merge(kept);
  std::string text;
  for (const auto& [identity, stanza] : stanzas) {
    text += stanza;
    text += '\n';
  }
  root.add_file(std::string(kStatus), std::move(text));
  return {};
}

// A root without dpkg: the file that holds the package now, else one of its name.
Result<void> write_status_directory(WorkingRoot& root) {
  std::map<std::string, std::string, std::less<>> file_of;
  for (const auto& path : root.kept_below(kStatusDirectory)) {
    if (path.ends_with(".md5sums")) continue;
    debian::StanzaReader reader(*root.read(path), path, debian::Comments::refused);
    debian::Stanza stanza;
    TRY_ASSIGN(const bool found, reader.next(stanza));
    if (found) file_of[std::string(stanza.value("Package"))] = path;
  }
  for (const auto* package : root.packages()) {
    const auto at = file_of.find(package->name);
    const auto path =
        at == file_of.end() ? fmt::format("{}/{}", kStatusDirectory, package->name) : at->second;
    root.add_file(path, status_stanza(*package));
    if (const auto* sums = package->find_control("md5sums"))
      root.add_file(fmt::format("{}.md5sums", path), *sums);
  }
  return {};
}

// It names a file beside `File`, `Lock` and `Unincorp`.
bool is_trigger_name(std::string_view name) {
  return name != "File" && name != "Lock" && name != "Unincorp" && !name.starts_with('.') &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '/'; });
}

// dpkg's `triggers/File` has `PATH PACKAGE` for paths, `triggers/NAME` a PACKAGE a line for named
// ones; `/noawait` behind the package where nobody waits for it.
void write_triggers(WorkingRoot& root) {
  std::map<std::string, std::set<std::string>> interests;  // by file of the database
  for (const auto* package : root.packages()) {
    const auto* triggers = package->find_control("triggers");
    if (triggers == nullptr) continue;
    for (std::string_view rest = *triggers; !rest.empty();) {
      const auto parts = words(next_line(rest));
      if (parts.size() != 2 || !parts[0].starts_with("interest")) continue;
      const auto who = fmt::format("{}{}", debian::database_name(*package),
                                   parts[0] == "interest-noawait" ? "/noawait" : "");
      if (parts[1].starts_with('/'))
        interests["File"].insert(fmt::format("{} {}", parts[1], who));
      else if (is_trigger_name(parts[1]))
        interests[std::string(parts[1])].insert(who);
    }
  }
  for (auto& [name, lines] : interests) {
    const auto path = fmt::format("{}/{}", kTriggers, name);
    const auto* before = root.read(path);
    // Better without ours than without the base's.
    if (before == nullptr && root.exists(path)) continue;
    if (before != nullptr)
      for (std::string_view rest = *before; !rest.empty();)
        if (const auto line = trim(next_line(rest)); !line.empty()) lines.emplace(line);
    std::string text;
    for (const auto& line : lines) text += fmt::format("{}\n", line);
    root.add_file(path, std::move(text));
  }
}

}  // namespace

Result<void> write_status_database(WorkingRoot& root) {
  const bool one_each = !root.options().new_root && root.read(kStatus) == nullptr &&
                        root.is_directory(kStatusDirectory);
  if (one_each) return write_status_directory(root);
  TRY(write_status(root));
  write_triggers(root);
  for (const auto* name : {"available", "diversions", "statoverride"})
    root.add_missing_file(fmt::format("var/lib/dpkg/{}", name), "");
  root.add_missing_file("var/lib/dpkg/info/format", "1\n");
  for (const auto* name : {"alternatives", "info", "parts", "triggers", "updates"})
    root.add_missing_directory(fmt::format("var/lib/dpkg/{}", name));
  return {};
}

}  // namespace cogbuild::configure
