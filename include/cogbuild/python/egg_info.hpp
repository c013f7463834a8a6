#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/metadata.hpp>

#include <string>
#include <string_view>

namespace cogbuild::python {

// METADATA made of what setuptools leaves in a source archive of its own: name, version and Python
// from PKG-INFO, requirements from `NAME.egg-info/requires.txt` (sections `[extra]`, `[:marker]`,
// `[extra:marker]`). They are what setup.py said on the machine that made the archive; a setup.py
// that asks its surroundings may say otherwise elsewhere. Error: config, for a requirement that
// does not parse.
Result<std::string> metadata_of_egg_info(const Metadata& pkg_info, std::string_view requires_txt);

}  // namespace cogbuild::python
