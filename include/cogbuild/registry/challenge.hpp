#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::registry {

// One challenge of a WWW-Authenticate header: RFC 9110, section 11.6.1.
struct Challenge {
  std::string scheme{};  // lower case: `bearer`, `basic`
  std::map<std::string, std::string>
      parameters{};  // names in lower case, the first of several wins
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

// The challenges of one header value, in order; several may share it:
//
//   value     = challenge *( "," challenge )
//   challenge = scheme [ 1*SP ( token68 / parameter *( "," parameter ) ) ]
//   parameter = token "=" ( token / quoted-string )
//
// What cannot be read ends the list: a server's mistake must not hide what came before it.
std::vector<Challenge> parse_challenges(std::string_view value);

}  // namespace cogbuild::registry
