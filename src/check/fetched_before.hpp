#pragma once

#include <cogbuild/check/subject.hpp>
#include <cogbuild/syntax/module.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// What a project fetches before the model runs, as far as its text tells: scripts for downloading
// that the model does not import, and commands of `build.run`.
class FetchedBefore {
 public:
  explicit FetchedBefore(const Subject& subject);

  // Whether there is such a script or command at all.
  [[nodiscard]] bool something() const { return !texts_.empty(); }
  // Whether one of them names this repository, model or file.
  [[nodiscard]] bool names(std::string_view what) const;

 private:
  std::vector<std::string> texts_{};
};

// Whether a path exists in the project, its `/src` in front left out.
bool exists_in_project(const Subject& subject, std::string_view path);

// Whether the node stands below `if not os.path.exists(…)`, or the like, of something that the
// project has: then it does not run.
bool is_guarded_by_existing(const Subject& subject, const syntax::Node& node);

inline constexpr std::string_view kBakeWeights =
    "fetch it into the project before the build, or name it under `weights` in cog.yaml";

}  // namespace cogbuild::check
