#pragma once

#include "page_source.hpp"

#include <string>
#include <vector>

namespace cogbuild::pypi {

// The files of one `--find-links` place, of all projects together: a directory's names, or the
// links of an HTML page on disk or at a URL. Errors: not_found when there is no such place; as
// PageSource::page.
Result<std::vector<File>> read_find_links(const std::string& place, PageSource& pages);

// The project that a wheel's or source archive's name says; empty when it is neither.
python::PackageName project_of(const std::string& file_name);

}  // namespace cogbuild::pypi
