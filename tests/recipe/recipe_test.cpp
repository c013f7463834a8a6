#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>
#include <vector>

using namespace cogbuild;
using recipe::BlobRange;
using recipe::FileRange;
using recipe::Literal;
using recipe::Recipe;
using recipe::RemoteBlob;
using recipe::Segment;

namespace {

const digest::Digest kA = digest::digest_of("a");
const digest::Digest kB = digest::digest_of("b");

Recipe recipe_of(std::vector<Segment> segments) {
  Recipe made{.digest = kA, .size_bytes = 0, .segments = std::move(segments)};
  for (const auto& segment : made.segments) made.size_bytes += recipe::size_bytes(segment);
  return made;
}

std::vector<Segment> appended(const std::vector<Segment>& parts) {
  std::vector<Segment> segments;
  for (const auto& part : parts) recipe::append(segments, part);
  return segments;
}

io::FileStamp stamp_of(std::uint64_t inode) {
  return {.device = 1, .inode = inode, .size_bytes = 100, .mtime_ns = -5, .ctime_ns = 7};
}

std::string message_of(std::string_view text) {
  const auto parsed = recipe::parse(text);
  return parsed ? "parsed" : parsed.error().message();
}

}  // namespace

TEST_CASE("append: adjacent literals and adjoining ranges become one segment") {
  CHECK(appended({Literal{"ab"}, Literal{"c"}}) == std::vector<Segment>{Literal{"abc"}});
  CHECK(appended({BlobRange{kA, 0, 5}, BlobRange{kA, 5, 2}}) ==
        std::vector<Segment>{BlobRange{kA, 0, 7}});
  CHECK(appended({FileRange{"f", 1, 4, stamp_of(1)}, FileRange{"f", 5, 5, stamp_of(1)}}) ==
        std::vector<Segment>{FileRange{"f", 1, 9, stamp_of(1)}});
}

TEST_CASE("append: what does not adjoin stays apart") {
  const std::vector<std::vector<Segment>> kept = {
      {BlobRange{kA, 0, 5}, BlobRange{kA, 6, 2}},
      {BlobRange{kA, 0, 5}, BlobRange{kB, 5, 2}},
      {FileRange{"f", 0, 4, stamp_of(1)}, FileRange{"g", 4, 5, stamp_of(1)}},
      {FileRange{"f", 0, 4, stamp_of(1)}, FileRange{"f", 4, 5, stamp_of(2)}},
      {RemoteBlob{"h/n", kA, 4}, RemoteBlob{"h/n", kA, 4}},
      {Literal{"a"}, BlobRange{kA, 0, 5}, Literal{"b"}},
  };
  for (const auto& segments : kept) CHECK(appended(segments) == segments);
}

TEST_CASE("append: a segment without bytes vanishes") {
  CHECK(appended({Literal{""}, BlobRange{kA, 9, 0}, FileRange{"f", 0, 0, {}}}).empty());
}

TEST_CASE("to_string: blobs and files are named once, in order of use") {
  const auto text = recipe::to_string(recipe_of(
      {Literal{std::string("a b%\n") + std::string(300, '\0') + "\xff"}, BlobRange{kB, 0, 10},
       FileRange{"/w/x y", 0, 8, stamp_of(3)}, BlobRange{kB, 10, 20},
       FileRange{"/w/x y", 8, 2, stamp_of(3)}, RemoteBlob{"docker.io/library/python", kA, 7}}));
  CHECK(text == "recipe 1 " + to_string(kA) +
                    " 353\n"
                    "= a%20b%25%0A%z300.%FF\n"
                    "B " +
                    to_string(kB) +
                    "\n"
                    "b 0 0 10\n"
                    "F 1 3 100 -5 7 /w/x%20y\n"
                    "f 0 0 8\n"
                    "b 0 10 20\n"
                    "f 0 8 2\n"
                    "r " +
                    to_string(kA) + " 7 docker.io/library/python\n");
}

