#include "first_files.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace cogbuild::configure {
namespace {

void write_merged_links(WorkingRoot& root) {
  for (const auto name : merged_directories(root.root().architecture))
    root.add_missing_link(std::string(name), fmt::format("usr/{}", name));
}

void write_directories(WorkingRoot& root) {
  for (const auto* path :
       {"dev", "etc", "home", "mnt", "opt", "proc", "run", "srv", "sys", "usr/bin", "usr/lib",
        "usr/local/bin", "usr/local/lib", "usr/sbin", "var/cache", "var/lib", "var/log"})
    root.add_missing_directory(path);
  for (const auto* path : {"tmp", "var/tmp"}) root.add_missing_directory(path, {.mode = 01777});
  root.add_missing_directory("root", {.mode = 0700});
  root.add_missing_link("var/run", "/run");
  root.add_missing_link("var/lock", "/run/lock");
}

// Databases that everything else begins with; their scripts copy them as well.
void copy_masters(WorkingRoot& root) {
  constexpr std::array<std::pair<const char*, const char*>, 3> kMasters{{
      {"usr/share/base-passwd/passwd.master", "etc/passwd"},
      {"usr/share/base-passwd/group.master", "etc/group"},
      {"usr/share/libc-bin/nsswitch.conf", "etc/nsswitch.conf"},
  }};
  for (const auto& [from, to] : kMasters)
    if (const auto* text = root.read(from)) root.add_missing_file(to, *text);
}

}  // namespace

void write_first_files(WorkingRoot& root) {
  write_merged_links(root);
  write_directories(root);
  copy_masters(root);
  if (root.exists("usr/bin/tini")) root.add_missing_link("usr/sbin/tini", "../bin/tini");
}

}  // namespace cogbuild::configure
