#include <cogbuild/recipe/recipe.hpp>
#include <cogbuild/store/collect.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace cogbuild::store {

namespace {

bool draws_on(const std::string& recipe_text, const std::set<digest::Digest>& blobs) {
  const auto parsed = recipe::parse(recipe_text);
  if (!parsed) return true;  // nobody can read it
  return std::ranges::any_of(parsed->segments, [&](const recipe::Segment& segment) {
    const auto* range = std::get_if<recipe::BlobRange>(&segment);
    return range != nullptr && blobs.contains(range->blob);
  });
}

bool is_reachable(const std::string& digest_text, const std::set<digest::Digest>& reachable) {
  const auto digest = digest::Digest::parse(digest_text);
  return digest && reachable.contains(*digest);
}

Result<void> erase(KeyIndex& keys, Table table, const std::vector<std::string>& gone,
                   const PrunePolicy& policy, Pruned& pruned) {
  pruned.entries += gone.size();
  if (gone.empty() || policy.dry_run) return {};
  return keys.erase_all(table, gone);
}

Result<std::vector<std::string>> recipes_to_erase(const KeyIndex& keys, const PrunePolicy& policy,
                                                  const std::set<digest::Digest>& doomed) {
  TRY_ASSIGN(const auto unused, keys.list_unused(Table::recipe, policy.keep_since));
  TRY_ASSIGN(const auto recipes, keys.list(Table::recipe));
  std::vector<std::string> gone;
  for (const auto& [key, text] : recipes) {
    if (is_reachable(key, policy.reachable)) continue;
    if (std::ranges::binary_search(unused, key) || draws_on(text, doomed)) gone.push_back(key);
  }
  return gone;
}

}  // namespace

Result<Usage> usage(const BlobStore& blobs, const std::set<digest::Digest>& reachable) {
  TRY_ASSIGN(const auto all, blobs.list());
  Usage usage;
  for (const auto& [blob, size] : all) {
    ++usage.blobs;
    usage.bytes += size;
    if (!reachable.contains(blob)) continue;
    ++usage.reachable_blobs;
    usage.reachable_bytes += size;
  }
  return usage;
}

Result<Pruned> prune(BlobStore& blobs, KeyIndex& keys, const PrunePolicy& policy) {
  Pruned pruned;
  TRY_ASSIGN(const auto all, blobs.list());
  std::set<digest::Digest> doomed;
  for (const auto& [blob, size] : all) {
    if (policy.reachable.contains(blob)) continue;
    const auto written = blobs.written_at(blob);
    // Another process may have removed it since it was listed.
    if (!written || *written >= policy.keep_since) continue;
    doomed.insert(blob);
    ++pruned.blobs;
    pruned.bytes += size;
  }
  // Recipes go before what they draw on: a kill in between leaves no recipe that cannot be read.
  TRY_ASSIGN(const auto recipes, recipes_to_erase(keys, policy, doomed));
  TRY(erase(keys, Table::recipe, recipes, policy, pruned));
  if (!policy.dry_run)
    for (const auto& blob : doomed) TRY(blobs.remove(blob));
  for (const Table table : {Table::layer, Table::file, Table::response, Table::tree, Table::lock,
                            Table::upload, Table::deb}) {
    TRY_ASSIGN(const auto unused, keys.list_unused(table, policy.keep_since));
    TRY(erase(keys, table, unused, policy, pruned));
  }
  return pruned;
}

}  // namespace cogbuild::store
