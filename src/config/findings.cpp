#include "findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace cogbuild::config {

namespace {

Error make(SourceLocation location, std::string message, std::string hint) {
  auto error = Error(ErrorKind::config, std::move(message)).at(std::move(location));
  if (hint.empty()) return error;
  return std::move(error).hint(std::move(hint));
}

void sort_by_place(std::vector<Error>& errors) {
  std::ranges::stable_sort(errors, {}, [](const Error& error) {
    const auto& place = error.location();
    return place ? std::pair(place->line, place->column) : std::pair<std::size_t, std::size_t>{};
  });
}

void append(std::vector<Error>& target, std::vector<Error> more) {
  target.insert(target.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

}  // namespace

void Findings::error(SourceLocation location, std::string message, std::string hint) {
  errors_.push_back(make(std::move(location), std::move(message), std::move(hint)));
}

void Findings::warning(SourceLocation location, std::string message, std::string hint) {
  warnings_.push_back(make(std::move(location), std::move(message), std::move(hint)));
}

Result<std::vector<Error>> Findings::finish() && {
  auto& listed = errors_.empty() ? warnings_ : errors_;
  append(listed, std::move(unknown_keys_));
  sort_by_place(listed);
  if (errors_.empty()) return std::move(warnings_);
  Error first = std::move(errors_.front());
  for (auto other = errors_.begin() + 1; other != errors_.end(); ++other)
    first = std::move(first).also(std::move(*other));
  return fail(std::move(first));
}

std::string literal(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string out = "`";
  std::size_t end = std::min(text.size(), kLongest);
  // Not inside a UTF-8 character.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  for (const char c : text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte == 0x7f)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    else
      out += c;
  }
  if (end < text.size()) out += "…";
  return out + "`";
}

}  // namespace cogbuild::config
