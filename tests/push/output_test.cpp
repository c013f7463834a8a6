#include "sample_image.hpp"
#include "support/raw_tar.hpp"

#include <cogbuild/push/output.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::push;
using namespace cogbuild::push::test;

TEST_CASE(
    "parse_output: each form is told by its prefix, a layout's tag by what follows the last "
    "colon") {
  struct Row {
    std::string text;
    Output output;
  };
  const std::vector<Row> rows{
      {"oci:out", OciLayoutOutput{.directory = "out"}},
      {"oci:out:v1", OciLayoutOutput{.directory = "out", .tag = "v1"}},
      {"oci:a:b/c", OciLayoutOutput{.directory = "a:b/c"}},
      {"oci:a:b/c:d", OciLayoutOutput{.directory = "a:b/c", .tag = "d"}},
      {"oci:/x/y", OciLayoutOutput{.directory = "/x/y"}},
      {"oci:x:", OciLayoutOutput{.directory = "x:"}},
      {"oci:x:-v", OciLayoutOutput{.directory = "x:-v"}},
      {"oci-archive:a:b.tar", OciArchiveOutput{.file = "a:b.tar"}},
      {"docker-archive:/a/b.tar", DockerArchiveOutput{.file = "/a/b.tar"}},
      {"rootfs:tree", RootfsOutput{.directory = "tree"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(value_of(parse_output(row.text)) == row.output);
    CHECK(to_string(row.output) == row.text);
  }
}

TEST_CASE("parse_output: unknown forms and missing places are usage errors") {
  struct Row {
    std::string text;
    std::string message;
  };
  const std::vector<Row> rows{
      {"", "`` is no form of output"},
      {"out.tar", "`out.tar` is no form of output"},
      {"docker:x", "`docker:x` is no form of output"},
      {"OCI:x", "`OCI:x` is no form of output"},
      {"oci", "the output `oci` names no place"},
      {"oci:", "the output `oci:` names no place"},
      {"rootfs:", "the output `rootfs:` names no place"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto output = parse_output(row.text);
    REQUIRE(!output);
    CHECK(output.error().kind() == ErrorKind::usage);
    CHECK(output.error().message() == row.message);
    CHECK(output.error().hints() ==
          std::vector<std::string>{
              "write oci:DIR[:tag], oci-archive:FILE, docker-archive:FILE or rootfs:DIR"});
  }
}

TEST_CASE("write_output: one image goes to all four forms") {
  const auto place = value_of(io::TempDir::create());
  SampleOpener opener;
  progress::Silent reporter;
  const auto image =
      image_of({literal_layer(cogbuild::test::raw_tar({{.name = "a", .content = "x"}}))});
  const auto name = value_of(image::parse_reference("r8.im/user/model:v2"));
  const auto write = [&](const std::string& form, const std::string& where) {
    const auto output = value_of(parse_output(form + ":" + (place.path() / where).string()));
    value_of(write_output(image, name, output, {opener, reporter}));
  };
  write("oci", "layout:release");
  write("oci-archive", "oci.tar");
  write("docker-archive", "docker.tar");
  write("rootfs", "tree");
  const auto index = value_of(io::read_file(place.path() / "layout" / "index.json"));
  CHECK(index.find(R"("org.opencontainers.image.ref.name":"release")") != std::string::npos);
  CHECK(index.find(R"("io.containerd.image.name":"r8.im/user/model:v2")") != std::string::npos);
  const auto archive = value_of(io::read_file(place.path() / "oci.tar"));
  CHECK(archive.find(R"("org.opencontainers.image.ref.name":"v2")") != std::string::npos);
  CHECK(archive.find("manifest.json") == std::string::npos);
  const auto docker = value_of(io::read_file(place.path() / "docker.tar"));
  CHECK(docker.find(R"("RepoTags":["r8.im/user/model:v2"])") != std::string::npos);
  CHECK(value_of(io::read_file(place.path() / "tree" / "a")) == "x");
}
