#include "first_files.hpp"
#include "status_database.hpp"
#include "working_root.hpp"

#include <cogbuild/configure/configure.hpp>

namespace cogbuild::configure {

Result<Configuration> configure(std::span<const debian::DebContents> packages, const Root& root,
                                const Options& options) {
  WorkingRoot working(packages, root, options);
  if (options.new_root) write_first_files(working);
  if (options.new_root) {
    if (const auto* text = working.read("usr/share/base-passwd/passwd.master"))
      working.add_missing_file("etc/passwd", *text);
    if (const auto* text = working.read("usr/share/base-passwd/group.master"))
      working.add_missing_file("etc/group", *text);
    if (const auto* text = working.read("usr/share/libc-bin/nsswitch.conf"))
      working.add_missing_file("etc/nsswitch.conf", *text);
  }
  TRY(write_status_database(working));
  return std::move(working).take();
}

}  // namespace cogbuild::configure
