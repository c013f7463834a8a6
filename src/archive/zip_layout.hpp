#pragma once

// The layout of a zip archive and the rules that make its members mean one thing, wherever its
// bytes come from.

#include "zip_records.hpp"

#include <cogbuild/archive/ranged_member.hpp>
#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cogbuild::archive {

Error damaged_zip(const std::string& archive, std::string_view what);

// The archive must end with its end record: anything after could be a second archive that other
// tools would read. Asks for the last kEndTailBytes first. `name` is for messages, here and below.
Result<EndRecord> read_end_record(const ReadRange& read, const std::string& name,
                                  std::uint64_t file_bytes);

// The directory stands right before its end record, and is of bearable size.
Result<void> check_end_record(const std::string& name, const EndRecord& end,
                              const ZipLimits& limits);

// Hands each record of the directory's bytes, checked by itself and against the limits, to `take`.
Result<void> for_each_record(const std::string& name, std::string_view directory,
                             std::uint64_t entries, const ZipLimits& limits,
                             const std::function<Result<void>(DirectoryRecord)>& take);

// The local header, at least its fixed part and the name, must tell the same story as the
// directory. Returns the offset of the data in the archive.
Result<std::uint64_t> check_local_header(const std::string& name, const DirectoryRecord& record,
                                         std::string_view bytes);

}  // namespace cogbuild::archive
