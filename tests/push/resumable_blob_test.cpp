#include "../../src/push/resumable_blob.hpp"

#include "sample_image.hpp"

#include <atomic>
#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::push;
using namespace cogbuild::push::test;

namespace {

// Counts what is read from the store.
class CountingOpener final : public recipe::SegmentOpener {
 public:
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::BlobRange& range) override {
    ++opened;
    return std::make_unique<io::MemorySource>(content.substr(
        static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.size_bytes)));
  }
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::RemoteBlob&,
                                               std::uint64_t offset) override {
    offsets.push_back(offset);
    return std::make_unique<io::MemorySource>(content.substr(static_cast<std::size_t>(offset)));
  }

  std::string content = "0123456789";
  int opened = 0;
  std::vector<std::uint64_t> offsets{};
};

recipe::Recipe local_recipe() {
  const auto digest = digest::digest_of("0123456789");
  return {.digest = digest,
          .size_bytes = 10,
          .segments = {recipe::BlobRange{.blob = digest, .size_bytes = 10}}};
}

recipe::Recipe remote_recipe() {
  const auto digest = digest::digest_of("0123456789");
  return {.digest = digest,
          .size_bytes = 10,
          .segments = {recipe::RemoteBlob{.repository = "r/a", .blob = digest, .size_bytes = 10}}};
}

std::string read_some(io::ByteSource& source, std::size_t count) {
  std::string text(count, '\0');
  const auto got =
      value_of(io::read_full(source, std::as_writable_bytes(std::span(text.data(), count))));
  text.resize(got);
  return text;
}

}  // namespace

TEST_CASE("ResumableBlob: going on where the last source stopped reads nothing twice") {
  CountingOpener opener;
  const std::atomic<bool> stop = false;
  const auto recipe = local_recipe();
  ResumableBlob blob(recipe, opener, stop);
  for (std::uint64_t offset = 0; offset < 10; offset += 2) {
    const auto source = value_of(blob.open(offset));
    CHECK(read_some(*source, 2) ==
          std::string("0123456789").substr(static_cast<std::size_t>(offset), 2));
  }
  CHECK(opener.opened == 1);
}

TEST_CASE("ResumableBlob: going back or ahead gives the right bytes") {
  CountingOpener opener;
  const std::atomic<bool> stop = false;
  const auto recipe = local_recipe();
  ResumableBlob blob(recipe, opener, stop);
  CHECK(read_some(*value_of(blob.open(0)), 7) == "0123456");
  CHECK(value_of(io::read_all(*value_of(blob.open(4)), 100)) == "456789");
  CHECK(value_of(io::read_all(*value_of(blob.open(0)), 100)) == "0123456789");
  CHECK(opener.opened == 3);
  CHECK(value_of(io::read_all(*value_of(blob.open(10)), 100)).empty());
  CHECK(read_some(*value_of(blob.open(1)), 1) == "1");
  CHECK(read_some(*value_of(blob.open(8)), 9) == "89");
}

TEST_CASE("ResumableBlob: a change anywhere withholds the end, wherever the upload resumes") {
  for (const std::size_t changed : {0U, 5U, 9U}) {
    for (const std::uint64_t offset : {0U, 3U, 8U}) {
      CAPTURE(changed);
      CAPTURE(offset);
      CountingOpener opener;
      const std::atomic<bool> stop = false;
      const auto recipe = local_recipe();
      ResumableBlob blob(recipe, opener, stop);
      read_some(*value_of(blob.open(0)), 9);
      opener.content[changed] = 'x';
      const auto source = blob.open(offset);
      REQUIRE(source);
      const auto rest = io::read_all(**source, 100);
      REQUIRE(!rest);
      CHECK(rest.error().kind() == ErrorKind::integrity);
    }
  }
}

TEST_CASE("ResumableBlob: a blob in a registry resumes there, without its beginning") {
  CountingOpener opener;
  const std::atomic<bool> stop = false;
  const auto recipe = remote_recipe();
  ResumableBlob blob(recipe, opener, stop);
  read_some(*value_of(blob.open(0)), 7);
  CHECK(value_of(io::read_all(*value_of(blob.open(4)), 100)) == "456789");
  CHECK(opener.offsets == std::vector<std::uint64_t>{0, 4});
  opener.content = "x123456789";
  CHECK(!io::read_all(*value_of(blob.open(0)), 100));
}

TEST_CASE("ResumableBlob: once stopped, reading fails") {
  CountingOpener opener;
  std::atomic<bool> stop = false;
  const auto recipe = local_recipe();
  ResumableBlob blob(recipe, opener, stop);
  const auto source = value_of(blob.open(0));
  read_some(*source, 3);
  stop = true;
  CHECK(error_of(io::read_all(*source, 100)) == "stopped, because another blob failed");
}
