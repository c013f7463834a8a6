#pragma once

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/debian/package.hpp>
#include <cogbuild/debian/release.hpp>
#include <cogbuild/error/result.hpp>

#include <string>
#include <string_view>

namespace cogbuild::apt {

// The packages that a source's release lists for an architecture, of every component that the
// source names. Each list is fetched once, verified, and kept as zstd under the digest of what the
// mirror has. Errors: as read_archives.
class PackagesReader {
 public:
  // All must outlive it.
  PackagesReader(const debian::Source& source, const debian::Release& release,
                 const Services& services)
      : source_(source), release_(release), services_(services) {}

  Result<debian::PackageList> read(std::string_view architecture) const;

 private:
  struct List;  // a component's, in one compression
  Result<List> choose(const std::string& path) const;
  Result<void> append(const List& list, std::string& text) const;
  Result<bool> append_stored(const List& list, std::string& text) const;
  Result<std::string> fetch(const List& list) const;
  Result<void> unpack(const List& list, std::string packed, std::string& text) const;
  void keep(const List& list, std::string_view text) const;

  const debian::Source& source_;
  const debian::Release& release_;
  const Services& services_;
};

}  // namespace cogbuild::apt
