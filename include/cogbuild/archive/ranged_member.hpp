#pragma once

#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cogbuild::archive {

// The bytes [offset, offset + size_bytes) of an archive, exactly these or an error.
using ReadRange =
    std::function<Result<std::string>(std::uint64_t offset, std::uint64_t size_bytes)>;

// How much of an archive's end is asked for first; whoever has it at hand saves a question.
inline constexpr std::uint64_t kEndTailBytes = 16384;

// A zip archive that lies elsewhere.
struct RangedArchive {
  std::string name{};  // for messages
  std::uint64_t size_bytes = 0;
  ReadRange read{};
};

// The content of the only file member that `wanted` picks, its size and CRC-32 checked; the rules
// of ZipDirectory as far as they can be seen from the directory and that member. Asks for the end,
// the directory and the member: few ranges, none twice but for what lies in the end. Errors:
// integrity (damaged, contradictory, none or several such members, larger than `limit_bytes`);
// unsupported; those of `read`.
Result<std::string> read_ranged_member(const RangedArchive& archive,
                                       const std::function<bool(std::string_view)>& wanted,
                                       std::uint64_t limit_bytes);

}  // namespace cogbuild::archive
