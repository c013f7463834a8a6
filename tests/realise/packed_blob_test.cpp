#include "support/unpack.hpp"
#include "support/zip_builder.hpp"

#include <cogbuild/io/bytes.hpp>
#include <cogbuild/realise/packed_blob.hpp>
#include <cogbuild/recipe/reader.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using plan::Compression;
using realise::PackedBlob;

namespace {

// Segments of the store's blobs; nothing is remote here.
class StoreOpener final : public recipe::SegmentOpener {
 public:
  explicit StoreOpener(const store::BlobStore& blobs) : blobs_(blobs) {}
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::BlobRange& range) override {
    return blobs_.open(range.blob, range.offset, range.size_bytes);
  }
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::RemoteBlob&, std::uint64_t) override {
    return fail(Error(ErrorKind::network, "no network"));
  }

 private:
  const store::BlobStore& blobs_;
};

std::string blob_bytes(const PackedBlob::Finished& finished, const store::BlobStore& blobs) {
  StoreOpener opener(blobs);
  auto source = recipe::open_verified(finished.recipe, opener);
  REQUIRE(source);
  auto bytes = io::read_all(**source, 1 << 30);
  REQUIRE_MESSAGE(bytes, bytes.error().message());
  return *bytes;
}

std::string unpacked(Compression compression, const std::string& blob) {
  if (compression == Compression::none) return blob;
  return compression == Compression::zstd ? test::unzstd(blob) : test::gunzip(blob);
}

struct Wheel {
  io::TempDir directory = *io::TempDir::create();
  std::string bytes;
  digest::Digest digest;
  std::optional<archive::ZipDirectory> zip;
  Wheel(store::BlobStore& blobs, const std::string& content) : bytes(content) {
    digest = *store::put(blobs, bytes);
    zip.emplace(
        *archive::ZipDirectory::open(test::write_file(directory.path() / "w.whl", bytes), "w.whl"));
  }
};

}  // namespace

