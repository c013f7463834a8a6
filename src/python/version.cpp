#include "ascii.hpp"

#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace cogbuild::python {
namespace {

constexpr std::size_t kMaxTextBytes = 1024;

// White space beyond ASCII, which the standard lets stand around a version.
constexpr std::array<std::string_view, 19> kWideSpaces = {
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
    "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

std::string_view trim_wide(std::string_view text) {
  const auto is_plain = [](char c) { return is_alnum(c); };
  while (true) {
    text = trim(text);
    if (text.empty() || (is_plain(text.front()) && is_plain(text.back()))) return text;
    const auto before = text.size();
    for (const auto space : kWideSpaces) {
      if (text.starts_with(space)) text.remove_prefix(space.size());
      if (text.ends_with(space)) text.remove_suffix(space.size());
    }
    if (text.size() == before) return text;
  }
}

bool is_separator(char c) { return c == '.' || c == '-' || c == '_'; }

// Integers of local labels have no bound: compared by length, then by digits.
std::strong_ordering compare_local(const std::string& a, const std::string& b) {
  const bool a_integer =
      is_digit(a.front()) && std::all_of(a.begin(), a.end(), [](char c) { return is_digit(c); });
  const bool b_integer =
      is_digit(b.front()) && std::all_of(b.begin(), b.end(), [](char c) { return is_digit(c); });
  if (a_integer != b_integer) return a_integer <=> b_integer;
  if (a_integer && a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

// `dev` alone sorts below every pre-release, no pre-release above all of them.
std::tuple<int, Version::Pre> pre_key(const Version& version) {
  if (version.pre()) return {1, *version.pre()};
  const bool dev_alone = version.dev() && !version.post();
  return {dev_alone ? 0 : 2, {}};
}

}  // namespace

// Reads one version of any accepted spelling; lower-cases while it goes.
class VersionParser {
 public:
  explicit VersionParser(std::string_view text) : rest_(text) {}

  bool run(Version& version) {
    take('v');
    version.release_.clear();
    version.release_.reserve(3);
    std::uint64_t number = 0;
    if (!integer(number)) return false;
    if (take('!')) {
      version.epoch_ = number;
      if (!integer(number)) return false;
    }
    version.release_.push_back(number);
    while (rest_.size() >= 2 && rest_[0] == '.' && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      if (!integer(number)) return false;
      version.release_.push_back(number);
    }
    if (rest_.empty()) return true;  // most versions end here
    return pre(version) && post(version) && dev(version) && local(version) && rest_.empty();
  }

 private:
  bool take(char c) {
    if (rest_.empty() || to_lower(rest_.front()) != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool integer(std::uint64_t& number) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc{} || rest_.empty() || !is_digit(rest_.front())) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }

  // `[sep]word[sep][number]`, the second separator even without a number; the index of the word
  // taken, or words.size() when none stands here.
  template <std::size_t N>
  std::size_t word(const std::array<std::string_view, N>& words, std::uint64_t& number,
                   bool& valid) {
    std::string_view at = rest_;
    if (!at.empty() && is_separator(at.front())) at.remove_prefix(1);
    for (std::size_t i = 0; i < N; ++i) {
      if (to_lower(at.substr(0, words[i].size())) != words[i]) continue;
      rest_ = at.substr(words[i].size());
      number = 0;
      if (!rest_.empty() && is_separator(rest_.front())) rest_.remove_prefix(1);
      if (!rest_.empty() && is_digit(rest_.front())) valid = integer(number);
      return i;
    }
    return N;
  }

  bool pre(Version& version) {
    // Longer words first, as `a` begins `alpha` and `c` stands for `rc`.
    static constexpr std::array<std::string_view, 8> kWords = {"alpha", "beta", "preview", "pre",
                                                               "rc",    "a",    "b",       "c"};
    static constexpr std::array<Version::PreKind, 8> kKinds = {
        Version::PreKind::alpha, Version::PreKind::beta, Version::PreKind::rc,
        Version::PreKind::rc,    Version::PreKind::rc,   Version::PreKind::alpha,
        Version::PreKind::beta,  Version::PreKind::rc};
    bool valid = true;
    std::uint64_t number = 0;
    const std::size_t index = word(kWords, number, valid);
    if (index < kWords.size()) version.pre_ = Version::Pre{kKinds[index], number};
    return valid;
  }

  bool post(Version& version) {
    static constexpr std::array<std::string_view, 3> kWords = {"post", "rev", "r"};
    bool valid = true;
    std::uint64_t number = 0;
    if (rest_.size() >= 2 && rest_[0] == '-' && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      valid = integer(number);
      version.post_ = number;
    } else if (word(kWords, number, valid) < kWords.size()) {
      version.post_ = number;
    }
    return valid;
  }

  bool dev(Version& version) {
    static constexpr std::array<std::string_view, 1> kWords = {"dev"};
    bool valid = true;
    std::uint64_t number = 0;
    if (word(kWords, number, valid) < kWords.size()) version.dev_ = number;
    return valid;
  }

  bool local(Version& version) {
    if (!take('+')) return true;
    while (true) {
      const auto end =
          std::find_if_not(rest_.begin(), rest_.end(), [](char c) { return is_alnum(c); });
      const auto length = static_cast<std::size_t>(end - rest_.begin());
      if (length == 0) return false;
      std::string segment = to_lower(rest_.substr(0, length));
      if (std::all_of(segment.begin(), segment.end(), [](char c) { return is_digit(c); })) {
        segment.erase(0, std::min(segment.find_first_not_of('0'), segment.size() - 1));
      }
      version.local_.push_back(std::move(segment));
      rest_.remove_prefix(length);
      if (rest_.empty()) return true;
      if (!is_separator(rest_.front())) return false;
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
};

Result<Version> Version::parse(std::string_view text) {
  Version version;
  if (text.size() > kMaxTextBytes || !VersionParser(trim_wide(text)).run(version)) {
    return fail(Error(ErrorKind::config,
                      fmt::format("`{}` is not a valid version", text.substr(0, kMaxTextBytes))));
  }
  return version;
}

Version Version::base() const {
  Version base;
  base.epoch_ = epoch_;
  base.release_ = release_;
  return base;
}

Version Version::without_local() const {
  Version version = *this;
  version.local_.clear();
  return version;
}

std::strong_ordering operator<=>(const Version& a, const Version& b) {
  if (const auto order = a.epoch_ <=> b.epoch_; order != 0) return order;
  for (std::size_t n = 0; n < std::max(a.release_.size(), b.release_.size()); ++n) {
    if (const auto order = a.segment(n) <=> b.segment(n); order != 0) return order;
  }
  if (const auto order = pre_key(a) <=> pre_key(b); order != 0) return order;
  if (const auto order = a.post_ <=> b.post_; order != 0) return order;
  if (a.dev_.has_value() != b.dev_.has_value()) return b.dev_.has_value() <=> a.dev_.has_value();
  if (const auto order = a.dev_ <=> b.dev_; order != 0) return order;
  for (std::size_t n = 0; n < std::min(a.local_.size(), b.local_.size()); ++n) {
    if (const auto order = compare_local(a.local_[n], b.local_[n]); order != 0) return order;
  }
  return a.local_.size() <=> b.local_.size();
}

std::string to_string(const Version& version) {
  std::string text;
  if (version.epoch() != 0) text += fmt::format("{}!", version.epoch());
  text += fmt::format("{}", fmt::join(version.release(), "."));
  if (version.pre()) {
    static constexpr std::array<std::string_view, 3> kNames = {"a", "b", "rc"};
    text += fmt::format("{}{}", kNames[static_cast<std::size_t>(version.pre()->kind)],
                        version.pre()->number);
  }
  if (version.post()) text += fmt::format(".post{}", *version.post());
  if (version.dev()) text += fmt::format(".dev{}", *version.dev());
  if (!version.local().empty()) text += fmt::format("+{}", fmt::join(version.local(), "."));
  return text;
}

}  // namespace cogbuild::python
