#include <cogbuild/registry/challenge.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace cogbuild::registry {

namespace {

constexpr std::size_t kMaxChallenges = 16;

bool is_token_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  // Also empty list elements, which RFC 9110 allows.
  void skip_separators() {
    while (!rest_.empty() && (is_space(rest_.front()) || rest_.front() == ','))
      rest_.remove_prefix(1);
  }
  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  std::string_view token() {
    const auto count =
        static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_token_char) - rest_.begin());
    const std::string_view word = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return word;
  }

  // `name=value`, or nothing and no movement when there is none: then a new challenge begins, or a
  // token68 stands here.
  std::optional<std::pair<std::string, std::string>> parameter() {
    const Reader before = *this;
    std::string name(token());
    std::ranges::transform(name, name.begin(), lower);
    skip_spaces();
    if (name.empty() || !take('=')) return *this = before, std::nullopt;
    skip_spaces();
    if (take('"')) {
      auto value = quoted_rest();
      if (!value) return *this = before, std::nullopt;
      return std::pair(std::move(name), *std::move(value));
    }
    std::string value(token());
    if (value.empty()) return *this = before, std::nullopt;
    return std::pair(std::move(name), std::move(value));
  }

  void skip_token68() {
    while (!rest_.empty() && !is_space(rest_.front()) && rest_.front() != ',')
      rest_.remove_prefix(1);
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t'; }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // What follows the opening quote; nothing when it is never closed.
  std::optional<std::string> quoted_rest() {
    std::string value;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return value;
      if (c != '\\') {
        value += c;
      } else if (!rest_.empty()) {
        value += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view value) {
  std::vector<Challenge> challenges;
  Reader reader(value);
  for (reader.skip_separators(); !reader.at_end() && challenges.size() < kMaxChallenges;
       reader.skip_separators()) {
    Challenge challenge{.scheme = std::string(reader.token())};
    if (challenge.scheme.empty()) break;
    std::ranges::transform(challenge.scheme, challenge.scheme.begin(), lower);
    reader.skip_spaces();
    bool any = false;
    while (auto parameter = reader.parameter()) {
      any = true;
      challenge.parameters.insert(*std::move(parameter));
      reader.skip_separators();
    }
    // A lone word here is a token68 only if no comma follows a scheme without parameters.
    if (!any && challenge.scheme != "basic" && challenge.scheme != "bearer") reader.skip_token68();
    challenges.push_back(std::move(challenge));
  }
  return challenges;
}

}  // namespace cogbuild::registry
