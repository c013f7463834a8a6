#include "ascii.hpp"
#include "user_info.hpp"

#include <cogbuild/python/requirement.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::python {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{64} * 1024;

class RequirementParser {
 public:
  RequirementParser(std::string_view text, Spelling spelling) : text_(text), spelling_(spelling) {}

  Result<Requirement> run() {
    if (text_.size() > kMaxTextBytes) return fail(error("it is too long"));
    Requirement requirement;
    skip_space();
    const auto name = take_name();
    auto parsed = PackageName::parse(name);
    if (!parsed) return fail(error("it does not start with a project name"));
    requirement.name = *std::move(parsed);
    skip_space();
    if (peek() == '[') {
      TRY_ASSIGN(requirement.extras, extras());
    }
    skip_space();
    if (peek() == '@') {
      ++at_;
      TRY(location(requirement));
    } else {
      TRY(specifiers(requirement));
    }
    skip_space();
    if (peek() == ';') {
      ++at_;
      skip_space();
      auto marker = Marker::parse(text_.substr(at_));
      if (!marker) return fail(error(marker.error().message()));
      requirement.marker = *std::move(marker);
    } else if (at_ != text_.size()) {
      return fail(error("`;` or the end was expected after the URL"));
    }
    return requirement;
  }

 private:
  [[nodiscard]] Error error(std::string_view why) const {
    return {ErrorKind::config, fmt::format("`{}` is not a valid requirement: {}",
                                           without_user_info(trim(text_.substr(0, 512))), why)};
  }

  void skip_space() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string_view take_name() {
    const std::size_t start = at_;
    while (is_alnum(peek()) || peek() == '-' || peek() == '_' || peek() == '.') ++at_;
    return text_.substr(start, at_ - start);
  }

  Result<std::vector<std::string>> extras() {
    std::vector<std::string> names;
    do {
      ++at_;  // `[` or `,`
      skip_space();
      const auto name = take_name();
      if (name.empty() && names.empty() && peek() == ']') break;
      auto extra = PackageName::parse(name);
      if (!extra) return fail(error("an extra's name was expected"));
      names.push_back(to_string(*extra));
      skip_space();
    } while (peek() == ',');
    if (peek() != ']') return fail(error("`]` was expected"));
    ++at_;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }

  // A URL ends at white space, so a `;` inside it is its own.
  Result<void> location(Requirement& requirement) {
    skip_space();
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_space(text_[at_])) ++at_;
    requirement.url = std::string(text_.substr(start, at_ - start));
    if (requirement.url.empty()) return fail(error("a URL was expected after `@`"));
    return {};
  }

  Result<void> specifiers(Requirement& requirement) {
    const std::size_t end = std::min(text_.find(';', at_), text_.size());
    if (text_.substr(at_, end - at_).find_first_of("\r\n") != std::string_view::npos)
      return fail(error("it has a line break"));
    std::string_view clauses = trim(text_.substr(at_, end - at_));
    if (clauses.starts_with('(')) {
      if (!clauses.ends_with(')')) return fail(error("`)` was expected"));
      clauses = clauses.substr(1, clauses.size() - 2);
    }
    auto set = SpecifierSet::parse(clauses, spelling_);
    if (!set) return fail(error(set.error().message()));
    requirement.specifiers = *std::move(set);
    at_ = end;
    return {};
  }

  std::string_view text_;
  Spelling spelling_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Requirement> Requirement::parse(std::string_view text, Spelling spelling) {
  return RequirementParser(text, spelling).run();
}

bool Requirement::applies(const MarkerEnvironment& environment,
                          std::span<const std::string> requiring_extras) const {
  return !marker || marker->evaluate(environment, requiring_extras);
}

std::string to_string(const Requirement& requirement) {
  std::string text = to_string(requirement.name);
  if (!requirement.extras.empty()) text += fmt::format("[{}]", fmt::join(requirement.extras, ","));
  if (!requirement.url.empty()) {
    text += fmt::format(" @ {}", without_user_info(requirement.url));
  } else {
    text += to_string(requirement.specifiers);
  }
  if (requirement.marker) text += fmt::format(" ; {}", to_string(*requirement.marker));
  return text;
}

}  // namespace cogbuild::python
