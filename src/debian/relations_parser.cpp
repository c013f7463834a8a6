#include "ascii.hpp"
#include "quoted.hpp"

#include <cogbuild/debian/relation.hpp>
#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {

// One pass over a field, one relation after the other; every view points into the field.
class RelationsParser {
 public:
  RelationsParser(std::string_view text, RelationField field) : rest_(text), field_(field) {}

  Result<Relations> run() {
    relations_.relations_.reserve(
        static_cast<std::size_t>(std::count(rest_.begin(), rest_.end(), ',')) + 1);
    while (skip_space()) {
      if (take(',')) continue;
      TRY(group());
    }
    return std::move(relations_);
  }

 private:
  bool skip_space() {
    std::size_t end = 0;
    while (end < rest_.size() && is_space(rest_[end])) ++end;
    rest_.remove_prefix(end);
    return !rest_.empty();
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // What ends a name, a qualifier or a version when nothing is wrong.
  std::string_view take_word() {
    const auto end = std::min(rest_.find_first_of(" \t\n\v\f\r,|()[]<>:"), rest_.size());
    const auto word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }
  // The text up to `closing`, trimmed, with `closing` taken off.
  Result<std::string_view> take_until(char closing) {
    const auto end = rest_.find(closing);
    if (end == std::string_view::npos) return fail(wrong(fmt::format("`{}` is missing", closing)));
    const auto inside = trim(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return inside;
  }
  // The error shows the relation that was begun, up to the comma after it.
  [[nodiscard]] Error wrong(std::string_view why) const {
    const auto text = begun_.substr(0, begun_.find(','));
    return {ErrorKind::config,
            fmt::format("{} is not a package relation: {}", quoted(trim(text)), why)};
  }

  Result<void> group() {
    while (true) {
      begun_ = rest_;
      TRY_ASSIGN(const Relation relation, one());
      relations_.relations_.push_back(relation);
      if (!skip_space() || rest_.front() == ',') break;
      if (!take('|')) return fail(wrong("a comma or `|` must follow"));
      if (field_ == RelationField::conflicts || field_ == RelationField::provides)
        return fail(wrong("alternatives are not allowed here"));
      skip_space();
    }
    relations_.ends_.push_back(static_cast<std::uint32_t>(relations_.relations_.size()));
    return {};
  }

  Result<Relation> one() {
    Relation relation;
    relation.name = take_word();
    if (!is_package_name(relation.name)) return fail(wrong("a package name is expected"));
    if (take(':')) {
      relation.qualifier = take_word();
      if (!is_architecture(relation.qualifier))
        return fail(wrong("an architecture is expected after the colon"));
    }
    skip_space();
    if (take('(')) TRY(version(relation));
    TRY(restrictions(relation));
    return relation;
  }

  Result<void> version(Relation& relation) {
    TRY_ASSIGN(std::string_view inside, take_until(')'));
    const auto end = std::min(inside.find_first_not_of("<=>"), inside.size());
    const auto op = inside.substr(0, end);
    // `<` and `>` are from before 1996 and always meant "or equal".
    if (op == "<<") {
      relation.relation = VersionRelation::earlier;
    } else if (op == "<=" || op == "<") {
      relation.relation = VersionRelation::earlier_equal;
    } else if (op == "=") {
      relation.relation = VersionRelation::equal;
    } else if (op == ">=" || op == ">") {
      relation.relation = VersionRelation::later_equal;
    } else if (op == ">>") {
      relation.relation = VersionRelation::later;
    } else {
      return fail(wrong("one of `<<`, `<=`, `=`, `>=`, `>>` is expected in the parentheses"));
    }
    if (field_ == RelationField::provides && relation.relation != VersionRelation::equal)
      return fail(wrong("a provided version is given with `=`"));
    relation.version = trim(inside.substr(end));
    if (const auto checked = check_version(relation.version); !checked)
      return fail(wrong(checked.error().message()));
    return {};
  }

  Result<void> restrictions(Relation& relation) {
    skip_space();
    if (rest_.starts_with('[')) {
      if (field_ != RelationField::build_depends)
        return fail(wrong("only build relations restrict architectures"));
      take('[');
      TRY_ASSIGN(relation.architectures, take_until(']'));
      if (relation.architectures.empty()) return fail(wrong("the brackets are empty"));
      skip_space();
    }
    const auto begin = rest_;
    while (rest_.starts_with('<')) {
      if (field_ != RelationField::build_depends)
        return fail(wrong("only build relations have build profiles"));
      TRY(take_until('>'));
      relation.profiles = begin.substr(0, begin.size() - rest_.size());
      skip_space();
    }
    return {};
  }

  std::string_view rest_;
  std::string_view begun_{};
  RelationField field_;
  Relations relations_{};
};

Result<Relations> parse_relations(std::string_view text, RelationField field) {
  return RelationsParser(text, field).run();
}

}  // namespace cogbuild::debian
