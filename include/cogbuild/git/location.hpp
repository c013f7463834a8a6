#pragma once

#include <cogbuild/error/result.hpp>

#include <string>
#include <string_view>

namespace cogbuild::git {

// Where a commit is asked for: `git+https://…`, `git+ssh://…` or `git+file://…`, `@REVISION` after
// the path. A fragment is not its affair and left out.
struct Location {
  std::string url{};  // without `git+` and credentials; of ssh the user name stays, as it is none
  std::string username{};  // of https, as is the password: never to be printed
  std::string password{};
  std::string revision{};  // branch, tag, full or shortened commit; empty: the default branch

  // Errors: config, unsupported (another scheme); the message never shows credentials.
  static Result<Location> parse(std::string_view text);
  // Whether the revision is a whole commit identifier, so that nobody needs to be asked for it.
  [[nodiscard]] bool is_commit() const;
  friend bool operator==(const Location&, const Location&) = default;
};

// Forty lower-case hexadecimal digits.
bool is_commit_id(std::string_view text);

}  // namespace cogbuild::git
