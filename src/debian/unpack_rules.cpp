#include <cogbuild/debian/deb_contents.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace cogbuild::debian {

namespace {

// What follows `directory/` in `path`; nothing when it does not lie below.
std::optional<std::string_view> below(std::string_view path, std::string_view directory) {
  if (path.size() <= directory.size() + 1 || !path.starts_with(directory) ||
      path[directory.size()] != '/')
    return std::nullopt;
  return path.substr(directory.size() + 1);
}

bool is_file_of(std::string_view path, std::string_view directory) {
  const auto rest = below(path, directory);
  return rest && rest->find('/') == std::string_view::npos;
}

// `usr/share/doc/NAME` itself stays, whether a directory or a link to another package's, and of
// what lies below the copyright file.
bool is_dropped_document(std::string_view rest) {
  const auto slash = rest.find('/');
  return slash != std::string_view::npos && rest.substr(slash + 1) != "copyright";
}

// The directories of sections stay: programs that make links to manual pages fail without them.
bool is_dropped_manual(std::string_view rest) {
  return !(rest.size() == 4 && rest.starts_with("man") && rest[3] >= '1' && rest[3] <= '9');
}

std::string merged_path(std::string_view path, const std::vector<std::string>& merged) {
  const auto slash = path.find('/');
  if (slash != std::string_view::npos &&
      std::ranges::binary_search(merged, path.substr(0, slash), {},
                                 [](const std::string& name) { return std::string_view(name); }))
    return fmt::format("usr/{}", path);
  return std::string(path);
}

}  // namespace

bool is_dropped(std::string_view path, const UnpackRules& rules) {
  if (std::ranges::find(rules.left_out, path) != rules.left_out.end()) return true;
  const auto share = below(path, "usr/share");
  if (rules.keep_docs || !share) return false;
  if (const auto rest = below(*share, "doc")) return is_dropped_document(*rest);
  if (const auto rest = below(*share, "man")) return is_dropped_manual(*rest);
  if (const auto rest = below(*share, "locale")) return *rest != "locale.alias";
  constexpr std::array<std::string_view, 8> kWhole = {"info", "lintian", "linda",    "bug",
                                                      "help", "gtk-doc", "doc-base", "gnome/help"};
  return std::ranges::any_of(
      kWhole, [&](std::string_view name) { return below(*share, name).has_value(); });
}

std::string canonical_path(std::string_view path, std::string_view package,
                           const UnpackRules& rules) {
  std::string canonical = merged_path(path, rules.merged);
  for (const auto& diversion : rules.diversions) {
    const bool own = !diversion.owner.empty() && diversion.owner == package;
    if (!own && merged_path(diversion.from, rules.merged) == canonical)
      return merged_path(diversion.to, rules.merged);
  }
  return canonical;
}

bool is_kept_content(std::string_view path) {
  constexpr std::array<std::string_view, 6> kFiles = {
      "etc/ca-certificates.conf",         "etc/ld.so.conf",
      "usr/share/debianutils/shells",     "usr/share/i18n/SUPPORTED",
      "usr/share/libc-bin/nsswitch.conf", "usr/share/readline/inputrc"};
  constexpr std::array<std::string_view, 8> kDirectories = {"usr/share/debianutils/shells.d",
                                                            "etc/ld.so.conf.d",
                                                            "usr/lib/sysusers.d",
                                                            "usr/lib/tmpfiles.d",
                                                            "usr/share/base-files",
                                                            "usr/share/base-passwd",
                                                            "usr/share/pam-configs",
                                                            "usr/share/pam"};
  if (std::ranges::find(kFiles, path) != kFiles.end()) return true;
  if (below(path, "usr/share/ca-certificates")) return path.ends_with(".crt");
  return std::ranges::any_of(
             kDirectories,
             [&](std::string_view directory) { return is_file_of(path, directory); }) ||
         path.ends_with(".alternatives");
}

}  // namespace cogbuild::debian
