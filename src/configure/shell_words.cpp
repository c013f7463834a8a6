#include "shell_words.hpp"

#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::configure {
namespace {

constexpr std::size_t kMaxFieldBytes = std::size_t{64} * 1024;
constexpr int kMaxDepth = 20;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The end of a `$( … )` or `${ … }` whose inside begins at `at`.
std::size_t closing(std::string_view word, std::size_t at, char open, char close) {
  int depth = 1;
  for (; at < word.size(); ++at) {
    if (word[at] == '\\') {
      ++at;
    } else if (word[at] == open) {
      ++depth;
    } else if (word[at] == close && --depth == 0) {
      return at;
    }
  }
  return word.size();
}

class Expander {
 public:
  Expander(const ShellVariables& variables, bool split, int depth)
      : variables_(variables), split_(split), depth_(depth) {}

  std::vector<Field> expand(std::string_view word) {
    word_ = word;
    while (at_ < word_.size()) {
      const char c = word_[at_];
      if (c == '\'') {
        const auto end = std::min(word_.find('\'', at_ + 1), word_.size());
        add(word_.substr(at_ + 1, end - at_ - 1));
        field_.quoted = started_ = true;
        at_ = end + 1;
      } else if (c == '"') {
        in_quotes_ = !in_quotes_;
        field_.quoted = started_ = true;
        ++at_;
      } else if (c == '\\') {
        backslash();
      } else if (c == '$') {
        ++at_;
        parameter();
      } else if (c == '`') {
        at_ = std::min(word_.find('`', at_ + 1), word_.size()) + 1;
        unknown();
      } else {
        add(word_.substr(at_, 1));
        ++at_;
      }
    }
    finish();
    return std::move(fields_);
  }

 private:
  void add(std::string_view text) {
    if (field_.text.size() + text.size() > kMaxFieldBytes) return unknown();
    field_.text += text;
    started_ = true;
  }
  void unknown() {
    field_.known = false;
    started_ = true;
  }
  void finish() {
    if (started_) fields_.push_back(std::move(field_));
    field_ = {};
    started_ = false;
  }
  void backslash() {
    const char next = at_ + 1 < word_.size() ? word_[at_ + 1] : '\0';
    const bool kept = in_quotes_ && next != '$' && next != '`' && next != '"' && next != '\\';
    if (kept) add("\\");
    if (next != '\0') add(word_.substr(at_ + 1, 1));
    if (!in_quotes_) field_.quoted = true;
    at_ += 2;
  }

  // A value: split at blanks where nothing quotes it.
  void add_value(const std::optional<std::string>& value) {
    if (!value) return unknown();
    if (in_quotes_ || !split_) {
      add(*value);
      return;
    }
    std::string_view rest = *value;
    const auto blank = [](char c) { return is_blank(c) || c == '\n'; };
    while (!rest.empty()) {
      if (blank(rest.front())) {
        finish();
        rest.remove_prefix(1);
        continue;
      }
      const auto end = static_cast<std::size_t>(std::ranges::find_if(rest, blank) - rest.begin());
      add(rest.substr(0, end));
      rest.remove_prefix(end);
    }
  }

  [[nodiscard]] std::optional<std::string> value_of(std::string_view name) const {
    if (name == "#") return std::to_string(variables_.arguments.size());
    if (name == "?" || name == "$" || name == "!" || name == "-") return std::nullopt;
    if (name == "0") return std::nullopt;
    if (name == "@" || name == "*") return fmt::format("{}", fmt::join(variables_.arguments, " "));
    if (name.size() == 1 && is_digit(name.front())) {
      const auto index = static_cast<std::size_t>(name.front() - '1');
      return index < variables_.arguments.size() ? variables_.arguments[index] : std::string{};
    }
    const auto at = variables_.named.find(name);
    return at == variables_.named.end() ? std::string{} : at->second;
  }

  void parameter() {
    const char c = at_ < word_.size() ? word_[at_] : '\0';
    if (c == '(') {
      const auto end = closing(word_, at_ + 1, '(', ')');
      substitution(trim(word_.substr(at_ + 1, end - at_ - 1)));
      at_ = std::min(end + 1, word_.size());
    } else if (c == '{') {
      const auto end = closing(word_, at_ + 1, '{', '}');
      braces(word_.substr(at_ + 1, end - at_ - 1));
      at_ = std::min(end + 1, word_.size());
    } else if (c == '@' && in_quotes_ && split_) {
      ++at_;
      for (std::size_t i = 0; i < variables_.arguments.size(); ++i) {
        if (i > 0) finish();
        add(variables_.arguments[i]);
      }
    } else if (is_name_char(c) || c == '@' || c == '*' || c == '#' || c == '?' || c == '$' ||
               c == '!' || c == '-') {
      std::size_t size = 1;
      if (is_name_char(c) && !is_digit(c))
        while (at_ + size < word_.size() && is_name_char(word_[at_ + size])) ++size;
      add_value(value_of(word_.substr(at_, size)));
      at_ += size;
    } else {
      add("$");
    }
  }

  void braces(std::string_view inside) {
    std::size_t size = 0;
    while (size < inside.size() && is_name_char(inside[size])) ++size;
    if (size == 0 && !inside.empty()) size = 1;
    const auto value = value_of(inside.substr(0, size));
    auto rest = inside.substr(size);
    if (rest.empty()) return add_value(value);
    const bool empty_counts = rest.front() == ':';
    if (empty_counts) rest.remove_prefix(1);
    const char op = rest.empty() ? '\0' : rest.front();
    if (!value || (op != '-' && op != '+' && op != '=') || depth_ >= kMaxDepth) return unknown();
    rest.remove_prefix(1);
    const bool is_set = !value->empty();
    if (op == '+' ? is_set : !is_set) {
      const auto other = Expander(variables_, false, depth_ + 1).expand(rest);
      if (other.empty()) return;
      return add_value(other.front().known ? std::optional(other.front().text) : std::nullopt);
    }
    if (op != '+') add_value(value);
  }

  void substitution(std::string_view command) {
    const auto parts = words(command);
    if (parts.size() == 2 && parts[0] == "dpkg" && parts[1] == "--print-architecture")
      return add_value(variables_.architecture);
    if (parts.size() == 2 && parts[0] == "dpkg-architecture" &&
        (parts[1] == "-qDEB_HOST_MULTIARCH" || parts[1] == "-qDEB_BUILD_MULTIARCH")) {
      if (variables_.architecture == "amd64") return add_value("x86_64-linux-gnu");
      if (variables_.architecture == "arm64") return add_value("aarch64-linux-gnu");
    }
    unknown();
  }

  const ShellVariables& variables_;
  bool split_;
  int depth_;
  std::string_view word_{};
  std::size_t at_ = 0;
  bool in_quotes_ = false;
  bool started_ = false;
  Field field_{};
  std::vector<Field> fields_{};
};

}  // namespace

std::vector<Field> expand(std::string_view word, const ShellVariables& variables) {
  return Expander(variables, true, 0).expand(word);
}

Field expand_one(std::string_view word, const ShellVariables& variables) {
  auto fields = Expander(variables, false, 0).expand(word);
  return fields.empty() ? Field{} : std::move(fields.front());
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  // The last star and what it stands before: never more than one step back.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace cogbuild::configure
