#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/url/url.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::lock {

// Why a distribution is in the image; decides its layer.
enum class Group {
  project,  // the user's requirements
  runtime,  // cog, coglet and what only they need
};

// What stands at a distribution's location; everything but a wheel must be built first.
enum class Form { wheel, source_archive, version_control, directory };

// One installed distribution: exactly one wheel, or what one is built from.
struct LockedDistribution {
  std::string name{};           // normalized, PEP 503
  std::string metadata_name{};  // as METADATA writes it; what pip freeze prints
  std::string version{};
  Form form = Form::wheel;
  std::string file_name{};  // of the wheel or source archive
  std::string location{};   // URL without credentials, or a path
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  Group group = Group::project;
  bool requested = false;   // a direct requirement of the user (REQUESTED)
  bool direct_url = false;  // named by URL or path rather than from an index (direct_url.json)
  std::vector<std::string> requires_names{};  // normalized names of its dependencies in this lock
  std::string replaces{};  // the name it was asked for as, when headless opencv took its place
  // Names that metadata in this lock asks for and this distribution answers in their stead: each
  // gets a metadata-only distribution of the same version. Sorted.
  std::vector<std::string> stands_for{};
  std::string index{};        // the index or find-links that lists it, without credentials
  std::string upload_time{};  // RFC 3339; empty: unknown
  std::string requires_python{};
  // `sha256:…` of what METADATA said when this was resolved (python::metadata_fields); the wheel's
  // own must say the same. Empty: unknown.
  std::string metadata_digest{};
  // Version control alone.
  std::string commit{};
  std::string requested_revision{};
  std::string subdirectory{};  // also of an archive
  friend bool operator==(const LockedDistribution&, const LockedDistribution&) = default;
};

// Everything from outside, pinned by digest. Byte-stable: parse(to_json(l)) == l, equal locks print
// equal bytes, distributions sorted by name.
struct Lock {
  std::string python_version{};  // `3.11.2`: what markers were evaluated for
  std::string architecture{};    // `x86_64`
  std::string libc{};            // `glibc 2.36`
  std::string exclude_newer{};   // RFC 3339; empty: no cutoff
  // What it was resolved from, as whoever writes the lock defines it; empty: unknown.
  std::string inputs{};
  std::vector<std::string> indexes{};  // and find-links, in order of preference; no credentials
  std::vector<LockedDistribution> distributions{};
  friend bool operator==(const Lock&, const Lock&) = default;
};

// The form that the cache keeps. Errors of parse: config; unsupported for another version.
std::string to_json(const Lock& lock);
Result<Lock> parse(std::string_view json);

}  // namespace cogbuild::lock
