#include "interpreter.hpp"

#include <cogbuild/filetree/text_field.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cogbuild::base {

namespace {

using filetree::FileTree;
using filetree::NodeType;

// X of `python3.X`; nothing for every other name.
std::optional<int> minor_version(std::string_view name) {
  constexpr std::string_view kPrefix = "python3.";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  int minor = 0;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), minor);
  if (code != std::errc() || end != name.data() + name.size() || minor < 0) return std::nullopt;
  return minor;
}

struct Found {
  std::string executable{};  // canonical, without leading slash
  std::string prefix{};
  int minor = 0;
};

// Where a name on PATH leads, when that is a Python with its library.
std::optional<Found> follow(const FileTree& tree, const std::string& path) {
  const auto executable = tree.resolve(path);
  if (!executable) return std::nullopt;
  const filetree::Node* node = tree.find(*executable);
  if (node == nullptr || node->type != NodeType::file) return std::nullopt;
  const auto slash = executable->rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto minor = minor_version(std::string_view(*executable).substr(slash + 1));
  std::string_view prefix = std::string_view(*executable).substr(0, slash);
  if (!minor || !prefix.ends_with("/bin")) return std::nullopt;
  prefix.remove_suffix(4);
  for (const char* library : {"lib", "lib64"}) {
    if (tree.is_directory(fmt::format("{}/{}/python3.{}", prefix, library, *minor)))
      return Found{.executable = *executable, .prefix = std::string(prefix), .minor = *minor};
  }
  return std::nullopt;
}

std::optional<Found> find_in(const FileTree& tree, std::string_view directory) {
  const auto real = tree.resolve(directory);
  if (!real) return std::nullopt;
  if (auto found = follow(tree, *real + "/python3")) return found;
  std::optional<Found> best;
  const std::string begin = *real + "/python3.";
  for (auto entry = tree.entries().lower_bound(begin);
       entry != tree.entries().end() && entry->first.starts_with(begin); ++entry) {
    if (!minor_version(std::string_view(entry->first).substr(real->size() + 1))) continue;
    auto found = follow(tree, entry->first);
    if (found && (!best || found->minor > best->minor)) best = std::move(found);
  }
  return best;
}

const std::string* package_version(const FactsByPath& facts, FactKind kind, std::string_view name) {
  for (const auto& [path, list] : facts)
    for (const Fact& fact : list)
      if (fact.kind == kind && fact.name == name) return &fact.value;
  return nullptr;
}

// The full version, by whoever knows it; `3.X` when nobody does.
std::string full_version(const Found& found, const FactsByPath& facts,
                         const Environment& environment) {
  const std::string series = fmt::format("3.{}", found.minor);
  const auto fits = [&](std::string_view version) { return version.starts_with(series + "."); };
  const auto header =
      facts.find(fmt::format("{}/include/python{}/patchlevel.h", found.prefix, series));
  if (header != facts.end() && !header->second.empty() && fits(header->second.front().value))
    return header->second.front().value;
  if (found.prefix == "usr") {
    for (const auto* version :
         {package_version(facts, FactKind::debian_package, fmt::format("python{}-minimal", series)),
          package_version(facts, FactKind::alpine_package, "python3")}) {
      if (version != nullptr && fits(upstream_version(*version))) return upstream_version(*version);
    }
  }
  // Official images say it in their config; it is not about Debian's own Python.
  if (found.prefix == "usr/local" && fits(environment.python_version))
    return environment.python_version;
  return series;
}

}  // namespace

std::string upstream_version(std::string_view package_version) {
  if (const auto epoch = package_version.find(':'); epoch != std::string_view::npos)
    package_version.remove_prefix(epoch + 1);
  constexpr std::string_view kDigits = "0123456789.";
  const auto end = std::min(package_version.find_first_not_of(kDigits), package_version.size());
  std::string version(package_version.substr(0, end));
  std::string_view rest = package_version.substr(end);
  if (rest.starts_with('~')) rest.remove_prefix(1);
  for (const std::string_view kind : {"rc", "a", "b"}) {
    if (!rest.starts_with(kind)) continue;
    const auto digits =
        rest.substr(kind.size(), rest.find_first_not_of("0123456789", kind.size()) - kind.size());
    if (!digits.empty()) version.append(kind).append(digits);
    break;
  }
  return version;
}

std::optional<Interpreter> choose_interpreter(const FileTree& tree, const FactsByPath& facts,
                                              const Environment& environment) {
  constexpr std::string_view kDefaultPath =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  std::string_view path = environment.path.empty() ? kDefaultPath : environment.path;
  while (!path.empty()) {
    const std::string_view directory = filetree::take_until(path, ':');
    if (!directory.starts_with('/')) continue;
    const auto found = find_in(tree, directory);
    if (!found) continue;
    const bool debian =
        found->prefix == "usr" && tree.is_directory("usr/lib/python3/dist-packages");
    const std::string prefix = debian ? "/usr/local" : "/" + found->prefix;
    return Interpreter{.path = "/" + found->executable,
                       .version = full_version(*found, facts, environment),
                       .prefix = prefix,
                       .site_directory = fmt::format("{}/lib/python3.{}/{}", prefix, found->minor,
                                                     debian ? "dist-packages" : "site-packages")};
  }
  return std::nullopt;
}

std::vector<std::string> site_directories(const FileTree& tree, const Interpreter& interpreter) {
  const std::string_view site = interpreter.site_directory;
  std::vector<std::string> candidates{interpreter.site_directory};
  if (site.ends_with("/dist-packages")) candidates.emplace_back("/usr/lib/python3/dist-packages");
  // Where distributions with compiled modules go on systems with lib64.
  const std::string library = interpreter.prefix + "/lib/";
  if (site.starts_with(library))
    candidates.push_back(
        fmt::format("{}/lib64/{}", interpreter.prefix, site.substr(library.size())));
  std::vector<std::string> directories;
  for (const auto& candidate : candidates) {
    auto directory = tree.resolve(candidate);
    if (directory && std::ranges::find(directories, *directory) == directories.end())
      directories.push_back(std::move(*directory));
  }
  return directories;
}

}  // namespace cogbuild::base
