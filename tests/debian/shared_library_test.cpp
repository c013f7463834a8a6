#include <cogbuild/debian/shared_library.hpp>
#include <cogbuild/io/bytes.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;

namespace {

void put(std::string& image, std::size_t offset, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i)
    image[offset + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i) & 0xffU);
}

// One loaded segment at address 0x1000, the dynamic section in it, the strings behind.
std::string library(std::string_view soname, std::uint64_t machine = 62, std::uint64_t type = 3) {
  std::string image(512, '\0');
  image.replace(0, 6,
                std::string("\x7f"
                            "ELF\x02\x01"));
  put(image, 16, type, 2);
  put(image, 18, machine, 2);
  put(image, 32, 64, 8);
  put(image, 54, 56, 2);
  put(image, 56, 2, 2);
  put(image, 64, 1, 4);
  put(image, 64 + 8, 0, 8);
  put(image, 64 + 16, 0x1000, 8);
  put(image, 64 + 32, 512, 8);
  put(image, 120, 2, 4);
  put(image, 120 + 8, 256, 8);
  put(image, 120 + 32, 64, 8);
  put(image, 256, 5, 8);
  put(image, 264, 0x1000 + 400, 8);
  if (!soname.empty()) {
    put(image, 272, 14, 8);
    put(image, 280, 10, 8);
    image.replace(410, soname.size(), soname);
  }
  return image;
}

}  // namespace

TEST_CASE("read_shared_library: the soname, and how the loader's cache marks the architecture") {
  CHECK(*debian::read_shared_library(io::bytes(library("libz.so.1"))) ==
        debian::SharedLibrary{.soname = "libz.so.1", .loader_flags = 0x0303});
  CHECK(*debian::read_shared_library(io::bytes(library("libz.so.1", 183))) ==
        debian::SharedLibrary{.soname = "libz.so.1", .loader_flags = 0x0a03});
  CHECK(*debian::read_shared_library(io::bytes(library(""))) ==
        debian::SharedLibrary{.loader_flags = 0x0303});
}

TEST_CASE("read_shared_library: programs, other machines and texts are none") {
  CHECK_FALSE(debian::read_shared_library(io::bytes(library("libz.so.1", 62, 2))));
  CHECK_FALSE(debian::read_shared_library(io::bytes(library("libz.so.1", 3))));
  CHECK_FALSE(debian::read_shared_library(io::bytes("/* GNU ld script */\nINPUT(x)\n")));
  CHECK_FALSE(debian::read_shared_library({}));
}

TEST_CASE("read_shared_library: a damaged one is none, wherever it is cut or points") {
  const std::string whole = library("libz.so.1");
  for (std::size_t length = 0; length <= 419; ++length)
    CHECK_FALSE(debian::read_shared_library(io::bytes(whole.substr(0, length))));
  CHECK_FALSE(debian::read_shared_library(io::bytes(library("../evil"))));
  CHECK_FALSE(debian::read_shared_library(io::bytes(library("a\nb"))));
  for (const std::size_t field : {32U, 64U + 16U, 120U + 8U, 120U + 32U, 264U, 280U}) {
    std::string damaged = whole;
    put(damaged, field, 0xfffffffffffffff0U, 8);
    CAPTURE(field);
    CHECK_FALSE(debian::read_shared_library(io::bytes(damaged)));
  }
}
