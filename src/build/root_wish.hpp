#pragma once

#include "project_step.hpp"

#include <cogbuild/base/selection.hpp>
#include <cogbuild/build/build.hpp>
#include <cogbuild/compose/choose_packages.hpp>
#include <cogbuild/configure/configure.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/lock/project_lock.hpp>
#include <cogbuild/pull/image_source.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::build {

// A base as the lock calls it, and as it is found from where the process stands; empty: nobody
// named one.
struct NamedBase {
  std::string reference{};
  std::string here{};
};

// What the flag says, else cogbuild.yaml, else what the lock keeps. `choices.base` becomes what a
// lock is to keep of it.
NamedBase name_base(const Options& options, const Project& project, lock::Choices& choices);

// The root that a run asks for: an image or a base composed here, an interpreter where the image
// has none, and system packages above.
struct RootWish {
  std::string reference{};  // `debian:bookworm`, or the image as the user names it
  bool composed = false;
  pull::ImageSource image{};   // unless composed, as it is named
  pull::ImageSource pinned{};  // the same at the digest of the lock, where a registry has it
  compose::PackageWishes packages{};
  std::optional<lock::LockedPython> python{};     // a standalone build
  std::vector<configure::GeneratedFile> extra{};  // links to the interpreter
  std::vector<std::string> left_out{};            // files of packages that stay out of the image
  std::string python_series{};                    // `3.11`, of a composed base
  image::Platform platform{};
  bool keep_docs = false;
  std::vector<std::string> explanation{};  // why this base, a line each
  std::vector<std::string> warnings{};
  // Packages or a Python are put in place here.
  [[nodiscard]] bool installs() const {
    return composed || python.has_value() || !packages.system.empty();
  }
};

// What the project, its settings and the choices of a run say of its root. Pure but for paths.
// Errors: usage, config (a package name that is none), with its location.
Result<RootWish> wish_root(const Options& options, const Project& project,
                           const lock::Choices& choices, const NamedBase& named,
                           const base::Selection& selection,
                           const std::optional<lock::ProjectLock>& locked);

// Why what the lock pins is not what is wished for; empty: it is.
std::vector<std::string> root_changes(const lock::ProjectLock& locked, const RootWish& wish);

}  // namespace cogbuild::build
