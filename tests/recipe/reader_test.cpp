#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/recipe/reader.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>
#include <unistd.h>

using namespace cogbuild;
using recipe::BlobRange;
using recipe::FileRange;
using recipe::Literal;
using recipe::Recipe;
using recipe::RemoteBlob;
using recipe::Segment;

namespace {

// Blobs by digest; remembers what was asked of it.
class MapOpener final : public recipe::SegmentOpener {
 public:
  digest::Digest add(const std::string& content) {
    const auto blob = digest::digest_of(content);
    blobs_[blob] = content;
    return blob;
  }
  Result<std::unique_ptr<io::ByteSource>> open(const BlobRange& range) override {
    asked += "blob " + std::to_string(range.offset) + "+" + std::to_string(range.size_bytes) + "\n";
    if (!blobs_.contains(range.blob)) return fail(Error(ErrorKind::not_found, "no such blob"));
    return std::make_unique<io::MemorySource>(
        blobs_[range.blob].substr(range.offset, range.size_bytes));
  }
  Result<std::unique_ptr<io::ByteSource>> open(const RemoteBlob& blob,
                                               std::uint64_t offset) override {
    asked += "remote " + blob.repository + " " + std::to_string(offset) + "\n";
    return std::make_unique<io::MemorySource>(blobs_[blob.blob].substr(offset));
  }
  std::string asked{};

 private:
  std::map<digest::Digest, std::string> blobs_{};
};

struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  MapOpener opener{};

  std::filesystem::path write(const std::string& name, const std::string& content) {
    const auto path = directory.path() / name;
    REQUIRE(io::write_atomically(path, content));
    return path;
  }
  FileRange range(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t size) {
    return {.path = path, .offset = offset, .size_bytes = size, .stamp = *io::stamp(path)};
  }
  // `abc` + `2345` of a file + `lm` of a blob + a remote `remote!` + `6789` of the file again.
  Recipe mixed() {
    const auto file = write("file", "0123456789");
    const auto blob = opener.add("klmn");
    const auto remote = opener.add("remote!");
    const std::string content = "abc2345lmremote!6789";
    return {.digest = digest::digest_of(content),
            .size_bytes = content.size(),
            .segments = {Literal{"abc"}, range(file, 2, 4), BlobRange{blob, 1, 2},
                         RemoteBlob{"h.io/n", remote, 7}, range(file, 6, 4)}};
  }
};

Result<std::string> read(Result<std::unique_ptr<io::ByteSource>> source, std::size_t step) {
  if (!source) return fail(std::move(source).error());
  std::string content;
  std::string buffer(step, '\0');
  for (;;) {
    TRY_ASSIGN(const std::size_t count,
               (*source)->read(std::as_writable_bytes(std::span(buffer.data(), buffer.size()))));
    if (count == 0) return content;
    content.append(buffer, 0, count);
  }
}

std::string message(const Result<std::string>& result) {
  if (result) return "read " + *result;
  CHECK(result.error().kind() == ErrorKind::integrity);
  return result.error().message();
}

}  // namespace

TEST_CASE("open: streams every kind of segment in order, whatever the buffer") {
  Fixture fixture;
  const auto recipe = fixture.mixed();
  for (const std::size_t step : {1U, 2U, 3U, 5U, 7U, 100U})
    CHECK(read(recipe::open(recipe, fixture.opener), step) == "abc2345lmremote!6789");
}

TEST_CASE("open: starts at any offset and reads nothing before it") {
  Fixture fixture;
  const auto recipe = fixture.mixed();
  const std::string content = "abc2345lmremote!6789";
  for (std::size_t offset = 0; offset <= content.size(); ++offset)
    CHECK(read(recipe::open(recipe, fixture.opener, offset), 4) == content.substr(offset));
  fixture.opener.asked.clear();
  CHECK(read(recipe::open(recipe, fixture.opener, 11), 4) == content.substr(11));
  CHECK(fixture.opener.asked == "remote h.io/n 2\n");
  fixture.opener.asked.clear();
  CHECK(read(recipe::open(recipe, fixture.opener, 8), 1) == content.substr(8));
  CHECK(fixture.opener.asked == "blob 2+1\nremote h.io/n 0\n");
  CHECK(message(read(recipe::open(recipe, fixture.opener, 21), 4)) ==
        "offset 21 lies past the end of blob " + to_string(recipe.digest));
}

