#include <cogbuild/apt/binary_keyring.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;

namespace {

const std::string kBegin = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
const std::string kEnd = "-----END PGP PUBLIC KEY BLOCK-----\n";

std::string outcome(const std::string& file) {
  const auto keyring = apt::binary_keyring(file);
  return keyring ? *keyring : keyring.error().message();
}

}  // namespace

TEST_CASE("binary_keyring: decodes armour, leaves binary files as they are") {
  const std::string key = "\x98\x33\x04\x6a";
  const std::string keybox = std::string("\0\0\0\x20\1\1\0\2KBXf\0\0\0\0", 16);
  CHECK(outcome(key) == key);
  CHECK(outcome(keybox) == keybox);
  CHECK(outcome(kBegin + "\nmDMEag==\n" + kEnd) == key);
  CHECK(outcome(kBegin + "Version: 1\nComment: a: b\n \nmDM\r\nEag==\r\n" + kEnd) == key);
  CHECK(outcome("a comment\n" + kBegin + "\nmDME\n" + kEnd + kBegin + "\nag==\n" + kEnd) == key);
}

TEST_CASE("binary_keyring: says what is wrong") {
  struct Case {
    std::string file{};
    std::string message{};
  };
  const Case cases[] = {
      {"", "it is empty"},
      {"no key", "it holds no public key"},
      {kBegin + "\nmDMEag==\n", "an armoured key ends early"},
      {kBegin, "an armoured key ends early"},
      {kBegin + "mDMEag==\n" + kEnd, "an armoured key has a header that is none"},
      {kBegin + "\nmDM*ag==\n" + kEnd, "an armoured key is not in base64"},
      {kBegin + "\n" + kEnd, "an armoured key is empty"},
      {kBegin + "\nmDMEag==\n=AAAA\n" + kEnd, "the checksum of a key does not fit"},
      {kBegin + "\nmDMEag==\n=AAAA\nmDME\n" + kEnd, "something follows the checksum of a key"},
  };
  for (const auto& [file, message] : cases) {
    CAPTURE(file);
    CHECK(outcome(file) == "the keyring is damaged: " + message);
  }
}
