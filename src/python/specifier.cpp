#include "ascii.hpp"

#include <cogbuild/python/specifier.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::python {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{64} * 1024;

// Longest first, so that `===` is not read as `==`.
constexpr std::array<std::pair<std::string_view, Operator>, 8> kOperators = {{
    {"===", Operator::arbitrary},
    {"==", Operator::equal},
    {"!=", Operator::not_equal},
    {"<=", Operator::less_equal},
    {">=", Operator::greater_equal},
    {"~=", Operator::compatible},
    {"<", Operator::less},
    {">", Operator::greater},
}};

std::string_view spelling_of(Operator op) {
  return std::find_if(kOperators.begin(), kOperators.end(),
                      [op](const auto& entry) { return entry.second == op; })
      ->first;
}

// `!` alone ends an epoch: `1!2.0`.
bool starts_operator(std::string_view text) {
  return text.starts_with("!=") || text.find_first_of("<>=~") == 0;
}

tl::unexpected<Error> invalid(std::string_view clause, std::string_view why) {
  return fail(Error(ErrorKind::config,
                    fmt::format("`{}` is not a valid version specifier: {}", clause, why)));
}

// The first `count` segments of the release agree, zero-padded, and so does the epoch.
bool has_prefix(const Version& candidate, const Version& prefix, std::size_t count) {
  if (candidate.epoch() != prefix.epoch()) return false;
  for (std::size_t n = 0; n < count; ++n) {
    if (candidate.segment(n) != prefix.segment(n)) return false;
  }
  return true;
}

bool is_equal(const Specifier& specifier, const Version& candidate) {
  if (specifier.wildcard) {
    return has_prefix(candidate, specifier.version, specifier.version.release().size());
  }
  if (specifier.version.local().empty()) return candidate.without_local() == specifier.version;
  return candidate == specifier.version;
}

bool same_release(const Version& a, const Version& b) {
  return has_prefix(a, b, std::max(a.release().size(), b.release().size()));
}

// Below V and below every pre-release of V: `<2` refuses 2.0rc1, `<1.post1` refuses 1.post1.dev0.
bool is_less(const Version& version, const Version& candidate) {
  if (!(candidate < version)) return false;
  if (version.is_prerelease() || !same_release(candidate, version)) return true;
  if (!version.post()) return false;
  return candidate.pre() || candidate.post() != version.post();
}

// Above V and not one of its locals, nor one of its posts unless V is itself a post or dev.
bool is_greater(const Version& version, const Version& candidate) {
  if (!(candidate > version) || candidate.without_local() == version) return false;
  if (version.post() || version.dev()) return true;
  return !(candidate.post() && candidate.pre() == version.pre() &&
           same_release(candidate, version));
}

// Where the next clause would start inside `text` if a comma is missing: `>=1.0<2`.
std::size_t clause_end(std::string_view text, std::size_t from, Spelling spelling) {
  std::size_t end = from;
  while (end < text.size() && text[end] != ',') {
    if (spelling == Spelling::published &&
        (starts_operator(text.substr(end)) || is_space(text[end])))
      break;
    ++end;
  }
  return end;
}

Result<Specifier> parse_clause(std::string_view clause, Operator op, std::string_view operand,
                               Spelling spelling) {
  Specifier specifier{.op = op};
  if (op == Operator::arbitrary) {
    if (operand.empty() || std::any_of(operand.begin(), operand.end(), is_space)) {
      return invalid(clause, "`===` needs one word");
    }
    specifier.text = operand;
    return specifier;
  }
  if (operand.ends_with(".*")) {
    operand.remove_suffix(2);
    specifier.wildcard = op == Operator::equal || op == Operator::not_equal;
    if (!specifier.wildcard && (spelling == Spelling::strict || op == Operator::compatible)) {
      return invalid(clause, "`.*` goes only with `==` and `!=`");
    }
  }
  auto version = Version::parse(operand);
  if (!version) {
    if (operand.empty()) return invalid(clause, "the version is missing");
    return invalid(clause, version.error().message());
  }
  if (specifier.wildcard &&
      (version->is_prerelease() || version->post() || !version->local().empty())) {
    return invalid(clause, "`.*` must follow a release number");
  }
  if (!version->local().empty() && op != Operator::equal && op != Operator::not_equal) {
    return invalid(clause, "a local label goes only with `==`, `!=` and `===`");
  }
  if (op == Operator::compatible && version->release().size() < 2) {
    return invalid(clause, "`~=` needs at least two release numbers");
  }
  specifier.version = *std::move(version);
  return specifier;
}