TEST_CASE("PackedBlob: every compression unpacks to the tar that was written") {
  for (const auto compression :
       {Compression::none, Compression::gzip_stored, Compression::gzip, Compression::zstd}) {
    CAPTURE(static_cast<int>(compression));
    store::MemoryBlobStore blobs;
    // Wheel members on both sides of the limit, and more than one solid block.
    const Wheel wheel(blobs,
                      test::ZipBuilder()
                          .add("large.so", test::noise(100'000, 1) + std::string(400'000, 's'))
                          .add("small.py", "print()\n")
                          .bytes());
    io::TempDir directory = *io::TempDir::create();
    const std::string weights = test::noise(300'000, 2);
    const auto path = test::write_file(directory.path() / "weights.bin", weights);
    const std::string before(5'000'000, 'b');

    archive::MemberReader reader(*wheel.zip, archive::MemberReader::Access::all);
    PackedBlob blob(compression, blobs);
    io::StringSink seen;
    REQUIRE(blob.write(before));
    REQUIRE(blob.write_member(reader, *wheel.zip->find("large.so"), wheel.digest, &seen));
    REQUIRE(blob.write_member(reader, *wheel.zip->find("small.py"), wheel.digest, nullptr));
    REQUIRE(blob.write_file(path, *io::stamp(path), {}));
    REQUIRE(blob.write("the end"));
    const auto finished = blob.finish();
    REQUIRE(finished);

    const std::string tar = before + test::noise(100'000, 1) + std::string(400'000, 's') +
                            "print()\n" + weights + "the end";
    const std::string bytes = blob_bytes(*finished, blobs);
    CHECK(bytes.size() == finished->recipe.size_bytes);
    CHECK(unpacked(compression, bytes) == tar);
    CHECK(finished->diff_id == digest::digest_of(tar));
    CHECK(finished->unpacked_bytes == tar.size());
    CHECK(seen.content == test::noise(100'000, 1) + std::string(400'000, 's'));
  }
}

TEST_CASE("PackedBlob: a large member's compressed bytes are the wheel's own") {
  store::MemoryBlobStore blobs;
  const Wheel wheel(blobs, test::ZipBuilder().add("large.so", test::noise(100'000, 1)).bytes());
  archive::MemberReader reader(*wheel.zip, archive::MemberReader::Access::all);
  PackedBlob blob(Compression::gzip, blobs);
  REQUIRE(blob.write_member(reader, *wheel.zip->find("large.so"), wheel.digest, nullptr));
  const auto finished = blob.finish();
  REQUIRE(finished);
  const auto& member = *wheel.zip->find("large.so");
  CHECK(finished->recipe.segments.size() == 3);
  CHECK(std::get<recipe::BlobRange>(finished->recipe.segments[1]) ==
        recipe::BlobRange{.blob = wheel.digest,
                          .offset = member.data_offset,
                          .size_bytes = member.compressed_bytes});
}

TEST_CASE("PackedBlob: weights stay where they are, in raw and in stored form") {
  for (const auto compression : {Compression::none, Compression::gzip_stored}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65535},
                                   std::size_t{65536}, std::size_t{262140}, std::size_t{500'001}}) {
      CAPTURE(size);
      store::MemoryBlobStore blobs;
      io::TempDir directory = *io::TempDir::create();
      const std::string content = test::noise(size, 3);
      const auto path = test::write_file(directory.path() / "w", content);
      PackedBlob blob(compression, blobs);
      REQUIRE(blob.write("header"));
      REQUIRE(blob.write_file(path, *io::stamp(path), {}));
      const auto finished = blob.finish();
      REQUIRE(finished);
      CHECK(blobs.list()->empty());  // nothing was copied
      CHECK(unpacked(compression, blob_bytes(*finished, blobs)) == "header" + content);
    }
  }
}

TEST_CASE("PackedBlob: a file with another stamp is refused") {
  store::MemoryBlobStore blobs;
  io::TempDir directory = *io::TempDir::create();
  const auto path = test::write_file(directory.path() / "w", "content");
  auto stamp = *io::stamp(path);
  stamp.mtime_ns += 1;
  PackedBlob blob(Compression::none, blobs);
  const auto outcome = blob.write_file(path, stamp, {});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().message() == path.string() + " changed while it was being read");
}

TEST_CASE("PackedBlob: equal input gives equal digests, with and without neighbours in the store") {
  const auto make = [](store::BlobStore& blobs) {
    PackedBlob blob(Compression::gzip, blobs);
    REQUIRE(blob.write(test::noise(6'000'000, 7)));
    return *blob.finish();
  };
  store::MemoryBlobStore first;
  store::MemoryBlobStore second;
  REQUIRE(store::put(second, "something"));
  CHECK(make(first).recipe.digest == make(second).recipe.digest);
}

TEST_CASE(
    "PackedBlob: parts that are packed already follow each other, and the diff_id covers them") {
  for (const auto compression : {Compression::none, Compression::gzip, Compression::zstd}) {
    CAPTURE(static_cast<int>(compression));
    store::MemoryBlobStore blobs;
    const std::string content = test::noise(100'000, 1) + std::string(5'000'000, 'x');
    PackedBlob part(compression, blobs);
    REQUIRE(part.write(content));
    const auto made = part.finish();
    REQUIRE(made);
    const PackedBlob::Packed packed{.blob = made->recipe.digest,
                                    .packed_bytes = made->recipe.size_bytes,
                                    .tar_bytes = made->unpacked_bytes};
    PackedBlob blob(compression, blobs);
    REQUIRE(blob.write("before"));
    REQUIRE(blob.write_packed(packed));
    REQUIRE(blob.write_packed(packed));
    REQUIRE(blob.write("after"));
    const auto finished = blob.finish();
    REQUIRE(finished);
    const std::string expected = "before" + content + content + "after";
    CHECK(unpacked(compression, blob_bytes(*finished, blobs)) == expected);
    CHECK(finished->diff_id == digest::digest_of(expected));
    CHECK(finished->unpacked_bytes == expected.size());

    auto shorter = packed;
    --shorter.tar_bytes;
    PackedBlob other(compression, blobs);
    const auto refused = other.write_packed(shorter);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message() ==
          "a part of a layer unpacks to 5100000 bytes, expected 5099999");
  }
}
