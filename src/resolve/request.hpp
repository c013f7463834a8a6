#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/python/requirements_file.hpp>
#include <cogbuild/resolve/resolve.hpp>

#include <string>
#include <vector>

namespace cogbuild::resolve {

// A requirement that stands by itself: of the user, a constraint, or cog and coglet.
struct Root {
  python::PackageName name{};
  std::vector<std::string> extras{};
  python::SpecifierSet specifiers{};
  std::string direct{};  // URL (may hold credentials), `git+…` or path; empty: from an index
  std::vector<python::FileHash> hashes{};
  SourceLocation location{};
  lock::Group group = lock::Group::project;
  bool prereleases = false;  // ranks them among finals
  std::string asked_as{};    // the name before a replacement; empty: the same
};

// What is to be resolved; markers are evaluated, so every root counts.
struct Request {
  std::vector<Root> roots{};
  std::vector<Root> constraints{};
  std::vector<Root> overrides{};               // replace every requirement on their names
  std::vector<python::PackageName> dropped{};  // names whose requirements an override takes away
  std::vector<Root> own_runtime{};  // the user's lines for cog and coglet, which do not count
  python::IndexOptions options{};
  bool hash_mode = false;
  std::vector<Error> warnings{};
};

// Reads the requirements file or the packages of the config, and adds the roots of the runtime.
// Errors: config, unsupported, not_found; every finding in `others`.
Result<Request> read_request(const Inputs& inputs);

// cog and coglet as the options and the config ask for them. Errors: config, not_found.
Result<std::vector<Root>> runtime_roots(const Options& options, const config::Config& config);

// `numpy==1.26.4`, or `numpy` and where it comes from, without credentials.
std::string describe(const Root& root);
// `requirements.txt:3`, `COG_SDK_WHEEL`, …
std::string place(const Root& root);

}  // namespace cogbuild::resolve
