#include "sample_text.hpp"

#include <optional>

namespace cogbuild::schema {

namespace {

constexpr int kMaxDepth = 50;
constexpr std::size_t kLongest = 4096;

// pattern = part *("|" part); part = *(atom [repetition]); atom = literal / class / group / anchor.
// Of alternatives the first is taken, of repetitions the fewest, of classes the first character.
class Sampler {
 public:
  explicit Sampler(std::string_view pattern) : rest_(pattern) {}

  std::optional<std::string> sample() {
    auto text = alternatives(0);
    return rest_.empty() ? text : std::nullopt;
  }

 private:
  bool take(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }
  char next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::optional<std::string> alternatives(int depth) {  // NOLINT(misc-no-recursion)
    if (depth > kMaxDepth) return std::nullopt;
    auto first = sequence(depth);
    while (first && take("|"))
      if (!sequence(depth)) return std::nullopt;
    return first;
  }

  std::optional<std::string> sequence(int depth) {  // NOLINT(misc-no-recursion)
    std::string text;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      const auto one = atom(depth);
      const auto times = one ? repetition() : std::nullopt;
      if (!times || text.size() + one->size() * *times > kLongest) return std::nullopt;
      for (std::size_t i = 0; i != *times; ++i) text += *one;
    }
    return text;
  }

  std::optional<std::string> atom(int depth) {  // NOLINT(misc-no-recursion)
    if (take("(")) {
      if (take("?P<") || take("?<"))
        while (!rest_.empty() && next() != '>') continue;
      else if (!take("?:") && rest_.starts_with('?'))
        return std::nullopt;
      auto inner = alternatives(depth + 1);
      return take(")") ? inner : std::nullopt;
    }
    if (take("[")) return one_of_class();
    if (take("^") || take("$") || take("\\b") || take("\\A") || take("\\z")) return "";
    if (take("\\")) return escape();
    const char c = next();
    if (c == '*' || c == '+' || c == '?' || c == '{') return std::nullopt;
    return std::string(1, c == '.' ? 'a' : c);
  }

  std::optional<std::string> escape() {
    if (rest_.empty()) return std::nullopt;
    const char c = next();
    if (c == 'd') return "1";
    if (c == 'w') return "a";
    if (c == 's') return " ";
    if (c == 'S' || c == 'D') return "a";
    const bool is_letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter ? std::nullopt : std::optional(std::string(1, c));
  }

  std::optional<std::string> one_of_class() {
    if (rest_.starts_with('^') || rest_.starts_with("[:")) {
      // An excluded set rarely excludes everything of this.
      const bool negated = rest_.starts_with('^');
      const auto end = rest_.find(negated ? "]" : "]]");
      if (end == std::string_view::npos) return std::nullopt;
      const auto inside = rest_.substr(0, end);
      rest_.remove_prefix(end + (negated ? 1 : 2));
      for (const char c : std::string_view("a1A-_ "))
        if (!negated || inside.find(c) == std::string_view::npos) return std::string(1, c);
      return std::nullopt;
    }
    if (rest_.empty()) return std::nullopt;
    auto chosen = take("\\") ? escape() : std::optional(std::string(1, next()));
    while (!rest_.empty() && rest_.front() != ']') {
      if (take("\\") && rest_.empty()) return std::nullopt;
      next();
    }
    return take("]") ? chosen : std::nullopt;
  }

  std::optional<std::size_t> number() {
    std::optional<std::size_t> made;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9' &&
           made.value_or(0) < kLongest)
      made = made.value_or(0) * 10 + static_cast<std::size_t>(next() - '0');
    return made;
  }

  std::optional<std::size_t> repetition() {
    std::size_t times = 1;
    if (take("*") || take("?")) {
      times = 0;
    } else if (take("{")) {
      const auto fewest = number();
      if (take(",")) number();
      if (!fewest || !take("}")) return std::nullopt;
      times = *fewest;
    } else if (!take("+")) {
      return times;
    }
    take("?");  // the fewest, which is what is taken anyway
    return times;
  }

  std::string_view rest_;
};

}  // namespace

std::string text_of_pattern(std::string_view pattern) {
  return Sampler(pattern).sample().value_or("");
}

}  // namespace cogbuild::schema
