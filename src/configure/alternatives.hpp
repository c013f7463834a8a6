#pragma once

#include "working_root.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Names that several packages can provide; update-alternatives(1).
namespace cogbuild::configure {

struct AlternativeSlave {
  std::string link{};  // absolute, as everything here
  std::string name{};
  std::string path{};
  friend bool operator==(const AlternativeSlave&, const AlternativeSlave&) = default;
};

// One `update-alternatives --install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]...`.
struct InstalledAlternative {
  std::string link{};
  std::string name{};
  std::string path{};
  std::int64_t priority = 0;
  std::vector<AlternativeSlave> slaves{};
  friend bool operator==(const InstalledAlternative&, const InstalledAlternative&) = default;
};

// Everything that provides one name: a file of `var/lib/dpkg/alternatives`,
//
//     mode LF link LF (slave-name LF slave-link LF)* LF (path LF priority LF slave-path*)* LF
//
// where a choice has one slave path a line for every slave of the group, empty for none.
struct AlternativeGroup {
  struct Choice {
    std::int64_t priority = 0;
    std::map<std::string, std::string> slave_paths{};  // by slave's name
    friend bool operator==(const Choice&, const Choice&) = default;
  };
  bool manual = false;
  std::string link{};
  std::map<std::string, std::string> slave_links{};  // by slave's name
  std::map<std::string, Choice> choices{};           // by path

  void add(const InstalledAlternative& alternative);
  friend bool operator==(const AlternativeGroup&, const AlternativeGroup&) = default;
};

std::string to_text(const AlternativeGroup& group);
// `origin` names the text in errors. Error: config.
Result<AlternativeGroup> parse_alternative_group(std::string_view text, std::string_view origin);

// Adds what packages install to the groups of the root, and links what is best: the highest
// priority, of equals the first by path, unless someone has chosen by hand. A path that is not
// there is no choice; a slave's path that is not there has no link. Error: config.
Result<void> write_alternatives(WorkingRoot& root,
                                const std::vector<InstalledAlternative>& alternatives);

}  // namespace cogbuild::configure
