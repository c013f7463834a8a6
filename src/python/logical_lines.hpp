#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/requirements_file.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// One line of a requirements file as the parser sees it: joined, without comment, expanded.
struct LogicalLine {
  std::string text{};
  SourceLocation location{};  // of its first physical line, at the first character of the text
};

// The text of a file: by its byte-order mark, else a PEP 263 coding comment in the first two lines,
// else UTF-8. Errors: config (not valid in that encoding), unsupported (unknown encoding).
Result<std::string> decode_text(std::string_view bytes, const std::string& file);

// Splits, joins continued lines, strips comments, drops blank lines and expands `${NAME}`; in pip's
// order, in which an expanded value may hold a `#` and a comment line ends a continuation.
std::vector<LogicalLine> logical_lines(std::string_view text, const std::string& file,
                                       const Variables& variables);

// The last two steps for text that stands alone.
std::string strip_comment(std::string_view line);
std::string expand_variables(std::string_view line, const Variables& variables);

// Words as a POSIX shell splits them: quotes and backslashes, no expansion. Nothing when a quote is
// not closed.
std::optional<std::vector<std::string>> shell_split(std::string_view text);

}  // namespace cogbuild::python
