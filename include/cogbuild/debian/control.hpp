#pragma once

#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Stanzas of fields; Debian policy 5.1 and deb822(5):
//
//     text    = blank* [stanza (blank+ stanza)*] blank*
//     stanza  = field+
//     field   = name ":" rest-of-line LF (more | comment)*
//     more    = (" " | tab) rest-of-line LF          a line of white space alone is blank
//     comment = "#" rest-of-line LF                  where comments are allowed
//
// Lines may end in CR LF. A field name is any printable ASCII but colons, first neither `#` nor
// `-`.
namespace cogbuild::debian {

struct Field {
  std::string_view name{};   // as written
  std::string_view value{};  // trimmed; of several lines, everything between the first and the last
  std::size_t line = 0;      // from 1
};

// Borrows the text that is read.
struct Stanza {
  std::vector<Field> fields{};
  std::string_view text{};  // from the first field's name to the last line's end
  std::size_t line = 0;

  // The first field of this name, ASCII case ignored; null: there is none.
  [[nodiscard]] const Field* find(std::string_view name) const;
  // Its value, empty when there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const;
};

enum class Comments { refused, allowed };

// Reads one stanza after the other without copying, in one pass. `origin` names the text in errors
// and must outlive the reader, as the text must.
class StanzaReader {
 public:
  static constexpr std::size_t kMaxTextBytes = std::size_t{1} << 30;
  static constexpr std::size_t kMaxLineBytes = std::size_t{4} << 20;
  static constexpr std::size_t kMaxFields = 1000;  // of one stanza

  StanzaReader(std::string_view text, std::string_view origin, Comments comments)
      : text_(text), origin_(origin), comments_(comments) {}

  // Fills `stanza`, whose memory is used again; false at the end of the text. Errors: config, with
  // the line, of what is no field, or beyond the limits above.
  Result<bool> next(Stanza& stanza);

 private:
  [[nodiscard]] Error wrong(std::string message) const;
  Result<void> add_field(Stanza& stanza, std::string_view line);

  std::string_view text_;
  std::string_view origin_;
  Comments comments_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;  // the one last read
};

// The lines of a value, trimmed, without comments and empty lines (a lone `.` stays).
std::vector<std::string_view> value_lines(std::string_view value);

// Every stanza of a text in which no field may be given twice in one stanza. Errors: as
// StanzaReader, and config for a field that is given twice.
Result<std::vector<Stanza>> read_stanzas(std::string_view text, std::string_view origin,
                                         Comments comments);

}  // namespace cogbuild::debian
