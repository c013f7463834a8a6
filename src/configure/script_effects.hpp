#pragma once

#include "alternatives.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::configure {

// A user that a package wants, made unless there is one of that name.
struct WantedUser {
  std::string name{};
  std::optional<std::uint32_t> uid{};
  std::string group{};     // primary, by name or number; empty: nogroup
  bool own_group = false;  // the primary group is made too, under the user's name
  std::string comment{};
  std::string home = "/nonexistent";
  std::string shell = "/usr/sbin/nologin";
  bool create_home = false;
  friend bool operator==(const WantedUser&, const WantedUser&) = default;
};

struct WantedGroup {
  std::string name{};
  std::optional<std::uint32_t> gid{};
  friend bool operator==(const WantedGroup&, const WantedGroup&) = default;
};

struct WantedMembership {
  std::string user{};
  std::string group{};
  friend bool operator==(const WantedMembership&, const WantedMembership&) = default;
};

enum class PathEffectType : std::uint8_t { directory, link, empty_file, copy, owner, mode };

// Something done to one path.
struct PathEffect {
  PathEffectType type = PathEffectType::directory;
  std::string path{};    // absolute
  std::string source{};  // of a link its target, of a copy the file
  std::string owner{};   // `user:group`, `user`, `:group`; empty: as it is
  std::optional<std::uint32_t> mode{};
  bool forced = false;  // replaces what lies there
  friend bool operator==(const PathEffect&, const PathEffect&) = default;
};

// What the maintainer scripts of a package would do on its first installation.
struct ScriptEffects {
  std::vector<InstalledAlternative> alternatives{};
  std::vector<WantedGroup> groups{};
  std::vector<WantedUser> users{};
  std::vector<WantedMembership> memberships{};
  std::vector<PathEffect> paths{};
  std::vector<std::string> warnings{};
  std::vector<std::string> unknown{};  // `postinst:12: command …`
};

}  // namespace cogbuild::configure
