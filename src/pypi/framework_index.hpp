#pragma once

#include <cogbuild/python/package_name.hpp>
#include <cogbuild/url/url.hpp>

namespace cogbuild::pypi {

// The framework indexes at download.pytorch.org hold partial copies of numpy and others: as a
// further index, one is asked for the projects that are published there alone.
bool is_framework_index(const url::Url& index);
bool framework_index_publishes(const python::PackageName& name);

}  // namespace cogbuild::pypi
