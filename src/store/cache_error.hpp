#pragma once

#include <cogbuild/error/error.hpp>

#include <filesystem>
#include <string>

namespace cogbuild::store {

// `cannot write to the cache <place>: <reason>`, kind io, with a hint that fits the reason.
// `reason` is the text, `code` the errno it came from (0: unknown).
Error cannot_write(const std::filesystem::path& place, const std::string& reason, int code);
// As above for the system call that just failed.
Error cannot_write(const std::filesystem::path& place);

}  // namespace cogbuild::store
