#pragma once

#include <cogbuild/check/subject.hpp>

#include <cstdint>

namespace cogbuild::check {

// Releases of Cog's Python side that rules speak of.
inline constexpr std::uint64_t kSdkWithoutPythonServer = 17;  // 0.17: the server is coglet
inline constexpr std::uint64_t kSdkWithRunner = 20;           // 0.20: `run()` and `BaseRunner`

// Whether the image gets release 0.`minor` of Cog's Python side or a newer one: what cog.yaml, the
// requirements and the lock say; without a word of theirs the newest, unless the Python is too old
// for it.
bool uses_sdk(const Subject& subject, std::uint64_t minor);

// `python_version` is older than 3.10, the oldest that Cog 0.22 takes.
bool has_old_python(const Subject& subject);

}  // namespace cogbuild::check
