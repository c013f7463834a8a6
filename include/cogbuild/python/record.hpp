#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// One row of RECORD: `path,sha256=<urlsafe base64 without padding>,size`.
// Recording installed projects specification, "The RECORD file".
struct RecordEntry {
  std::string path{};
  std::optional<digest::Digest> digest{};  // of SHA-256
  std::string other_hash{};                // `sha512=…`: another algorithm, as written
  std::optional<std::uint64_t> size_bytes{};
  friend bool operator==(const RecordEntry&, const RecordEntry&) = default;
};

// Rows in the order written; quoted fields as in CSV. Errors: config for a row that is not one to
// three fields, a bad digest or size, an unclosed quote.
Result<std::vector<RecordEntry>> parse_record(std::string_view text);

// Rows in the order given, LF, fields quoted only where they must be.
std::string to_record_text(const std::vector<RecordEntry>& entries);

// `sha256=<urlsafe base64 without padding>`.
std::string to_record_hash(const digest::Digest& digest);

}  // namespace cogbuild::python