TEST_CASE("parse: reads what to_string writes") {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  const std::vector<std::vector<Segment>> table = {
      {},
      {Literal{every_byte + every_byte}},
      {Literal{std::string(1, '\0')}},
      {Literal{" "}},
      {Literal{""}},
      {FileRange{every_byte.substr(1), 3, 4, stamp_of(9)}},
      {FileRange{"", 0, 4, stamp_of(9)}, FileRange{"", 0, 4, stamp_of(8)}},
      {FileRange{"f",
                 0,
                 kMax,
                 {kMax, kMax, kMax, std::numeric_limits<std::int64_t>::min(),
                  std::numeric_limits<std::int64_t>::max()}}},
      {BlobRange{kA, 0, 1}, BlobRange{kB, 0, 1}, BlobRange{kA, 0, 1}},
      {RemoteBlob{"r8.im/u/m", kB, 5}, RemoteBlob{"", kB, 0}},
  };
  for (const auto& segments : table) {
    const auto recipe = recipe_of(segments);
    const auto parsed = recipe::parse(recipe::to_string(recipe));
    REQUIRE(parsed);
    CHECK(*parsed == recipe);
  }
}

TEST_CASE("parse: refuses what is not a whole recipe") {
  const std::string first = "recipe 1 " + to_string(kA) + " 5\n";
  CHECK(message_of("") == "line 1 of a recipe is malformed");
  CHECK(message_of("recipe 2 " + to_string(kA) + " 0\n") == "line 1 of a recipe is malformed");
  CHECK(message_of("recipe 1 " + to_string(kA) + " 0 x\n") == "line 1 of a recipe is malformed");
  CHECK(message_of("recipe 1 " + to_string(kA) + " -1\n") == "line 1 of a recipe is malformed");
  CHECK(message_of("recipe 1 " + to_string(kA) + " 0") == "line 1 of a recipe is malformed");
  CHECK(message_of(first) ==
        "the segments of recipe " + to_string(kA) + " have 0 bytes, expected 5");
  for (const std::string& line :
       {std::string(""), std::string("="), std::string("x 1"), std::string("= %"),
        std::string("= %4"), std::string("= %4z000"), std::string("= %z5"), std::string("= %z."),
        std::string("= %z-5."), std::string("= %z999999999999."), std::string("b 0 0 5"),
        std::string("f 0 0 5"), std::string("B sha256:00"), "B " + to_string(kA) + " x",
        "r " + to_string(kA), std::string("F 1 2 3 4")}) {
    CAPTURE(line);
    CHECK(message_of(first + line + "\n") == "line 2 of a recipe is malformed");
  }
  CHECK(message_of(first + "= abcde") == "line 2 of a recipe is malformed");
  const std::string blob = "B " + to_string(kA) + "\n";
  CHECK(message_of(first + blob + "b 0 18446744073709551615 2\n") ==
        "line 3 of a recipe is malformed");
  CHECK(message_of(first + blob + "b 0 0 18446744073709551615\nb 0 0 2\n") ==
        "line 4 of a recipe is malformed");
}

TEST_CASE("parse: 20,000 segments take milliseconds") {
  std::vector<Segment> segments;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    segments.emplace_back(Literal{"file" + std::to_string(i) + std::string(500, '\0')});
    segments.emplace_back(BlobRange{i % 2 == 0 ? kA : kB, i * 100, 90});
  }
  const auto recipe = recipe_of(std::move(segments));
  const auto start = std::chrono::steady_clock::now();
  const auto text = recipe::to_string(recipe);
  const auto parsed = recipe::parse(text);
  const auto elapsed = std::chrono::steady_clock::now() - start;
  REQUIRE(parsed);
  CHECK(*parsed == recipe);
  CHECK(text.size() < 800'000);
  CHECK(elapsed < std::chrono::seconds(2));  // instrumented and on a busy machine
}
