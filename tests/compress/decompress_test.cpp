#include "support/raw_tar.hpp"

#include <cogbuild/compress/decompress.hpp>
#include <cogbuild/compress/gzip.hpp>
#include <cogbuild/compress/zstd.hpp>
#include <cogbuild/io/bytes.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace cogbuild::compress {
namespace {

// Gives its content in pieces of `piece` bytes, as a network would.
class PieceSource final : public io::ByteSource {
 public:
  PieceSource(std::string content, std::size_t piece) : inner_(std::move(content)), piece_(piece) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override {
    return inner_.read(buffer.first(std::min(buffer.size(), piece_)));
  }

 private:
  io::MemorySource inner_;
  std::size_t piece_;
};

Result<std::string> unpack(const std::string& packed, std::size_t piece = 1 << 20) {
  TRY_ASSIGN(auto result, decompress(std::make_unique<PieceSource>(packed, piece)));
  return io::read_all(*result.content, 1 << 24);
}

std::string text_of(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) text += std::to_string(i * 7919U % 10007U) + ' ';
  text.resize(size);
  return text;
}

std::string gzip(const std::string& content) {
  GzipCompressor compressor;
  return std::string(io::text(compressor.member(io::bytes(content))));
}

std::string zstd(const std::string& content) {
  ZstdCompressor compressor(3);
  return std::string(io::text(compressor.frame(io::bytes(content))));
}

TEST_CASE("decompress: every form, in pieces of every size") {
  const std::string a = text_of(50'000);
  const std::string b = text_of(300'000);
  const std::string members = gzip(a) + test::stored_gzip(b) + gzip("") + gzip("end");
  const std::string frames = zstd(a) + std::string("\x50\x2a\x4d\x18\x03\0\0\0xyz", 11) +
                             test::stored_zstd(b) + zstd("end");
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 4093U, 1U << 20U}) {
    CAPTURE(piece);
    CHECK((unpack(members, piece).value() == a + b + "end"));
    CHECK((unpack(frames, piece).value() == a + b + "end"));
    CHECK((unpack(a, piece).value() == a));
  }
  CHECK(unpack("").value().empty());
  CHECK(unpack("\x1f").value() == "\x1f");
  CHECK(unpack(gzip("")).value().empty());
}

TEST_CASE("decompress: says the form") {
  const auto form = [](const std::string& packed) {
    return decompress(std::make_unique<io::MemorySource>(packed)).value().form;
  };
  CHECK(form("tar") == Form::raw);
  CHECK(form(gzip("x")) == Form::gzip);
  CHECK(form(zstd("x")) == Form::zstd);
}

TEST_CASE("decompress: damage is an integrity error") {
  const std::string text = text_of(100'000);
  const std::string member = gzip(text);
  const auto message = [](const std::string& packed, std::size_t piece = 1 << 20) {
    const auto result = unpack(packed, piece);
    if (!result) CHECK(result.error().kind() == ErrorKind::integrity);
    return result ? "no error" : result.error().message();
  };
  for (const std::size_t piece : {1U, 100U, 1U << 20U}) {
    CHECK(message(member.substr(0, member.size() - 1), piece) ==
          "compressed data is damaged: it ends early");
    CHECK(message(member.substr(0, 1000), piece) == "compressed data is damaged: it ends early");
    CHECK(message(member.substr(0, 5), piece) == "compressed data is damaged: it ends early");
    CHECK(message(member + std::string(20, '\0'), piece) ==
          "compressed data is damaged: it is no gzip stream");
  }
  std::string flipped = member;
  flipped[flipped.size() - 8] = static_cast<char>(flipped[flipped.size() - 8] ^ 1);
  CHECK(message(flipped) == "compressed data is damaged: a checksum does not fit");
  const std::string frame = zstd(text);
  CHECK(message(frame.substr(0, frame.size() - 1)) == "compressed data is damaged: it ends early");
  CHECK(message(frame + "tail") == "compressed data is damaged: Unknown frame descriptor");
}

TEST_CASE("decompress: errors of the source come through") {
  class Dead final : public io::ByteSource {
   public:
    Result<std::size_t> read(std::span<std::byte>) override {
      return fail(Error(ErrorKind::network, "the line went dead"));
    }
  };
  const auto result = decompress(std::make_unique<Dead>());
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::network);
}

}  // namespace
}  // namespace cogbuild::compress
