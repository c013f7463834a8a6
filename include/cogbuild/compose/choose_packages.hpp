#pragma once

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/compose/services.hpp>
#include <cogbuild/debian/choose.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/system_lock.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace cogbuild::compose {

// Which packages a root is to be made of.
struct PackageWishes {
  std::string suite{};                 // of a base composed anew; empty: a foreign base
  std::string architecture{};          // Debian's
  std::vector<debian::Wish> base{};    // the distribution's
  std::vector<debian::Wish> python{};  // the interpreter's, beside what `base` brings
  std::vector<debian::Wish> system{};  // the user's, beside what the base has
};

// Contents of a base's kept files (base/kept_files.hpp), by path.
using BaseFiles = std::map<std::string, std::string>;

// Reads the archives and chooses. What a foreign base has installed is read from its files. Errors:
// as apt::read_archives and debian::choose; config (a base without a package database).
Result<lock::SystemLock> choose_packages(const PackageWishes& wishes, const BaseFiles& below,
                                         const apt::SourceSet& sources, const Services& services);

}  // namespace cogbuild::compose