// Stray quotes and parentheses say nothing in a list of clauses.
std::string without_stray_characters(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text) {
    if (c != '"' && c != '\'' && c != '(' && c != ')') clean += c;
  }
  return clean;
}

}  // namespace

bool Specifier::contains(const Version& candidate) const {
  switch (op) {
    case Operator::equal:
      return is_equal(*this, candidate);
    case Operator::not_equal:
      return !is_equal(*this, candidate);
    case Operator::less:
      return is_less(version, candidate);
    case Operator::less_equal:
      return candidate.without_local() <= version;
    case Operator::greater:
      return is_greater(version, candidate);
    case Operator::greater_equal:
      return candidate.without_local() >= version;
    case Operator::compatible:
      return candidate.without_local() >= version &&
             has_prefix(candidate, version, version.release().size() - 1);
    case Operator::arbitrary:
      return to_lower(to_string(candidate)) == to_lower(text);
  }
  return false;
}

std::string to_string(const Specifier& specifier) {
  if (specifier.op == Operator::arbitrary) return fmt::format("==={}", specifier.text);
  return fmt::format("{}{}{}", spelling_of(specifier.op), to_string(specifier.version),
                     specifier.wildcard ? ".*" : "");
}

Result<SpecifierSet> SpecifierSet::parse(std::string_view text, Spelling spelling) {
  if (text.size() > kMaxTextBytes) return invalid(text.substr(0, 64), "it is too long");
  std::string clean;
  if (spelling == Spelling::published) {
    clean = without_stray_characters(text);
    text = clean;
  }
  SpecifierSet set;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && (is_space(text[at]) || text[at] == ',')) ++at;
    if (at == text.size()) return set;
    const std::size_t start = at;
    const auto found = std::find_if(kOperators.begin(), kOperators.end(), [&](const auto& entry) {
      return text.substr(at).starts_with(entry.first);
    });
    if (found == kOperators.end()) {
      const auto end = std::min(text.find(',', at), text.size());
      return invalid(trim(text.substr(start, end - start)), "it does not start with an operator");
    }
    at += found->first.size();
    Operator op = found->second;
    bool compatible_after_not = false;
    if (spelling == Spelling::published && op == Operator::not_equal && at < text.size() &&
        text[at] == '~') {
      compatible_after_not = true;
      ++at;
    }
    while (at < text.size() && is_space(text[at])) ++at;
    const std::size_t end = clause_end(text, at, spelling);
    const auto clause = trim(text.substr(start, end - start));
    std::string operand(trim(text.substr(at, end - at)));
    if (compatible_after_not && !operand.ends_with(".*")) operand += ".*";
    TRY_ASSIGN(auto specifier, parse_clause(clause, op, operand, spelling));
    set.clauses_.push_back(std::move(specifier));
    at = end;
  }
}

bool SpecifierSet::contains(const Version& version, bool allow_prereleases) const {
  if (!allow_prereleases && version.is_prerelease()) return false;
  return std::all_of(clauses_.begin(), clauses_.end(),
                     [&](const Specifier& clause) { return clause.contains(version); });
}

const Specifier* SpecifierSet::pin() const {
  const auto found = std::find_if(clauses_.begin(), clauses_.end(), [](const Specifier& clause) {
    return clause.op == Operator::arbitrary || (clause.op == Operator::equal && !clause.wildcard);
  });
  return found == clauses_.end() ? nullptr : &*found;
}

void SpecifierSet::add(const SpecifierSet& other) {
  for (const Specifier& clause : other.clauses_) {
    if (std::find(clauses_.begin(), clauses_.end(), clause) == clauses_.end()) {
      clauses_.push_back(clause);
    }
  }
}

std::string to_string(const SpecifierSet& specifiers) {
  std::string text;
  for (const Specifier& clause : specifiers.clauses()) {
    if (!text.empty()) text += ',';
    text += to_string(clause);
  }
  return text;
}

}  // namespace cogbuild::python
