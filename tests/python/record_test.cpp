#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/record.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::parse_record;
using python::RecordEntry;

TEST_CASE("to_record_hash: urlsafe base64 without padding") {
  CHECK(python::to_record_hash(digest::digest_of("")) ==
        "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

TEST_CASE("parse_record: rows, quotes and the row of RECORD itself") {
  const std::string text =
      "pkg/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
      "\"pkg/a,\"\"b\"\".txt\",sha512=abc,12\n"
      "pkg-1.dist-info/RECORD,,\n";
  const auto entries = parse_record(text);
  REQUIRE(entries);
  REQUIRE(entries->size() == 3);
  CHECK((*entries)[0] ==
        RecordEntry{.path = "pkg/__init__.py", .digest = digest::digest_of(""), .size_bytes = 0});
  CHECK((*entries)[1] ==
        RecordEntry{.path = "pkg/a,\"b\".txt", .other_hash = "sha512=abc", .size_bytes = 12});
  CHECK((*entries)[2] == RecordEntry{.path = "pkg-1.dist-info/RECORD"});
  CHECK(python::to_record_text(*entries) == text);
}

TEST_CASE("parse_record: CRLF, padding, blank lines and missing fields are taken") {
  const auto entries =
      parse_record("a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=,0\r\n\r\nb\r\nc,");
  REQUIRE(entries);
  CHECK(python::to_record_text(*entries) ==
        "a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\nb,,\nc,,\n");
}

TEST_CASE("parse_record: broken rows are errors that name the row") {
  CHECK(parse_record("a,,\n\"b,,\n").error().message() == "RECORD row 2: a quote is not closed");
  CHECK(parse_record("a,,1,x\n").error().message() == "RECORD row 1: it has 4 fields, not 3");
  CHECK(parse_record(",,\n").error().message() == "RECORD row 1: the path is empty");
  CHECK(parse_record("a,sha256=x,\n").error().message() ==
        "RECORD row 1: `sha256=x` is not a SHA-256");
  CHECK(parse_record("a,what,\n").error().message() == "RECORD row 1: `what` is not a hash");
  CHECK(parse_record("a,,-1\n").error().message() == "RECORD row 1: `-1` is not a size");
  CHECK(parse_record("a,,99999999999999999999\n").error().message() ==
        "RECORD row 1: `99999999999999999999` is not a size");
}
