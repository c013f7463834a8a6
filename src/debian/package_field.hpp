#pragma once

#include "ascii.hpp"

#include <cstdint>
#include <string_view>

namespace cogbuild::debian {

// The fields that a Package is made of. At most 31: a stanza's are counted in one word.
enum class PackageField : std::uint8_t {
  other,
  name,
  version,
  architecture,
  section,
  source,
  pre_depends,
  depends,
  provides,
  conflicts,
  breaks,
  replaces,
  multi_arch,
  priority,
  essential,
  is_protected,
  is_important,
  file_name,
  size,
  installed_size,
  sha256,
  status,
};

// By length first: an archive has 1.5 million fields, and most of them are none of these.
inline PackageField package_field(std::string_view name) {
  const auto is = [name](std::string_view known) { return equal_ignoring_case(name, known); };
  switch (name.size()) {
    case 4:
      return is("Size") ? PackageField::size : PackageField::other;
    case 6:
      if (is("SHA256")) return PackageField::sha256;
      if (is("Source")) return PackageField::source;
      if (is("Breaks")) return PackageField::breaks;
      return is("Status") ? PackageField::status : PackageField::other;
    case 7:
      if (is("Package")) return PackageField::name;
      if (is("Version")) return PackageField::version;
      if (is("Depends")) return PackageField::depends;
      return is("Section") ? PackageField::section : PackageField::other;
    case 8:
      if (is("Filename")) return PackageField::file_name;
      if (is("Priority")) return PackageField::priority;
      if (is("Provides")) return PackageField::provides;
      return is("Replaces") ? PackageField::replaces : PackageField::other;
    case 9:
      if (is("Conflicts")) return PackageField::conflicts;
      if (is("Essential")) return PackageField::essential;
      if (is("Protected")) return PackageField::is_protected;
      return is("Important") ? PackageField::is_important : PackageField::other;
    case 10:
      return is("Multi-Arch") ? PackageField::multi_arch : PackageField::other;
    case 11:
      return is("Pre-Depends") ? PackageField::pre_depends : PackageField::other;
    case 12:
      return is("Architecture") ? PackageField::architecture : PackageField::other;
    case 14:
      return is("Installed-Size") ? PackageField::installed_size : PackageField::other;
    default:
      return PackageField::other;
  }
}

}  // namespace cogbuild::debian
