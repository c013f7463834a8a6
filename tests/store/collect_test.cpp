#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/recipe/recipe.hpp>
#include <cogbuild/store/collect.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using store::Pruned;
using store::Table;

namespace {

struct Fixture {
  store::MemoryBlobStore blobs{};
  std::shared_ptr<clock::ManualClock> clock = std::make_shared<clock::ManualClock>();
  store::MemoryKeyIndex keys{clock};
  digest::Digest kept = *store::put(blobs, "kept");
  digest::Digest stray = *store::put(blobs, "stray blob");
  clock::Time later = clock::SystemClock().now() + std::chrono::days(10);

  void add_recipe(const std::string& name, const digest::Digest& source) {
    const recipe::Recipe made{.digest = digest::digest_of(name),
                              .size_bytes = 1,
                              .segments = {recipe::BlobRange{source, 0, 1}}};
    REQUIRE(keys.put(Table::recipe, to_string(made.digest), recipe::to_string(made)));
  }
  [[nodiscard]] bool has_recipe(const std::string& name) const {
    return *keys.get(Table::recipe, to_string(digest::digest_of(name))) != std::nullopt;
  }
};

}  // namespace

TEST_CASE("usage: counts all blobs and those that are reachable") {
  const Fixture fixture;
  CHECK(*store::usage(fixture.blobs, {fixture.kept, digest::digest_of("elsewhere")}) ==
        store::Usage{.blobs = 2, .bytes = 14, .reachable_blobs = 1, .reachable_bytes = 4});
}

TEST_CASE("prune: removes what is neither reachable nor young") {
  Fixture fixture;
  CHECK(*store::prune(fixture.blobs, fixture.keys, {.reachable = {fixture.kept}}) == Pruned{});
  const store::PrunePolicy policy{.reachable = {fixture.kept}, .keep_since = fixture.later};
  CHECK(*store::prune(fixture.blobs, fixture.keys, policy) ==
        Pruned{.blobs = 1, .bytes = 10, .entries = 0});
  CHECK(fixture.blobs.contains(fixture.kept) == true);
  CHECK(fixture.blobs.contains(fixture.stray) == false);
}

TEST_CASE("prune: a dry run counts and removes nothing") {
  Fixture fixture;
  REQUIRE(fixture.keys.put(Table::response, "url", "x"));
  CHECK(
      *store::prune(fixture.blobs, fixture.keys, {.keep_since = fixture.later, .dry_run = true}) ==
      Pruned{.blobs = 2, .bytes = 14, .entries = 1});
  CHECK(fixture.blobs.list()->size() == 2);
  CHECK(*fixture.keys.get(Table::response, "url") == "x");
}

TEST_CASE("prune: a recipe goes with the blob it draws on, and stays when it is reachable") {
  Fixture fixture;
  fixture.clock->set(fixture.later);  // used lately
  fixture.add_recipe("stands", fixture.kept);
  fixture.add_recipe("falls", fixture.stray);
  REQUIRE(fixture.keys.put(Table::recipe, "unreadable", "?"));
  CHECK(*store::prune(fixture.blobs, fixture.keys,
                      {.reachable = {fixture.kept}, .keep_since = fixture.later}) ==
        Pruned{.blobs = 1, .bytes = 10, .entries = 2});
  CHECK(fixture.has_recipe("stands"));
  CHECK(!fixture.has_recipe("falls"));
}

TEST_CASE("prune: entries unused for long go, tags and reachable recipes stay") {
  Fixture fixture;
  fixture.add_recipe("old", fixture.kept);
  fixture.add_recipe("old but reachable", fixture.kept);
  for (const Table table : {Table::layer, Table::file, Table::response, Table::tag, Table::tree,
                            Table::lock, Table::upload, Table::deb})
    REQUIRE(fixture.keys.put(table, "old", "x"));
  fixture.clock->set(fixture.later);
  REQUIRE(fixture.keys.put(Table::layer, "new", "x"));
  const store::PrunePolicy policy{
      .reachable = {fixture.kept, fixture.stray, digest::digest_of("old but reachable")},
      .keep_since = fixture.later};
  CHECK(*store::prune(fixture.blobs, fixture.keys, policy) ==
        Pruned{.blobs = 0, .bytes = 0, .entries = 8});
  CHECK(!fixture.has_recipe("old"));
  CHECK(fixture.has_recipe("old but reachable"));
  CHECK(*fixture.keys.get(Table::tag, "old") == "x");
  CHECK(*fixture.keys.get(Table::layer, "new") == "x");
  CHECK(*fixture.keys.get(Table::layer, "old") == std::nullopt);
}
