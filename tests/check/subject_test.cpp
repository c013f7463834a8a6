#include "rule_case.hpp"

namespace cogbuild::check {
namespace {

Subject read(const io::Tree& project) {
  auto subject = read_subject(project, "cog.yaml");
  REQUIRE(subject.has_value());
  return *std::move(subject);
}

TEST_CASE("read_subject: reads the config, Python files, requirements and README") {
  const io::MemoryTree project(
      Files{{"cog.yaml", "build:\n  python_version: \"3.12\"\n  python_requirements: r.txt\n"},
            {"r.txt", "torch==2.1\nnumpy\n"},
            {"b.py", "import os\n"},
            {"a/c.py", "x = 1\n"},
            {"notes.txt", "import os\n"},
            {"README.rst", "other"},
            {"readme.md", "about"}});
  const auto subject = read(project);
  CHECK(subject.config.has_value());
  CHECK(subject.config_text ==
        "build:\n  python_version: \"3.12\"\n  python_requirements: r.txt\n");
  REQUIRE(subject.python.size() == 2);
  CHECK(subject.python[0]->path() == "a/c.py");
  CHECK(subject.python[1]->path() == "b.py");
  CHECK(subject.python_file("b.py") == subject.python[1].get());
  CHECK(subject.python_file("c.py") == nullptr);
  REQUIRE(subject.requirements.has_value());
  CHECK(subject.requirements->requirements.size() == 2);
  CHECK(subject.readme == "about");
}

TEST_CASE("read_subject: python_packages are read as requirements at their places") {
  const io::MemoryTree project(Files{
      {"cog.yaml", "build:\n  python_version: \"3.12\"\n  python_packages:\n    - torch==2.1\n"}});
  const auto subject = read(project);
  REQUIRE(subject.requirements.has_value());
  REQUIRE(subject.requirements->requirements.size() == 1);
  CHECK(subject.requirements->requirements[0].location.line == 4);
}

TEST_CASE("read_subject: faults of the config are flat, and the rest is read nevertheless") {
  const io::MemoryTree project(
      Files{{"cog.yaml", "build:\n  gpu: maybe\n  python_version: nine\n"}, {"a.py", "x = 1\n"}});
  const auto subject = read(project);
  CHECK(!subject.config.has_value());
  CHECK(subject.config_faults.size() == 2);
  for (const auto& fault : subject.config_faults) CHECK(fault.others().empty());
  CHECK(subject.python.size() == 1);
}

TEST_CASE("read_subject: a fault of cogbuild.yaml stands beside a config that is fine") {
  const io::MemoryTree project(Files{{"cog.yaml", ""}, {"cogbuild.yaml", "base: [1\n"}});
  const auto subject = read(project);
  CHECK(subject.config.has_value());
  REQUIRE(subject.config_faults.size() == 1);
  REQUIRE(subject.config_faults[0].location().has_value());
  CHECK(subject.config_faults[0].location()->file == "cogbuild.yaml");
}

TEST_CASE("read_subject: a project without cog.yaml is read as far as it goes") {
  const io::MemoryTree project(Files{{"a.py", "x = 1\n"}});
  const auto subject = read(project);
  CHECK(!subject.config.has_value());
  CHECK(subject.config_faults.size() == 1);
  CHECK(subject.python.size() == 1);
  CHECK(!subject.requirements.has_value());
}

TEST_CASE("read_subject: Git LFS pointers are told apart, and files are listed nevertheless") {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
      "\nsize 1073741824\n";
  const io::MemoryTree project(Files{{"cog.yaml", ""}, {"model.safetensors", pointer}});
  const auto subject = read(project);
  REQUIRE(subject.listing.has_value());
  REQUIRE(!subject.lfs_pointers.empty());
}

TEST_CASE("read_subject: what .dockerignore leaves out is not read") {
  const io::MemoryTree project(
      Files{{"cog.yaml", ""}, {".dockerignore", "old\n"}, {"old/a.py", "x"}, {"b.py", "x"}});
  const auto subject = read(project);
  REQUIRE(subject.python.size() == 1);
  CHECK(subject.python[0]->path() == "b.py");
}

TEST_CASE("read_subject: huge Python files are passed over") {
  const io::MemoryTree project(Files{{"cog.yaml", ""},
                                     {"big.py", std::string((std::size_t{1} << 20) + 1, '#')},
                                     {"edge.py", std::string(std::size_t{1} << 20, '#')}});
  const auto subject = read(project);
  REQUIRE(subject.python.size() == 1);
  CHECK(subject.python[0]->path() == "edge.py");
}

TEST_CASE("read_subject: a requirements file with a fault is absent, its faults told") {
  const io::MemoryTree project(
      Files{{"cog.yaml", "build:\n  python_version: \"3.12\"\n  python_requirements: r.txt\n"},
            {"r.txt", "torch=2\n"}});
  const auto subject = read(project);
  CHECK(!subject.requirements.has_value());
  CHECK(subject.requirement_faults.size() == 1);
}

TEST_CASE("read_subject: a directory that cannot be read is an error") {
  const auto subject = read_subject(io::DiskTree("no/such/directory"), "cog.yaml");
  REQUIRE(!subject.has_value());
  CHECK(subject.error().kind() == ErrorKind::not_found);
}

TEST_CASE("PythonFile: mentions finds parts of words, and parses nothing") {
  const PythonFile file("a.py", "import torchvision\n");
  CHECK(file.mentions({"nothing", "torch"}));
  CHECK(!file.mentions({"tensorflow"}));
  CHECK(!file.mentions({}));
  CHECK(!PythonFile("e.py", "").mentions({"x"}));
}

TEST_CASE("PythonFile: names are those of its imports") {
  const PythonFile file("a.py", "import numpy as np\nx = np.array([1])\n");
  REQUIRE(file.module() != nullptr);
  CHECK(file.module() == file.module());
  const auto second = file.module()->root().named_children().at(1);
  const auto call = second.first_named_child().field("right");
  CHECK(file.names().resolve(call.field("function")) == "numpy.array");
}

TEST_CASE("PythonFile: a file that cannot be parsed has no module and no names") {
  std::string text;
  for (int i = 0; i < 70'000; ++i) text += "a ";
  const PythonFile file("a.py", text);
  CHECK(file.module() == nullptr);
  static_cast<void>(file.names());
}

TEST_CASE("PythonFile: bytes that are no text are no fault") {
  const PythonFile file("a.py", std::string("\0\xff\xfe import x\n", 13));
  CHECK(file.mentions({"import"}));
  CHECK(file.module() != nullptr);
}

}  // namespace
}  // namespace cogbuild::check
