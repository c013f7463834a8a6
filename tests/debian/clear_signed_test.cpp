#include <cogbuild/debian/clear_signed.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using debian::split_clear_signed;

namespace {

const std::string kBegin = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n";
const std::string kBody = "Origin: Debian\n- -----dashed\nSuite: s\n";
const std::string kSignature =
    "-----BEGIN PGP SIGNATURE-----\n\niQIz\n=abcd\n-----END PGP SIGNATURE-----\n";

std::string problem(const std::string& text) {
  const auto parts = split_clear_signed(text);
  return parts ? "" : render(parts.error());
}

}  // namespace

TEST_CASE("split_clear_signed: the text and its signature") {
  const std::string text = kBegin + kBody + kSignature;
  const auto parts = split_clear_signed(text);
  REQUIRE(parts);
  CHECK(parts->body == kBody);
  CHECK(parts->signature == kSignature);
  CHECK(parts->body.data() == text.data() + kBegin.size());
  CHECK(split_clear_signed(text + "\n \n").value().signature == kSignature);
  CHECK(problem(kBegin + kSignature) == "");
}

TEST_CASE("split_clear_signed: nothing may stand around the signed block") {
  CHECK(problem("Suite: evil\n" + kBegin + kBody + kSignature) ==
        "error: line 1 of the signed index, `Suite: evil`, stands before the signed text\n");
  CHECK(problem("\n" + kBegin + kBody + kSignature) ==
        "error: line 1 of the signed index, ``, stands before the signed text\n");
  CHECK(problem(kBegin + kBody + kSignature + "Suite: evil\n") ==
        "error: line 12 of the signed index, `Suite: evil`, stands after the signed text\n");
  CHECK(problem(kBegin + kBody + kSignature + kBegin + kBody + kSignature) ==
        "error: line 12 of the signed index, `-----BEGIN PGP SIGNED MESSAGE-----`, stands after "
        "the signed text\n");
}

TEST_CASE("split_clear_signed: no text hidden between the parts") {
  CHECK(problem("-----BEGIN PGP SIGNED MESSAGE-----\nSuite: evil\n\n" + kBody + kSignature) ==
        "error: line 2 of the signed index, `Suite: evil`, is not a header of a signed text\n");
  CHECK(problem(kBegin + "-----BEGIN PGP SIGNED MESSAGE-----\n" + kBody + kSignature) ==
        "error: line 4 of the signed index, `-----BEGIN PGP SIGNED MESSAGE-----`, is not text that "
        "can be signed\n");
  CHECK(problem(kBegin + kBody + "-----BEGIN PGP SIGNATURE-----\n-----BEGIN PGP MESSAGE-----\n") ==
        "error: line 8 of the signed index, `-----BEGIN PGP MESSAGE-----`, is not part of a "
        "signature\n");
}

TEST_CASE("split_clear_signed: a block that is cut off") {
  CHECK(problem("") ==
        "error: the signed index has no line `-----BEGIN PGP SIGNED MESSAGE-----`\n");
  CHECK(problem("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n") ==
        "error: the signed index has no line `-----BEGIN PGP SIGNATURE-----`\n");
  CHECK(problem(kBegin + kBody) ==
        "error: the signed index has no line `-----BEGIN PGP SIGNATURE-----`\n");
  CHECK(problem(kBegin + kBody + "-----BEGIN PGP SIGNATURE-----\n\nabc\n") ==
        "error: the signed index has no line `-----END PGP SIGNATURE-----`\n");
}
