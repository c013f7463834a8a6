#include "ca_certificates.hpp"
#include "first_files.hpp"
#include "library_links.hpp"
#include "maintainer_scripts.hpp"
#include "status_database.hpp"
#include "templates.hpp"
#include "working_root.hpp"

#include <cogbuild/configure/configure.hpp>

namespace cogbuild::configure {

Result<Configuration> configure(std::span<const debian::DebContents> packages, const Root& root,
                                const Options& options) {
  WorkingRoot working(packages, root, options);
  if (options.new_root) write_first_files(working);
  write_templates(working);
  TRY(apply_maintainer_scripts(working));
  TRY(write_ca_certificates(working));
  TRY(write_library_links(working));
  TRY(write_status_database(working));
  return std::move(working).take();
}

}  // namespace cogbuild::configure
