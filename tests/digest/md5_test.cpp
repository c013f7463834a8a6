#include <cogbuild/digest/md5.hpp>

#include <doctest/doctest.h>

using cogbuild::digest::md5_hex;

TEST_CASE("md5_hex: the test vectors of RFC 1321") {
  CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(md5_hex("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
}
