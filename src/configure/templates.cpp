#include "templates.hpp"

#include "words.hpp"

#include <fmt/format.h>

#include <set>

namespace cogbuild::configure {
namespace {

void write_time_zone(WorkingRoot& root) {
  if (root.package("tzdata") == nullptr) return;
  root.add_missing_link("etc/localtime", "/usr/share/zoneinfo/Etc/UTC");
  root.add_missing_file("etc/timezone", "Etc/UTC\n");
}

// `usr/lib/python3.X/sitecustomize.py` is a link into etc/, which nothing ships.
void write_python_settings(WorkingRoot& root) {
  for (const auto* package : root.packages()) {
    if (!package->name.starts_with("libpython3.") && !package->name.starts_with("python3."))
      continue;
    for (const auto& entry : package->entries)
      if (entry.type == debian::DebEntryType::symlink &&
          entry.path.ends_with("/sitecustomize.py") &&
          entry.link_target.starts_with("/etc/python3."))
        root.add_missing_file(entry.link_target.substr(1), "");
  }
  if (root.package("python3") != nullptr)
    root.add_missing_file("etc/python3/debian_config", "[DEFAULT]\nbyte-compile = standard\n");
}

// shells(5) with what packages say in shells.d, both below /usr and not.
void write_shells(WorkingRoot& root) {
  std::vector<std::string> lines;
  std::set<std::string> seen;
  const auto add_lines = [&](std::string_view text) {
    while (!text.empty()) {
      const auto line = trim(next_line(text));
      if (line.empty()) continue;
      if (seen.insert(std::string(line)).second) lines.emplace_back(line);
      if (line.starts_with("/bin/"))
        if (auto merged = fmt::format("/usr{}", line); seen.insert(merged).second)
          lines.push_back(std::move(merged));
    }
  };
  if (root.package("debianutils") == nullptr) return;
  if (const auto* base = root.read("usr/share/debianutils/shells")) add_lines(*base);
  for (const auto& path : root.kept_below("usr/share/debianutils/shells.d"))
    add_lines(*root.read(path));
  if (!lines.empty())
    root.add_missing_file("etc/shells", fmt::format("{}\n", fmt::join(lines, "\n")));
}

// What pam-auth-update leaves when nothing but pam_unix takes part.
void write_pam_rules(WorkingRoot& root) {
  if (root.package("libpam-runtime") == nullptr) return;
  constexpr std::string_view kDeny = "requisite pam_deny.so";
  constexpr std::string_view kPermit = "required pam_permit.so";
  const auto add = [&](std::string_view type, std::string_view unix_rule) {
    root.add_missing_file(
        fmt::format("etc/pam.d/common-{}", type),
        fmt::format("{0} {1}\n{0} {2}\n{0} {3}\n", type, unix_rule, kDeny, kPermit));
  };
  add("auth", "[success=1 default=ignore] pam_unix.so nullok");
  add("account", "[success=1 new_authtok_reqd=done default=ignore] pam_unix.so");
  add("password", "[success=1 default=ignore] pam_unix.so obscure yescrypt");
  for (const auto* name : {"session", "session-noninteractive"})
    root.add_missing_file(fmt::format("etc/pam.d/common-{}", name),
                          "session [default=1] pam_permit.so\n"
                          "session requisite pam_deny.so\n"
                          "session required pam_permit.so\n"
                          "session required pam_unix.so\n");
}

void write_git_lfs_settings(WorkingRoot& root) {
  if (root.package("git-lfs") == nullptr) return;
  root.add_missing_file("etc/gitconfig",
                        "[filter \"lfs\"]\n"
                        "\tclean = git-lfs clean -- %f\n"
                        "\tsmudge = git-lfs smudge -- %f\n"
                        "\tprocess = git-lfs filter-process\n"
                        "\trequired = true\n");
}

// locale.gen(5) with every locale, none chosen: what `run:` steps edit.
void write_locale_choice(WorkingRoot& root) {
  const auto* supported = root.read("usr/share/i18n/SUPPORTED");
  if (root.package("locales") == nullptr || supported == nullptr) return;
  std::string text;
  for (std::string_view rest = *supported; !rest.empty();)
    if (const auto line = trim(next_line(rest)); !line.empty() && !line.starts_with('#'))
      text += fmt::format("# {}\n", line);
  root.add_missing_file("etc/locale.gen", std::move(text));
}

void warn_of_schemas(WorkingRoot& root) {
  constexpr std::string_view kSchemas = "usr/share/glib-2.0/schemas/";
  for (const auto* package : root.packages())
    for (const auto& entry : package->entries)
      if (entry.path.starts_with(kSchemas) && entry.path.ends_with(".gschema.xml"))
        return root.warn(
            "GSettings schemas are not compiled; a program that asks for them needs "
            "`glib-compile-schemas /usr/share/glib-2.0/schemas` in a `run:` step");
}

}  // namespace

void write_templates(WorkingRoot& root) {
  write_time_zone(root);
  write_python_settings(root);
  write_shells(root);
  write_pam_rules(root);
  write_git_lfs_settings(root);
  write_locale_choice(root);
  if (root.package("libpam-modules") != nullptr)
    root.add_missing_file("etc/security/opasswd", "", {.mode = 0600});
  warn_of_schemas(root);
}

}  // namespace cogbuild::configure
