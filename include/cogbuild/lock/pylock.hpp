#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/python/target.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::lock {

// A lock as `pylock.toml`; PEP 751. Other tools install from it: what that standard has no word for
// stands in `tool.cogbuild` and does not change what they install. Byte-stable, one environment,
// one file for each distribution: parse_pylock(to_pylock(l)) == l for a sorted lock.
std::string to_pylock(const Lock& lock);

struct PylockReading {
  std::string file = "pylock.toml";  // for messages
  // What is chosen for where a lock of another tool is for several environments. A lock of ours is
  // taken as it stands, whatever this says.
  const python::Target* target = nullptr;
};

struct PylockContent {
  Lock lock{};  // of another tool: `inputs` is empty, `requested` and `group` are not known
  std::vector<Error> warnings{};
};

// Any valid pylock.toml, strictly read; every finding in `others`. Errors: config; unsupported
// (another major version, no SHA-256, packages that belong to extras or groups, several
// environments without a target).
Result<PylockContent> read_pylock(std::string_view text, const PylockReading& reading = {});
Result<Lock> parse_pylock(std::string_view text, const PylockReading& reading = {});

}  // namespace cogbuild::lock
