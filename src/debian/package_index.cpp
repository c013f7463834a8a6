#include "quoted.hpp"

#include <cogbuild/debian/package_index.hpp>
#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <mutex>
#include <numeric>
#include <utility>

namespace cogbuild::debian {
namespace {

// The begin of a name as a number that orders as the name does: most comparisons end here, without
// a look at the text.
struct NamePrefix {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  NamePrefix() = default;
  friend auto operator<=>(const NamePrefix&, const NamePrefix&) = default;
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

struct Offer {
  NamePrefix prefix{};
  Candidate candidate{};
};

bool is_before(const Offer& a, const Offer& b) {
  if (a.prefix != b.prefix) return a.prefix < b.prefix;
  const Package& one = *a.candidate.package;
  const Package& other = *b.candidate.package;
  if (const int order = one.name.compare(other.name); order != 0) return order < 0;
  if (const auto order = compare_versions(one.version, other.version); order != 0) return order > 0;
  return a.candidate.suite < b.candidate.suite;
}

bool is_same_version(const Offer& a, const Offer& b) {
  const Package& one = *a.candidate.package;
  const Package& other = *b.candidate.package;
  return a.prefix == b.prefix && one.name == other.name &&
         compare_versions(one.version, other.version) == 0;
}

// What a package provides, in the order of the offers.
struct Provision {
  std::uint32_t name = 0;  // position in ProvidedNames
  std::uint32_t offer = 0;
  std::string_view version{};
};

// Names, each once, found by their hash: to sort a hundred thousand of them would cost more than
// all the rest.
class ProvidedNames {
 public:
  std::uint32_t add(std::string_view name) {
    if (2 * (names_.size() + 1) > slots_.size()) grow();
    std::uint32_t& slot = slots_[slot_of(name)];
    if (slot == kFree) {
      slot = static_cast<std::uint32_t>(names_.size());
      names_.push_back(name);
    }
    return slot;
  }
  // Null: it was not added.
  [[nodiscard]] const std::uint32_t* find(std::string_view name) const {
    if (slots_.empty()) return nullptr;
    const std::uint32_t& slot = slots_[slot_of(name)];
    return slot == kFree ? nullptr : &slot;
  }
  [[nodiscard]] const std::vector<std::string_view>& all() const { return names_; }

 private:
  static constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

  [[nodiscard]] std::size_t slot_of(std::string_view name) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = std::hash<std::string_view>{}(name)&mask;
    while (slots_[at] != kFree && names_[slots_[at]] != name) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    slots_.assign(std::max<std::size_t>(1024, 2 * slots_.size()), kFree);
    for (std::uint32_t i = 0; i < names_.size(); ++i) slots_[slot_of(names_[i])] = i;
  }

  std::vector<std::string_view> names_{};
  std::vector<std::uint32_t> slots_{};  // a power of two, half of them free
};

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

Result<std::vector<Provision>> read_provisions(const std::vector<Offer>& offers,
                                               ProvidedNames& names) {
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
      provisions.push_back({.name = names.add(relation.name),
                            .offer = static_cast<std::uint32_t>(i),
                            .version = relation.version});
  }
  return provisions;
}

}  // namespace

struct PackageIndex::Content {
  std::vector<SuitePackages> suites{};
  std::string architecture{};
  std::vector<Candidate> candidates{};
  std::vector<Provider> providers{};  // by provided name, as those are numbered
  Ranges by_name{};
  ProvidedNames provided{};
  std::vector<std::uint32_t> provider_ends{};
  // Sorted when they are first asked for: only an error wants them.
  mutable std::once_flag names_once{};
  mutable std::vector<std::string_view> names{};
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

  TRY_ASSIGN(const auto provisions, read_provisions(offers, content->provided));
  // Counted, then each put where those before it end: in the order of the offers.
  auto& ends = content->provider_ends;
  ends.assign(content->provided.all().size(), 0);
  for (const Provision& provision : provisions) ++ends[provision.name];
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), std::uint32_t{0});
  content->providers.resize(provisions.size());
  for (const Provision& provision : provisions)
    content->providers[ends[provision.name]++] = {.candidate = offers[provision.offer].candidate,
                                                  .version = provision.version};

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
  const std::uint32_t* const found = content_->provided.find(name);
  if (found == nullptr) return {};
  const std::size_t begin = *found == 0 ? 0 : content_->provider_ends[*found - 1];
  return std::span(std::as_const(content_->providers))
      .subspan(begin, content_->provider_ends[*found] - begin);
}

const std::vector<std::string_view>& PackageIndex::names() const {
  static const std::vector<std::string_view> kNone;
  if (!content_) return kNone;
  std::call_once(content_->names_once, [this] {
    auto provided = content_->provided.all();
    std::sort(provided.begin(), provided.end());
    const auto& real = content_->by_name.names();
    std::set_union(real.begin(), real.end(), provided.begin(), provided.end(),
                   std::back_inserter(content_->names));
  });
  return content_->names;
}

}  // namespace cogbuild::debian
