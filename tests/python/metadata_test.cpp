#include <cogbuild/python/metadata.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using python::parse_metadata;

TEST_CASE("parse_metadata: the fields that matter, body ignored") {
  const auto metadata = parse_metadata(
      "Metadata-Version: 2.1\r\n"
      "Name: Zope.Interface\r\n"
      "Version: 5.0\r\n"
      "License: one\r\n"
      "        two: three\r\n"
      "requires-python: >=3.5.*\r\n"
      "Requires-Dist: numpy (>=1.20)\r\n"
      "Requires-Dist: torch>=1.0 ;\r\n"
      "  extra == 'gpu'\r\n"
      "Provides-Extra: Gpu_X\r\n"
      "\r\n"
      "Requires-Dist: never\r\n");
  REQUIRE(metadata);
  CHECK(metadata->name_text == "Zope.Interface");
  CHECK(to_string(metadata->name) == "zope-interface");
  CHECK(to_string(metadata->version) == "5.0");
  CHECK(to_string(*metadata->requires_python) == ">=3.5");
  REQUIRE(metadata->requires_dist.size() == 2);
  CHECK(to_string(metadata->requires_dist[0]) == "numpy>=1.20");
  CHECK(to_string(metadata->requires_dist[1]) == "torch>=1.0 ; extra == \"gpu\"");
  CHECK(metadata->provides_extras == std::vector<std::string>{"gpu-x"});
}

TEST_CASE("parse_metadata: blank continued lines add nothing to a field") {
  const std::string text = "Name: a\nVersion: 1\nRequires-Dist:\n \n  b ;\n\t\n  extra == 'c'\n";
  const auto metadata = python::parse_metadata(text);
  REQUIRE(metadata);
  CHECK(to_string(metadata->requires_dist.at(0)) == "b ; extra == \"c\"");
  CHECK(python::parse_metadata(python::metadata_fields(text).value()) == *metadata);
  const auto empty = python::parse_metadata("Name: a\nVersion: 1\nProvides-Extra:\n  \n");
  REQUIRE(empty);
  CHECK(empty->provides_extras == std::vector<std::string>{""});
}

TEST_CASE("parse_metadata: missing and broken fields are errors") {
  CHECK(parse_metadata("Version: 1\n").error().message() == "METADATA has no `Name`");
  CHECK(parse_metadata("Name: x\n").error().message() == "METADATA has no `Version`");
  CHECK(parse_metadata("").error().message() == "METADATA has no `Name`");
  const auto broken = parse_metadata("Name: x\nVersion: 1\nRequires-Dist: y; what == '1'\n");
  REQUIRE(!broken);
  CHECK(broken.error().steps() == std::vector<std::string>{"reading `requires-dist` of METADATA"});
  CHECK(broken.error().message() ==
        "`y; what == '1'` is not a valid requirement: `what == '1'` is not a valid marker: `what` "
        "is not "
        "a variable at character 1");
  CHECK(parse_metadata(std::string(python::kMaxMetadataBytes + 1, 'x')).error().kind() ==
        ErrorKind::integrity);
}

TEST_CASE("metadata_fields: keeps what is read, unfolded, and nothing else") {
  const auto fields = python::metadata_fields(
      "Metadata-Version: 2.1\r\nname : X\nVERSION:1\nLicense: one\n  Requires-Dist: two\n"
      "Classifier: many\nRequires-Dist: torch>=1.0 ;\r\n  extra == 'gpu'\r\nProvides-Extra: gpu\n"
      "Requires-Python: >=3\nDynamic: License\n\nVersion: 2\n");
  REQUIRE(fields);
  CHECK(*fields ==
        "Metadata-Version: 2.1\nName: X\nVersion: 1\nRequires-Dist: torch>=1.0 ; extra == 'gpu'\n"
        "Provides-Extra: gpu\nRequires-Python: >=3\nDynamic: License\n");
  CHECK(python::metadata_fields(*fields).value() == *fields);
  CHECK(python::metadata_fields(std::string(python::kMaxMetadataBytes + 1, 'x')).error().kind() ==
        ErrorKind::integrity);
}
