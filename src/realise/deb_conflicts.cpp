#include "deb_conflicts.hpp"

#include <cogbuild/debian/control.hpp>
#include <cogbuild/debian/relation.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cogbuild::realise {

namespace {

using debian::DebContents;
using debian::DebEntry;
using debian::DebEntryType;

std::string in_words(const DebContents& package) {
  return fmt::format("{} {}", package.name, package.version);
}

// The MD5 that the package itself gives for a file; empty: none.
std::string_view sum_of(const DebContents& package, const DebEntry& entry) {
  for (const auto& conffile : package.conffiles)
    if (conffile.name == entry.path) return conffile.content;
  const auto* sums = package.find_control("md5sums");
  if (sums == nullptr) return {};
  const auto line = fmt::format("  {}\n", entry.shipped.empty() ? entry.path : entry.shipped);
  const auto at = sums->find(line);
  constexpr std::size_t kMd5Digits = 32;
  if (at == std::string::npos || at < kMd5Digits) return {};
  return std::string_view(*sums).substr(at - kMd5Digits, kMd5Digits);
}

bool same_file(const DebContents& a, const DebEntry& left, const DebContents& b,
               const DebEntry& right) {
  if (left.type != right.type) return false;
  if (left.type != DebEntryType::file) return left.link_target == right.link_target;
  const auto sum = sum_of(a, left);
  return left.size_bytes == right.size_bytes && !sum.empty() && sum == sum_of(b, right);
}

Result<bool> replaces(const DebContents& package, const DebContents& other) {
  TRY_ASSIGN(const auto stanzas,
             debian::read_stanzas(package.stanza, package.name, debian::Comments::refused));
  TRY_ASSIGN(const auto relations, debian::parse_relations(stanzas.front().value("Replaces"),
                                                           debian::RelationField::conflicts));
  return std::ranges::any_of(relations.flat(), [&](const debian::Relation& relation) {
    return relation.name == other.name && relation.satisfied_by(other.version);
  });
}

struct Owner {
  std::size_t package = 0;
  const DebEntry* entry = nullptr;
};

// Which packages have to be written before which.
class Order {
 public:
  explicit Order(const std::vector<LayeredDeb>& packages) : packages_(packages) {}

  // Two packages have different files at one path.
  Result<void> settle(const Owner& first, const Owner& second) {
    const auto known = settled_.find({first.package, second.package});
    if (known != settled_.end()) return {};
    const auto& a = *packages_[first.package].contents;
    const auto& b = *packages_[second.package].contents;
    TRY_ASSIGN(const bool second_wins, replaces(b, a));
    TRY_ASSIGN(const bool first_wins, replaces(a, b));
    const bool same_layer = packages_[first.package].layer == packages_[second.package].layer;
    if (second_wins)
      before_[second.package].insert(first.package);
    else if (first_wins && same_layer)
      before_[first.package].insert(second.package);
    else
      return fail(Error(ErrorKind::conflict, fmt::format("{} and {} both own `/{}`", in_words(a),
                                                         in_words(b), first.entry->path)));
    settled_.insert({first.package, second.package});
    return {};
  }

  [[nodiscard]] std::vector<std::size_t> positions() const {
    std::vector<std::size_t> order;
    std::vector<bool> placed(packages_.size());
    const std::function<void(std::size_t)> place = [&](std::size_t i) {
      if (placed[i]) return;
      placed[i] = true;  // first, so that a circle ends
      if (const auto earlier = before_.find(i); earlier != before_.end())
        for (const auto j : earlier->second) place(j);
      order.push_back(i);
    };
    for (std::size_t i = 0; i < packages_.size(); ++i) place(i);
    return order;
  }

 private:
  const std::vector<LayeredDeb>& packages_;
  std::map<std::size_t, std::set<std::size_t>> before_{};
  std::set<std::pair<std::size_t, std::size_t>> settled_{};
};

}  // namespace

Result<std::vector<std::size_t>> writing_order(const std::vector<LayeredDeb>& packages) {
  std::unordered_map<std::string_view, Owner> owners;
  std::unordered_map<std::string_view, std::size_t> directories;
  Order order(packages);
  const auto both = [&](std::size_t file, std::size_t directory, std::string_view path) {
    return fail(
        Error(ErrorKind::conflict, fmt::format("{} has a file `/{}`, of which {} needs a directory",
                                               in_words(*packages[file].contents), path,
                                               in_words(*packages[directory].contents))));
  };
  for (std::size_t i = 0; i < packages.size(); ++i) {
    for (const auto& entry : packages[i].contents->entries) {
      if (entry.type == DebEntryType::directory) {
        directories.try_emplace(entry.path, i);
        continue;
      }
      for (auto slash = entry.path.rfind('/'); slash != std::string::npos;
           slash = entry.path.rfind('/', slash - 1))
        if (!directories.try_emplace(std::string_view(entry.path).substr(0, slash), i).second)
          break;
      const auto [owner, is_new] = owners.try_emplace(entry.path, Owner{i, &entry});
      if (is_new) continue;
      if (!same_file(*packages[owner->second.package].contents, *owner->second.entry,
                     *packages[i].contents, entry))
        TRY(order.settle(owner->second, {i, &entry}));
    }
  }
  // In the order of packages, so that one and the same conflict is told every time.
  for (std::size_t i = 0; i < packages.size(); ++i)
    for (const auto& entry : packages[i].contents->entries) {
      if (entry.type == DebEntryType::directory) continue;
      const auto directory = directories.find(entry.path);
      if (directory != directories.end()) return both(i, directory->second, entry.path);
    }
  return order.positions();
}

}  // namespace cogbuild::realise
