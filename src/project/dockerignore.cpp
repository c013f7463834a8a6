#include <cogbuild/project/dockerignore.hpp>
#include <cogbuild/project/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace cogbuild::project {

namespace {

constexpr std::string_view kBlanks = " \t\v\f\r";

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Without empty and `.` components, `..` resolved, and without the slashes at both ends (Go's
// path.Clean, less the leading slash). Nothing left stands for the root, which is never ignored.
std::string clean(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  while (!path.empty()) {
    const auto name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    if (name.empty() || name == ".") continue;
    if (name != ".." || (!rooted && (kept.empty() || kept.back() == "..")))
      kept.push_back(name);
    else if (!kept.empty())
      kept.pop_back();
  }
  std::string out;
  for (const auto name : kept) {
    if (!out.empty()) out += '/';
    out += name;
  }
  return out;
}

Error bad_pattern(std::string_view line, std::size_t number, const std::string& file_name,
                  std::string_view pattern) {
  const bool bare = pattern == "!";
  auto error =
      Error(ErrorKind::config, bare ? std::string("`!` negates nothing")
                                    : fmt::format("`{}` is not a pattern", escape(pattern)))
          .at({.file = file_name,
               .line = number,
               .column = line.find_first_not_of(kBlanks) + 1,
               .line_text = escape(line)});
  return std::move(error).hint(
      bare ? "write the pattern behind it, or remove the line"
           : "close each `[` with `]`, put characters between them, and end no line with `\\`");
}

}  // namespace

Result<IgnoreRules> IgnoreRules::parse(std::string_view text, const std::string& file_name) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  IgnoreRules rules;
  std::optional<Error> error;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    auto pattern = trim(line);
    if (pattern.empty() || line.starts_with('#')) continue;
    const auto written = pattern;
    const bool negated = pattern.starts_with('!');
    if (negated) pattern = trim(pattern.substr(1));
    const std::string cleaned = clean(pattern);
    auto parsed = pattern.empty() ? std::nullopt : PathPattern::parse(cleaned);
    if (!parsed) {
      auto found = bad_pattern(line, number, file_name, written);
      if (error)
        error = std::move(*error).also(std::move(found));
      else
        error = std::move(found);
    } else if (!cleaned.empty()) {
      rules.rules_.push_back({.pattern = *std::move(parsed), .negated = negated});
    }
  }
  if (error) return fail(*std::move(error));
  return rules;
}

IgnoreRules::Matches IgnoreRules::match(std::string_view path, const Matches& parent) const {
  Matches matches(rules_.size());
  for (std::size_t i = 0; i < rules_.size(); ++i)
    matches[i] = (!parent.empty() && parent[i]) || rules_[i].pattern.matches(path);
  return matches;
}

bool IgnoreRules::ignores(const Matches& matches) const {
  for (std::size_t i = matches.size(); i > 0; --i)
    if (matches[i - 1]) return !rules_[i - 1].negated;
  return false;
}

bool IgnoreRules::ignores(std::string_view path) const {
  Matches matches;
  for (auto slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1))
    matches = match(path.substr(0, slash), matches);
  return ignores(match(path, matches));
}

bool IgnoreRules::may_reinclude_below(std::string_view directory, const Matches& matches) const {
  for (std::size_t i = rules_.size(); i > 0; --i) {
    const Rule& rule = rules_[i - 1];
    // What stands before the line that ignores the directory cannot win below it.
    if (!rule.negated && matches[i - 1]) return false;
    if (rule.negated && rule.pattern.may_match_below(directory)) return true;
  }
  return false;
}

}  // namespace cogbuild::project
