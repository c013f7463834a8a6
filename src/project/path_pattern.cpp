#include <cogbuild/project/path_pattern.hpp>
#include <cogbuild/project/utf8.hpp>

#include <algorithm>
#include <cstdint>

namespace cogbuild::project {

namespace {

struct Character {
  char32_t value = 0;
  std::size_t length = 0;
};

// The character at the front of `text`, which is not empty. A byte that is not UTF-8 gets a value
// of its own beyond Unicode.
Character decode(std::string_view text) {
  constexpr char32_t kRawByte = 0x110000;
  const auto first = static_cast<std::uint8_t>(text.front());
  const std::size_t length = utf8_length(text);
  if (length == 0) return {kRawByte + first, 1};
  if (length == 1) return {first, 1};
  auto value = static_cast<char32_t>(first & (0xff >> (length + 1)));
  for (const char c : text.substr(1, length - 1))
    value = (value << 6) | (static_cast<std::uint8_t>(c) & 0x3fu);
  return {value, length};
}

}  // namespace

class PathPattern::Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<PathPattern> parse() {
    while (!rest_.empty())
      if (!parse_term()) return std::nullopt;
    for (const Term& term : pattern_.terms_)
      if (term.kind == Kind::any_name || term.kind == Kind::any_directories) ++pattern_.wildcards_;
    if (!pattern_.terms_.empty() && pattern_.terms_.front().kind == Kind::literal)
      pattern_.literal_prefix_ = pattern_.terms_.front().text;
    return std::move(pattern_);
  }

 private:
  bool parse_term() {
    const char c = rest_.front();
    if (c == '*') return parse_stars();
    if (c == '[') return parse_class();
    if (c == '?') {
      rest_.remove_prefix(1);
      return add(Kind::any_character);
    }
    if (c == '\\') {
      rest_.remove_prefix(1);
      if (rest_.empty()) return false;
    }
    add_literal(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }

  bool add(Kind kind) {
    pattern_.terms_.push_back({.kind = kind});
    return true;
  }

  void add_literal(char c) {
    if (pattern_.terms_.empty() || pattern_.terms_.back().kind != Kind::literal)
      pattern_.terms_.push_back({});
    pattern_.terms_.back().text += c;
  }

  bool parse_stars() {
    rest_.remove_prefix(1);
    if (!rest_.starts_with('*')) {
      return add(Kind::any_name);
    }
    rest_.remove_prefix(1);
    if (rest_.starts_with('/'))
      rest_.remove_prefix(1);
    else if (pattern_.terms_.empty() && rest_.find_first_of("*?[]\\") == std::string_view::npos)
      return add(Kind::any_text);
    return add(rest_.empty() ? Kind::any_text : Kind::any_directories);
  }

  bool parse_class() {
    Term term{.kind = Kind::character_class};
    rest_.remove_prefix(1);
    if (rest_.starts_with('^')) {
      term.negated = true;
      rest_.remove_prefix(1);
    }
    while (term.ranges.empty() || !rest_.starts_with(']')) {
      const auto low = class_character();
      if (!low) return false;
      auto high = low;
      if (rest_.starts_with('-')) {
        rest_.remove_prefix(1);
        high = class_character();
        if (!high) return false;
      }
      term.ranges.emplace_back(*low, *high);
    }
    rest_.remove_prefix(1);
    pattern_.terms_.push_back(std::move(term));
    return true;
  }

  std::optional<char32_t> class_character() {
    if (rest_.empty() || rest_.front() == '-' || rest_.front() == ']') return std::nullopt;
    if (rest_.front() == '\\') rest_.remove_prefix(1);
    if (rest_.empty()) return std::nullopt;
    const Character character = decode(rest_);
    rest_.remove_prefix(character.length);
    if (rest_.empty()) return std::nullopt;
    return character.value;
  }

  std::string_view rest_;
  PathPattern pattern_{};
};

// Backtracking with a memory of what failed, so that the time is bounded by terms times characters
// (squared for names), however many stars a pattern has.
class PathPattern::Matcher {
 public:
  Matcher(const PathPattern& pattern, std::string_view path) : terms_(pattern.terms_), path_(path) {
    constexpr std::size_t kHarmless = 2;
    if (pattern.wildcards_ > kHarmless) failed_.resize((terms_.size() + 1) * (path.size() + 1));
  }

  bool from(std::size_t term, std::size_t position) {
    if (!failed_.empty() && failed_[term * (path_.size() + 1) + position]) return false;
    if (try_from(term, position)) return true;
    if (!failed_.empty()) failed_[term * (path_.size() + 1) + position] = true;
    return false;
  }

 private:
  bool try_from(std::size_t index, std::size_t position) {
    for (; index < terms_.size(); ++index) {
      const Term& term = terms_[index];
      switch (term.kind) {
        case Kind::literal:
          if (!path_.substr(position).starts_with(term.text)) return false;
          position += term.text.size();
          break;
        case Kind::any_character:
          if (position == path_.size() || path_[position] == '/') return false;
          position += decode(path_.substr(position)).length;
          break;
        case Kind::character_class:
          if (position == path_.size() || !in_class(term, decode(path_.substr(position)).value))
            return false;
          position += decode(path_.substr(position)).length;
          break;
        case Kind::any_text:
          // Last, or the first of two: see parse_stars.
          return index + 1 == terms_.size() ||
                 path_.substr(position).ends_with(terms_[index + 1].text);
        case Kind::any_name:
          return try_name(index + 1, position);
        case Kind::any_directories:
          return try_directories(index + 1, position);
      }
    }
    return position == path_.size();
  }

  static bool in_class(const Term& term, char32_t character) {
    const bool inside = std::ranges::any_of(term.ranges, [&](const auto& range) {
      return range.first <= character && character <= range.second;
    });
    return inside != term.negated;
  }

  bool try_name(std::size_t next, std::size_t position) {
    for (;; ++position) {
      if (from(next, position)) return true;
      if (position == path_.size() || path_[position] == '/') return false;
    }
  }

  bool try_directories(std::size_t next, std::size_t position) {
    for (;;) {
      if (from(next, position)) return true;
      const auto slash = path_.find('/', position);
      if (slash == std::string_view::npos) return false;
      position = slash + 1;
    }
  }

  const std::vector<Term>& terms_;
  std::string_view path_;
  std::vector<bool> failed_{};  // by term and position; empty for patterns that need no memory
};

std::optional<PathPattern> PathPattern::parse(std::string_view text) {
  return Parser(text).parse();
}

bool PathPattern::matches(std::string_view path) const {
  if (!path.starts_with(literal_prefix_)) return false;
  return Matcher(*this, path).from(0, 0);
}

bool PathPattern::may_match_below(std::string_view directory) const {
  if (terms_.empty()) return false;
  const std::string below = std::string(directory) + "/";
  const std::size_t common = std::min(below.size(), literal_prefix_.size());
  if (std::string_view(below).substr(0, common) !=
      std::string_view(literal_prefix_).substr(0, common))
    return false;
  // The pattern's text goes on below the directory, or wildcards may.
  return literal_prefix_.size() > below.size() || terms_.size() > 1 ||
         terms_.front().kind != Kind::literal;
}

}  // namespace cogbuild::project
