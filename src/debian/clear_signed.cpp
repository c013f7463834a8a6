#include "ascii.hpp"
#include "quoted.hpp"

#include <cogbuild/debian/clear_signed.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {
namespace {

constexpr std::string_view kBeginMessage = "-----BEGIN PGP SIGNED MESSAGE-----";
constexpr std::string_view kBeginSignature = "-----BEGIN PGP SIGNATURE-----";
constexpr std::string_view kEndSignature = "-----END PGP SIGNATURE-----";

// Line by line; white space at a line's end does not count.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  bool next() {
    if (at_ == text_.size()) return false;
    begin_ = at_;
    const auto end = std::min(text_.find('\n', at_), text_.size());
    line_ = text_.substr(begin_, end - begin_);
    while (!line_.empty() && is_space(line_.back())) line_.remove_suffix(1);
    at_ = std::min(end + 1, text_.size());
    ++number_;
    return true;
  }
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t after() const { return at_; }
  [[nodiscard]] Error wrong(std::string_view what) const {
    return {ErrorKind::integrity,
            fmt::format("line {} of the signed index, {}, {}", number_, quoted(line_), what)};
  }

 private:
  std::string_view text_;
  std::string_view line_{};
  std::size_t begin_ = 0;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
};

Error incomplete(std::string_view what) {
  return {ErrorKind::integrity, fmt::format("the signed index has no line `{}`", what)};
}

}  // namespace

Result<ClearSigned> split_clear_signed(std::string_view text) {
  Lines lines(text);
  if (!lines.next()) return fail(incomplete(kBeginMessage));
  if (lines.line() != kBeginMessage) return fail(lines.wrong("stands before the signed text"));

  while (true) {
    if (!lines.next()) return fail(incomplete(kBeginSignature));
    if (lines.line().empty()) break;
    if (!lines.line().starts_with("Hash: "))
      return fail(lines.wrong("is not a header of a signed text"));
  }

  ClearSigned parts;
  const std::size_t body = lines.after();
  while (true) {
    if (!lines.next()) return fail(incomplete(kBeginSignature));
    if (lines.line() == kBeginSignature) break;
    // Every other line with a dash in front is escaped by whoever signs.
    if (lines.line().starts_with('-') && !lines.line().starts_with("- "))
      return fail(lines.wrong("is not text that can be signed"));
  }
  parts.body = text.substr(body, lines.begin() - body);

  const std::size_t signature = lines.begin();
  while (true) {
    if (!lines.next()) return fail(incomplete(kEndSignature));
    if (lines.line() == kEndSignature) break;
    if (lines.line().starts_with('-')) return fail(lines.wrong("is not part of a signature"));
  }
  parts.signature = text.substr(signature, lines.after() - signature);
  while (lines.next())
    if (!lines.line().empty()) return fail(lines.wrong("stands after the signed text"));
  return parts;
}

}  // namespace cogbuild::debian
