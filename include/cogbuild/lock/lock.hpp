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

// One installed distribution: exactly one wheel.
struct LockedDistribution {
  std::string name{};           // normalized, PEP 503
  std::string metadata_name{};  // as METADATA writes it; what pip freeze prints
  std::string version{};
  std::string file_name{};  // of the wheel
  std::string location{};   // URL without credentials, or a path
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  Group group = Group::project;
  bool requested = false;   // a direct requirement of the user (REQUESTED)
  bool direct_url = false;  // named by URL or path rather than from an index (direct_url.json)
  std::vector<std::string> requires_names{};  // normalized names of its dependencies in this lock
  std::string replaces{};  // the name it was asked for as, when headless opencv took its place
  friend bool operator==(const LockedDistribution&, const LockedDistribution&) = default;
};

// Everything from outside, pinned by digest. Byte-stable: parse(to_json(l)) == l, equal locks print
// equal bytes, distributions sorted by name.
struct Lock {
  std::string python_version{};  // `3.11.2`: what markers were evaluated for
  std::vector<LockedDistribution> distributions{};
  friend bool operator==(const Lock&, const Lock&) = default;
};

std::string to_json(const Lock& lock);
Result<Lock> parse(std::string_view json);

}  // namespace cogbuild::lock
