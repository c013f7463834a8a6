#include "sample_image.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/push/oci_archive.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::push;
using namespace cogbuild::push::test;
namespace fs = std::filesystem;

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;  // in the order of the archive

Files read_archive(const fs::path& file) {
  Files files;
  io::MemorySource source(value_of(io::read_file(file)));
  auto reader = value_of(archive::TarReader::open(source));
  while (auto entry = value_of(reader.next())) {
    CHECK(entry->mtime_seconds == 0);
    CHECK(entry->uid == 0);
    CHECK(entry->mode == (entry->type == archive::EntryType::directory ? 0755U : 0644U));
    archive::EntrySource content(reader);
    files.emplace_back(entry->path, value_of(io::read_all(content, 1 << 20)));
  }
  return files;
}

const std::string& content_of(const Files& files, const std::string& path) {
  const auto found = std::ranges::find(files, path, &Files::value_type::first);
  if (found == files.end()) FAIL("no " << path);
  return found->second;
}

struct Fixture {
  io::TempDir place = value_of(io::TempDir::create());
  SampleOpener opener{};
  progress::Silent reporter{};
  fs::path file = place.path() / "image.tar";

  Result<void> write(const image::Image& image, ArchiveForm form) {
    return write_oci_archive(image, {.ref_name = "v1", .image_name = "r8.im/a/b:v1"}, form, file,
                             {opener, reporter});
  }
};

}  // namespace

TEST_CASE("write_oci_archive: the tar holds a layout, sorted by path") {
  Fixture f;
  const auto image =
      image_of({literal_layer(std::string(700, 'x')), stored_layer(f.opener, "second")});
  value_of(f.write(image, ArchiveForm::oci));
  const auto files = read_archive(f.file);
  CHECK(std::ranges::is_sorted(files, {}, &Files::value_type::first));
  std::vector<std::string> others;
  for (const auto& [path, content] : files) {
    if (path.starts_with("blobs/sha256/"))
      CHECK(path == "blobs/sha256/" + digest::digest_of(content).hex());
    else
      others.push_back(path);
  }
  CHECK(others == std::vector<std::string>{"blobs", "blobs/sha256", "index.json", "oci-layout"});
  CHECK(files.size() == others.size() + 4);
  CHECK(fs::file_size(f.file) % 512 == 0);
}

TEST_CASE("write_oci_archive: writing twice gives the same bytes") {
  Fixture f;
  const auto image = image_of({literal_layer("b"), literal_layer("a")});
  value_of(f.write(image, ArchiveForm::docker));
  const auto first = value_of(io::read_file(f.file));
  value_of(f.write(image, ArchiveForm::docker));
  CHECK(value_of(io::read_file(f.file)) == first);
}

TEST_CASE("write_oci_archive: the docker form points into the blobs, repeated layers included") {
  Fixture f;
  const auto image = image_of({literal_layer("a"), literal_layer("b"), literal_layer("a")});
  value_of(f.write(image, ArchiveForm::docker));
  const auto files = read_archive(f.file);
  const auto blob = [](const std::string& content) {
    return "blobs/sha256/" + digest::digest_of(content).hex();
  };
  CHECK(content_of(files, "manifest.json") == R"([{"Config":")" + blob(image.config_json) +
                                                  R"(","RepoTags":["r8.im/a/b:v1"],"Layers":[")" +
                                                  blob("a") + R"(",")" + blob("b") + R"(",")" +
                                                  blob("a") + R"("]}])");
  CHECK(content_of(files, blob(image.config_json)) == image.config_json);
}

TEST_CASE("write_oci_archive: zstd layers go into the oci form only") {
  Fixture f;
  const auto image = image_of({literal_layer("z", "code", image::kLayerZstdType)});
  const auto refused = f.write(image, ArchiveForm::docker);
  REQUIRE(!refused);
  CHECK(refused.error().kind() == ErrorKind::unsupported);
  CHECK(refused.error().message() == "a docker-archive cannot hold zstd layers (`code`)");
  CHECK(
      refused.error().hints() ==
      std::vector<std::string>{"build with --compression gzip, or write an oci-archive: instead"});
  CHECK(!fs::exists(f.file));
  value_of(f.write(image, ArchiveForm::oci));
}

TEST_CASE("write_oci_archive: a failure leaves the old file and nothing else") {
  Fixture f;
  const auto weights = f.place.path() / "weights.bin";
  value_of(io::write_atomically(weights, "0123456789"));
  const auto image = image_of({file_layer(weights)});
  value_of(io::write_atomically(f.file, "old"));
  value_of(io::write_atomically(weights, "012345678x"));
  CHECK(error_of(f.write(image, ArchiveForm::oci)) ==
        weights.string() + " changed since it was hashed");
  CHECK(value_of(io::read_file(f.file)) == "old");
  CHECK(std::distance(fs::directory_iterator(f.place.path()), fs::directory_iterator()) == 2);
}
