#pragma once

#include "script_effects.hpp"
#include "working_root.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::configure {

// The databases of passwd(5), group(5), shadow(5) and gshadow(5) of a root, and what packages add.
// A new name gets the number it asks for, else the one that our table has for it, else the first
// that is free from 100 on; so that numbers do not depend on which packages come together.
class Accounts {
 public:
  // Reads `etc/passwd` and the others of the root. Error: config, when one is there but was not
  // kept.
  static Result<Accounts> of(const WorkingRoot& root);

  // Each does nothing where the name is there already.
  void add_group(const WantedGroup& group);
  void add_user(const WantedUser& user);
  void add_membership(const WantedMembership& membership);

  [[nodiscard]] std::optional<std::uint32_t> uid(std::string_view user) const;
  [[nodiscard]] std::optional<std::uint32_t> gid(std::string_view group) const;

  // Writes what has changed. A new root gets shadow files whatever happens.
  void write(WorkingRoot& root) const;

 private:
  using Lines = std::vector<std::vector<std::string>>;  // fields of each line

  [[nodiscard]] std::uint32_t free_id(std::string_view name, const Lines& lines,
                                      std::optional<std::uint32_t> wish) const;
  std::uint32_t ensure_group(std::string_view name, std::optional<std::uint32_t> gid);

  Lines passwd_{};
  Lines group_{};
  Lines shadow_{};
  Lines gshadow_{};
  bool has_shadow_ = false;
  bool has_gshadow_ = false;
  bool changed_ = false;
};

// Adds users, groups and memberships, in the order of their names, and the home directories that
// are asked for. Error: as Accounts::of.
Result<Accounts> write_users_and_groups(WorkingRoot& root, std::vector<WantedUser> users,
                                        std::vector<WantedGroup> groups,
                                        std::vector<WantedMembership> memberships);

}  // namespace cogbuild::configure
