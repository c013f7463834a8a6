#pragma once

#include "project_step.hpp"

#include <cogbuild/apt/fetch_packages.hpp>
#include <cogbuild/compose/choose_packages.hpp>
#include <cogbuild/error/result.hpp>

#include <string>

namespace cogbuild::build {

// Where packages come from: cogbuild.yaml, else the apt sources of the base, else those of this
// host for the same release. `suite` is the release's codename. Errors: as apt::host_sources and
// its like.
Result<apt::SourceSet> package_sources(const Project& project, const std::string& suite,
                                       const compose::BaseFiles& below);

// The same, with the snapshot service that is configured: for packages that are pinned already.
Result<apt::Mirrors> package_mirrors(const Project& project, const std::string& suite,
                                     const compose::BaseFiles& below);

// `bookworm` of `Debian GNU/Linux 12 (bookworm)`, `noble` of `Ubuntu 24.04.1 LTS`; empty: unknown.
std::string codename_of(const std::string& os_release);

}  // namespace cogbuild::build
