#include "quoted.hpp"

#include <cogbuild/debian/package_index.hpp>
#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cogbuild::debian {
namespace {

// The begin of a name as a number that orders as the name does: most comparisons end here, without
// a look at the text.
struct NamePrefix {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  NamePrefix() = default;
  explicit NamePrefix(std::string_view name) : first(number(name)) {
    if (name.size() > 8) second = number(name.substr(8));
  }

  static std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
      value = value << 8U | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    return value;
  }
};

// By name alone.
bool is_before(const NamePrefix& a, std::string_view a_name, const NamePrefix& b,
               std::string_view b_name) {
  if (a.first != b.first) return a.first < b.first;
  if (a.second != b.second) return a.second < b.second;
  return a_name < b_name;
}

struct Offer {
  NamePrefix prefix{};
  Candidate candidate{};
};

bool is_before(const Offer& a, const Offer& b) {
  const Package& one = *a.candidate.package;
  const Package& other = *b.candidate.package;
  if (one.name != other.name) return is_before(a.prefix, one.name, b.prefix, other.name);
  if (const auto order = compare_versions(one.version, other.version); order != 0) return order > 0;
  return a.candidate.suite < b.candidate.suite;
}

bool is_same_version(const Offer& a, const Offer& b) {
  const Package& one = *a.candidate.package;
  const Package& other = *b.candidate.package;
  return one.name == other.name && compare_versions(one.version, other.version) == 0;
}

struct Provision {
  NamePrefix prefix{};
  std::string_view name{};
  std::uint32_t offer = 0;  // offers are in order: so are the providers of a name
  std::string_view version{};
};

bool is_before(const Provision& a, const Provision& b) {
  if (a.name != b.name) return is_before(a.prefix, a.name, b.prefix, b.name);
  return a.offer < b.offer;
}

// Names in order, each with the part of a flat array that is its.
class Ranges {
 public:
  void add(std::string_view name, std::size_t end) {
    if (!names_.empty() && names_.back() == name) {
      ends_.back() = static_cast<std::uint32_t>(end);
      return;
    }
    names_.push_back(name);
    ends_.push_back(static_cast<std::uint32_t>(end));
  }

  template <class T>
  [[nodiscard]] std::span<const T> find(const std::vector<T>& all, std::string_view name) const {
    const auto found = std::lower_bound(names_.begin(), names_.end(), name);
    if (found == names_.end() || *found != name) return {};
    const auto at = static_cast<std::size_t>(found - names_.begin());
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return std::span(all).subspan(begin, ends_[at] - begin);
  }

  [[nodiscard]] const std::vector<std::string_view>& names() const { return names_; }

 private:
  std::vector<std::string_view> names_{};
  std::vector<std::uint32_t> ends_{};
};

std::vector<Offer> sorted_offers(const std::vector<SuitePackages>& suites,
                                 std::string_view architecture) {
  std::vector<Offer> offers;
  std::size_t count = 0;
  for (const SuitePackages& suite : suites) count += suite.packages.size();
  offers.reserve(count);
  const auto before = [](const Offer& a, const Offer& b) { return is_before(a, b); };
  for (std::size_t i = 0; i < suites.size(); ++i) {
    const auto begin = static_cast<std::ptrdiff_t>(offers.size());
    for (const Package& package : suites[i].packages)
      if (package.architecture == architecture || package.architecture == "all")
        offers.push_back(
            {.prefix = NamePrefix(package.name), .candidate = {.package = &package, .suite = i}});
    // An archive lists its packages in order of their names, nearly always.
    if (!std::is_sorted(offers.begin() + begin, offers.end(), before))
      std::stable_sort(offers.begin() + begin, offers.end(), before);
    std::inplace_merge(offers.begin(), offers.begin() + begin, offers.end(), before);
  }
  offers.erase(std::unique(offers.begin(), offers.end(), is_same_version), offers.end());
  return offers;
}

Result<std::vector<Provision>> sorted_provisions(const std::vector<Offer>& offers) {
  std::vector<Provision> provisions;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const Package& package = *offers[i].candidate.package;
    if (package.provides.empty()) continue;
    const auto provided = parse_relations(package.provides, RelationField::provides);
    if (!provided)
      return fail(
          Error(ErrorKind::config, fmt::format("Provides of {} {}: {}", quoted(package.name),
                                               package.version, provided.error().message())));
    for (const Relation& relation : provided->flat())
      provisions.push_back({.prefix = NamePrefix(relation.name),
                            .name = relation.name,
                            .offer = static_cast<std::uint32_t>(i),
                            .version = relation.version});
  }
  // Stable: of one package's, the order in which it says them.
  std::stable_sort(provisions.begin(), provisions.end(),
                   [](const Provision& a, const Provision& b) { return is_before(a, b); });
  return provisions;
}

}  // namespace

struct PackageIndex::Content {
  std::vector<SuitePackages> suites{};
  std::string architecture{};
  std::vector<Candidate> candidates{};
  std::vector<Provider> providers{};
  Ranges by_name{};
  Ranges by_provided{};
  std::vector<std::string_view> names{};
};

Result<PackageIndex> PackageIndex::of(std::vector<SuitePackages> suites, std::string architecture) {
  auto content = std::make_shared<Content>();
  content->suites = std::move(suites);
  content->architecture = std::move(architecture);

  const auto offers = sorted_offers(content->suites, content->architecture);
  content->candidates.reserve(offers.size());
  for (const Offer& offer : offers) {
    content->candidates.push_back(offer.candidate);
    content->by_name.add(offer.candidate.package->name, content->candidates.size());
  }

  TRY_ASSIGN(const auto provisions, sorted_provisions(offers));
  content->providers.reserve(provisions.size());
  for (const Provision& provision : provisions) {
    content->providers.push_back(
        {.candidate = offers[provision.offer].candidate, .version = provision.version});
    content->by_provided.add(provision.name, content->providers.size());
  }

  const auto& real = content->by_name.names();
  const auto& provided = content->by_provided.names();
  content->names.reserve(real.size() + provided.size());
  std::set_union(real.begin(), real.end(), provided.begin(), provided.end(),
                 std::back_inserter(content->names));

  PackageIndex index;
  index.content_ = std::move(content);
  return index;
}

const std::string& PackageIndex::architecture() const {
  static const std::string kNone;
  return content_ ? content_->architecture : kNone;
}

std::span<const SuitePackages> PackageIndex::suites() const {
  return content_ ? std::span<const SuitePackages>(content_->suites)
                  : std::span<const SuitePackages>{};
}

std::span<const Candidate> PackageIndex::candidates(std::string_view name) const {
  if (!content_) return {};
  return content_->by_name.find(content_->candidates, name);
}

std::span<const Provider> PackageIndex::providers(std::string_view name) const {
  if (!content_) return {};
  return content_->by_provided.find(content_->providers, name);
}

const std::vector<std::string_view>& PackageIndex::names() const {
  static const std::vector<std::string_view> kNone;
  return content_ ? content_->names : kNone;
}

}  // namespace cogbuild::debian
