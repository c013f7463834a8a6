#include "sample.hpp"

#include <cogbuild/report/compare.hpp>
#include <cogbuild/report/duplicates.hpp>
#include <cogbuild/report/totals.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using report::Change;
using report::ItemChange;
using report::LayerChange;
using sample::image;
using sample::layer;
using sample::package;

TEST_CASE("compare: what a machine with the earlier image downloads is the changed blobs") {
  const auto comparison = report::compare(sample::main_branch(), sample::branch());
  CHECK(comparison.transfer_bytes == 40'000'000 + 21'000'000 + 14'000 + 4'000);
  CHECK(comparison.before_pull_bytes == 1'374'416'000);
  CHECK(comparison.after_pull_bytes == 1'404'418'000);
  CHECK(report::compare(sample::branch(), sample::branch()).transfer_bytes == 0);
  CHECK(report::compare(sample::branch(), sample::branch()).items.empty());
}

TEST_CASE("compare: layers are paired by digest, title, content, then kind") {
  const auto comparison = report::compare(sample::main_branch(), sample::branch());
  CHECK(comparison.layers == std::vector<LayerChange>{{Change::same, 31'000'000, 31'000'000},
                                                      {Change::same, 812'400'000, 812'400'000},
                                                      {Change::added, 0, 40'000'000},
                                                      {Change::shrunk, 31'000'000, 21'000'000},
                                                      {Change::same, 500'000'000, 500'000'000},
                                                      {Change::grown, 12'000, 14'000}});
  CHECK(comparison.removed_layers.empty());
  const auto back = report::compare(sample::branch(), sample::main_branch());
  REQUIRE(back.removed_layers.size() == 1);
  CHECK(back.removed_layers[0].title == "scipy 1.13.0");

  const auto before =
      image("a", {layer("python", "torch 2.3", "1", 9, 9, {package("torch", "2.3", 9)}),
                  layer("python", "numpy 1", "2", 5, 5, {package("numpy", "1", 5)}),
                  layer("run", "make", "3", 7, 7)});
  const auto after =
      image("b", {layer("python", "numpy 2", "4", 5, 5, {package("numpy", "2", 5)}),
                  layer("python", "torch 2.4", "5", 8, 8, {package("torch", "2.4", 8)}),
                  layer("run", "make all", "6", 8, 8)});
  CHECK(report::compare(before, after).layers == std::vector<LayerChange>{{Change::replaced, 5, 5},
                                                                          {Change::shrunk, 9, 8},
                                                                          {Change::grown, 7, 8}});
}

TEST_CASE("compare: items come, go, grow and change their version") {
  const auto comparison = report::compare(sample::main_branch(), sample::branch());
  CHECK(comparison.items ==
        std::vector<ItemChange>{
            {Change::added, "package", "scipy", "", "1.13.0", 0, 120'000'000},
            {Change::removed, "package", "nltk", "3.8", "", 30'000'000, 0},
            {Change::grown, "package", "numpy", "1.26.4", "1.27.0", 55'000'000, 56'000'000},
            {Change::grown, "file", "predict.py", "", "", 9'000, 11'000}});
}

TEST_CASE("compare: an item of the same size and another version is replaced") {
  const auto items =
      report::compare(image("a", {layer("python", "x", "1", 1, 1, {package("x", "1", 5)})}),
                      image("b", {layer("python", "x", "2", 1, 1, {package("x", "2", 5)})}))
          .items;
  REQUIRE(items.size() == 1);
  CHECK(items[0].change == Change::replaced);
}

TEST_CASE("totals: a layer that stands twice is sent once and unpacked twice") {
  auto made = image("a", {layer("run", "x", "same", 10, 30), layer("run", "x", "same", 10, 30),
                          layer("code", "y", "other", 5, 7)});
  auto totals = report::totals(made);
  CHECK(totals.compressed_bytes == 15);
  CHECK(totals.pull_bytes == 4'015);
  CHECK(totals.unpacked_bytes == 67);
  CHECK(totals.all_unpacked_known);
  CHECK(totals.compressed_by_kind ==
        std::map<std::string, std::uint64_t>{{"code", 5}, {"run", 10}});
  made.layers[0].unpacked_bytes.reset();
  made.layers[1].compressed_bytes = ~std::uint64_t{0};
  made.layers[2].compressed_bytes = ~std::uint64_t{0};
  totals = report::totals(made);
  CHECK(!totals.all_unpacked_known);
  CHECK(totals.pull_bytes == ~std::uint64_t{0});
}

TEST_CASE("largest_things: items and opaque layers by size, ties by name") {
  const auto things = report::largest_things(
      image("a", {layer("base", "debian", "1", 10, 80),
                  layer("python", "x", "2", 9, 200, {package("b", "1", 80), package("a", "1", 80)}),
                  layer("weights", "w", "3", 9, 9,
                        {{.kind = "weights", .name = "w", .unpacked_bytes = 90}})}),
      3);
  REQUIRE(things.size() == 3);
  CHECK(things[0].item.name == "w");
  CHECK(things[1].item.name == "debian");
  CHECK(things[1].item.kind == "base");
  CHECK(things[2].item.name == "a");
  CHECK(things[2].layer == 1);
}

TEST_CASE("duplicates: packages and files that a later layer hides, and layers that stand twice") {
  const auto found = report::duplicates(image(
      "a",
      {layer("base", "b", "1", 1, 1, {package("numpy", "1", 50), package("pip", "1", 9)}),
       layer("python", "p", "2", 1, 1, {package("numpy", "2", 60)}),
       layer("run", "r", "3", 1, 100, {{.kind = "file", .name = "numpy", .unpacked_bytes = 1}}),
       layer("run", "r", "3", 1, 100, {{.kind = "file", .name = "numpy", .unpacked_bytes = 1}})}));
  CHECK(found == std::vector<report::Duplicate>{{"layer", "r", {2, 3}, 100},
                                                {"package", "numpy", {0, 1}, 50}});
  CHECK(report::duplicates(sample::branch()).empty());
}