TEST_CASE("open: an empty recipe has no bytes") {
  Fixture fixture;
  const Recipe recipe{.digest = digest::digest_of(""), .size_bytes = 0, .segments = {}};
  CHECK(read(recipe::open(recipe, fixture.opener), 4) == "");
  CHECK(read(recipe::open_verified(recipe, fixture.opener), 4) == "");
}

TEST_CASE("open: a file that changed before reading is an integrity error") {
  Fixture fixture;
  const auto recipe = fixture.mixed();
  const auto file = fixture.directory.path() / "file";
  SUBCASE("in place") {
    ::usleep(20'000);  // past the granularity of file times
    REQUIRE(::truncate(file.c_str(), 10) == 0);
  }
  SUBCASE("replaced") { fixture.write("file", "0123456789"); }
  SUBCASE("cut") { REQUIRE(::truncate(file.c_str(), 3) == 0); }
  const auto result = read(recipe::open(recipe, fixture.opener), 4);
  CHECK(message(result) == file.string() + " changed since it was hashed");
  REQUIRE(!result);
  CHECK(result.error().hints() == std::vector<std::string>{"run the build again"});
}

TEST_CASE("open: a file that changes while it is read is an integrity error") {
  Fixture fixture;
  const auto file = fixture.write("file", std::string(1000, 'x'));
  const Recipe recipe{.digest = digest::digest_of(std::string(1000, 'x')),
                      .size_bytes = 1000,
                      .segments = {fixture.range(file, 0, 1000)}};
  auto source = recipe::open(recipe, fixture.opener);
  REQUIRE(source);
  std::string buffer(500, '\0');
  const auto window = std::as_writable_bytes(std::span(buffer.data(), buffer.size()));
  CHECK((*source)->read(window) == 500);
  ::usleep(20'000);
  SUBCASE("cut") { REQUIRE(::truncate(file.c_str(), 600) == 0); }
  SUBCASE("written to") { REQUIRE(::truncate(file.c_str(), 1000) == 0); }
  const auto second = (*source)->read(window);
  REQUIRE(!second);
  CHECK(second.error().kind() == ErrorKind::integrity);
  CHECK(second.error().message() == file.string() + " changed since it was hashed");
}

TEST_CASE("open: a file that is gone is an integrity error") {
  Fixture fixture;
  const auto recipe = fixture.mixed();
  const auto file = fixture.directory.path() / "file";
  std::filesystem::remove(file);
  CHECK(message(read(recipe::open(recipe, fixture.opener), 4)) ==
        file.string() + " is gone since it was hashed");
}

TEST_CASE("open: a blob shorter than its range is an integrity error") {
  Fixture fixture;
  const auto blob = fixture.opener.add("klmn");
  Recipe recipe{.digest = blob, .size_bytes = 8, .segments = {BlobRange{blob, 1, 8}}};
  CHECK(message(read(recipe::open(recipe, fixture.opener), 4)) ==
        "blob " + to_string(blob) + " ended 5 bytes early");
  recipe.segments = {RemoteBlob{"h.io/n", blob, 6}};
  CHECK(message(read(recipe::open(recipe, fixture.opener), 100)) ==
        "blob " + to_string(blob) + " ended 2 bytes early");
}

TEST_CASE("open: the opener's error is passed on") {
  Fixture fixture;
  const auto blob = digest::digest_of("never added");
  const Recipe recipe{.digest = blob, .size_bytes = 8, .segments = {BlobRange{blob, 0, 8}}};
  const auto result = read(recipe::open(recipe, fixture.opener), 4);
  REQUIRE(!result);
  CHECK(result.error().message() == "no such blob");
}

TEST_CASE("open_verified: passes true bytes and refuses others") {
  Fixture fixture;
  auto recipe = fixture.mixed();
  CHECK(read(recipe::open_verified(recipe, fixture.opener), 6) == "abc2345lmremote!6789");
  recipe.segments[0] = Literal{"abd"};
  CHECK(message(read(recipe::open_verified(recipe, fixture.opener), 6)) ==
        "blob " + to_string(recipe.digest) + " has digest " +
            to_string(digest::digest_of("abd2345lmremote!6789")) + ", expected " +
            to_string(recipe.digest));
}
