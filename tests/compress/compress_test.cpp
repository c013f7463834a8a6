#include "support/zip_builder.hpp"

#include <cogbuild/compress/crc32.hpp>
#include <cogbuild/compress/gzip.hpp>
#include <cogbuild/compress/inflate_whole.hpp>
#include <cogbuild/compress/inflater.hpp>
#include <cogbuild/compress/zstd.hpp>
#include <cogbuild/io/bytes.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;

namespace {

// Inflates through a window of `step` bytes on both sides.
Result<std::string> inflate_in_steps(std::string_view input, std::size_t step,
                                     std::size_t* consumed) {
  compress::Inflater inflater;
  std::string out;
  std::vector<std::byte> window(step);
  std::size_t position = 0;
  for (;;) {
    const auto pending = io::bytes(input.substr(position, step));
    TRY_ASSIGN(const auto done, inflater.inflate(pending, window));
    position += done.consumed_bytes;
    out += io::text(std::span(window).first(done.produced_bytes));
    if (done.finished) break;
    if (done.consumed_bytes == 0 && done.produced_bytes == 0)
      return fail(Error(ErrorKind::integrity, "needs more input"));
  }
  *consumed = position;
  return out;
}

std::string raw_deflate(const std::string& content) {
  compress::GzipCompressor compressor;
  const std::string member(io::text(compressor.member(io::bytes(content))));
  return member.substr(10, member.size() - 18);
}

}  // namespace

TEST_CASE("crc32: the check value of the standard, and continuation") {
  CHECK(compress::crc32(0, io::bytes("123456789")) == 0xcbf43926U);
  CHECK(compress::crc32(compress::crc32(0, io::bytes("1234")), io::bytes("56789")) == 0xcbf43926U);
}

TEST_CASE("Inflater: gives back what was deflated, whatever the windows") {
  const std::string content =
      test::noise(100'000, 1) + std::string(300'000, 'a') + test::noise(7, 2);
  const std::string packed = raw_deflate(content);
  for (const std::size_t step :
       {std::size_t{1}, std::size_t{7}, std::size_t{4096}, std::size_t{1} << 20U}) {
    std::size_t consumed = 0;
    const auto out = inflate_in_steps(packed, step, &consumed);
    REQUIRE(out);
    CHECK(*out == content);
    CHECK(consumed == packed.size());
  }
}

TEST_CASE("Inflater: stops at the stream's end and gives back what follows") {
  const std::string packed = raw_deflate("hello");
  std::size_t consumed = 0;
  const auto out = inflate_in_steps(packed + "following bytes", 1 << 16, &consumed);
  REQUIRE(out);
  CHECK(*out == "hello");
  CHECK(consumed == packed.size());
}

TEST_CASE("Inflater: garbage and truncation are errors or ask for more, never silence") {
  std::size_t consumed = 0;
  const auto garbage = inflate_in_steps("\xff\xff\xff\xff\xff\xff", 64, &consumed);
  REQUIRE_FALSE(garbage);
  CHECK(garbage.error().message() == "compressed data is damaged (not a DEFLATE stream)");
  const std::string packed = raw_deflate(test::noise(1000, 3));
  CHECK_FALSE(inflate_in_steps(packed.substr(0, packed.size() / 2), 64, &consumed));
}

TEST_CASE("Inflater: can be used again after reset") {
  compress::Inflater inflater;
  std::vector<std::byte> out(64);
  for (int round = 0; round < 3; ++round) {
    const std::string packed = raw_deflate("round " + std::to_string(round));
    const auto step = inflater.inflate(io::bytes(packed), out);
    REQUIRE(step);
    CHECK(step->finished);
    CHECK(io::text(std::span(out).first(step->produced_bytes)) == "round " + std::to_string(round));
    inflater.reset();
  }
}

TEST_CASE("GzipCompressor: equal blocks give equal members, framed as RFC 1952 says") {
  compress::GzipCompressor first;
  compress::GzipCompressor second;
  const std::string content(100'000, 'x');
  second.member(io::bytes("something else before"));
  const std::string a(io::text(first.member(io::bytes(content))));
  const std::string b(io::text(second.member(io::bytes(content))));
  CHECK(a == b);
  CHECK(a.substr(0, 10) == compress::gzip_member_header());
  CHECK(a.substr(a.size() - 8) ==
        compress::gzip_member_trailer(compress::crc32(0, io::bytes(content)), content.size()));
}

TEST_CASE("stored_block_header: length and its complement, little endian") {
  CHECK(compress::stored_block_header(0x1234, false) == std::string("\x00\x34\x12\xcb\xed", 5));
  CHECK(compress::stored_block_header(0, true) == std::string("\x01\x00\x00\xff\xff", 5));
}

TEST_CASE("ZstdCompressor: equal blocks give equal frames, small blocks small ones") {
  compress::ZstdCompressor compressor(3);
  const std::string content(100'000, 'x');
  const std::string a(io::text(compressor.frame(io::bytes(content))));
  const std::string b(io::text(compressor.frame(io::bytes(content))));
  CHECK(a == b);
  CHECK(a.substr(0, 4) == "\x28\xb5\x2f\xfd");
  CHECK(a.size() < 100);
}

TEST_CASE("WholeInflater: exactly the stream and exactly its size, or an error") {
  compress::WholeInflater inflater;
  const std::string content = test::noise(1000, 6) + std::string(1000, 'w');
  const std::string packed = raw_deflate(content);
  std::vector<std::byte> out(content.size());
  REQUIRE(inflater.inflate(io::bytes(packed), out));
  CHECK(io::text(out) == content);
  std::vector<std::byte> small(content.size() - 1);
  std::vector<std::byte> large(content.size() + 1);
  CHECK_FALSE(inflater.inflate(io::bytes(packed), small));
  CHECK_FALSE(inflater.inflate(io::bytes(packed), large));
  CHECK_FALSE(inflater.inflate(io::bytes(packed + "x"), out));
  const auto damaged = inflater.inflate(io::bytes("\xff\xff\xff"), out);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().message() == "compressed data is damaged (not a DEFLATE stream)");
}
