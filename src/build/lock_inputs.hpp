#pragma once

#include <cogbuild/build/services.hpp>
#include <cogbuild/config/config.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/lock/choices.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/resolve/resolve.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace cogbuild::build {

// What `resolve` is to be asked, before it is known for which target. What it refers to must
// outlive it.
struct LockQuestion {
  const config::Config& config;
  const io::Tree& project;
  std::filesystem::path root{};                  // of the project, absolute
  lock::Choices choices{};                       // paths relative to the root, or absolute
  bool for_image = true;                         // with cog, coglet and the defaults of a project
  std::vector<std::string> requirement_files{};  // instead of the config's; relative to the root
};

// The choices with every path that the user gave from where he stands turned to one from `root`,
// absolute if it does not lie below.
lock::Choices paths_from(const std::filesystem::path& root, lock::Choices choices);
std::string path_from(const std::filesystem::path& root, const std::string& path);

// Error: usage, for a choice that is none.
Result<resolve::Inputs> to_inputs(const LockQuestion& question, const python::Target& target,
                                  const Services& services);

// What decides a lock, for telling whether it is out of date: as resolve::inputs_digest, but the
// same on every machine. In a project, indexes that stand outside of it (the environment,
// pip.conf, --index-url) do not count: every file of the lock is pinned by digest, and a mirror
// must not make it stale. Errors: as reading requirements.
Result<std::string> lock_inputs(const LockQuestion& question, const python::Target& target,
                                const Services& services);

// Every requirement and constraint a line, sorted, without credentials: for telling what changed.
Result<std::vector<std::string>> requirement_lines(const LockQuestion& question,
                                                   const Services& services);

// Asks the resolver, and adds to its lock what it was asked. `inputs` is the text of lock_inputs.
struct Asking {
  resolve::Preferences preferences{};
  bool offline = false;
  bool refresh = false;  // index pages are asked for again
};
Result<lock::Lock> ask_resolver(const LockQuestion& question, const python::Target& target,
                                Asking asking, Services& services);

// The first distribution that is a file on this disk and is not what the lock says, as a sentence;
// empty: none. Digests come from the stat cache.
Result<std::string> find_changed_file(const lock::Lock& lock, const std::filesystem::path& root,
                                      Services& services);

}  // namespace cogbuild::build
