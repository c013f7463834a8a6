#include <cogbuild/debian/shared_library.hpp>
#include <cogbuild/io/bytes.hpp>

#include <algorithm>
#include <string_view>

namespace cogbuild::debian {

namespace {

constexpr std::uint64_t kHeaderBytes = 64;
constexpr std::uint64_t kProgramHeaderBytes = 56;
constexpr std::uint64_t kDynamicEntryBytes = 16;
constexpr std::uint64_t kMaxSonameBytes = 1024;

constexpr std::uint32_t kLoadSegment = 1;
constexpr std::uint32_t kDynamicSegment = 2;
constexpr std::uint64_t kEndTag = 0;
constexpr std::uint64_t kStringTableTag = 5;
constexpr std::uint64_t kSonameTag = 14;

// Little-endian numbers at any offset; what lies outside reads as zero.
class Image {
 public:
  explicit Image(std::span<const std::byte> content) : content_(content) {}

  [[nodiscard]] std::uint64_t number(std::uint64_t offset, std::size_t width) const {
    if (!holds(offset, width)) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;)
      value = value << 8U |
              std::to_integer<std::uint64_t>(content_[static_cast<std::size_t>(offset) + i]);
    return value;
  }
  [[nodiscard]] bool holds(std::uint64_t offset, std::uint64_t bytes) const {
    return offset <= content_.size() && content_.size() - offset >= bytes;
  }
  [[nodiscard]] std::string_view from(std::uint64_t offset, std::uint64_t limit) const {
    if (!holds(offset, 1)) return {};
    return io::text(content_).substr(static_cast<std::size_t>(offset),
                                     static_cast<std::size_t>(limit));
  }

 private:
  std::span<const std::byte> content_;
};

struct ProgramHeader {
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
  std::uint64_t address = 0;
  std::uint64_t size_bytes = 0;
};

ProgramHeader program_header(const Image& image, std::uint64_t at) {
  return {.type = static_cast<std::uint32_t>(image.number(at, 4)),
          .offset = image.number(at + 8, 8),
          .address = image.number(at + 16, 8),
          .size_bytes = image.number(at + 32, 8)};
}

std::uint32_t loader_flags(std::uint64_t machine) {
  constexpr std::uint64_t kX86_64 = 62;
  constexpr std::uint64_t kAarch64 = 183;
  // glibc's FLAG_ELF_LIBC6 with the word of the architecture.
  if (machine == kX86_64) return 0x0303;
  if (machine == kAarch64) return 0x0a03;
  return 0;
}

}  // namespace

std::optional<SharedLibrary> read_shared_library(std::span<const std::byte> content) {
  using std::string_view_literals::operator""sv;
  const Image image(content);
  constexpr std::uint64_t kSharedObject = 3;
  if (!image.holds(0, kHeaderBytes) ||
      !io::text(content).starts_with("\x7f"
                                     "ELF\x02\x01"sv) ||
      image.number(16, 2) != kSharedObject)
    return std::nullopt;
  SharedLibrary library{.loader_flags = loader_flags(image.number(18, 2))};
  if (library.loader_flags == 0) return std::nullopt;

  const std::uint64_t table = image.number(32, 8);
  const std::uint64_t count = image.number(56, 2);
  if (image.number(54, 2) != kProgramHeaderBytes ||
      !image.holds(table, count * kProgramHeaderBytes))
    return std::nullopt;
  const auto header = [&](std::uint64_t i) {
    return program_header(image, table + i * kProgramHeaderBytes);
  };

  std::optional<ProgramHeader> dynamic;
  for (std::uint64_t i = 0; i < count; ++i)
    if (const auto segment = header(i); segment.type == kDynamicSegment) dynamic = segment;
  if (!dynamic || !image.holds(dynamic->offset, dynamic->size_bytes)) return std::nullopt;

  std::optional<std::uint64_t> name;
  std::optional<std::uint64_t> strings;
  const std::uint64_t end =
      dynamic->offset + dynamic->size_bytes / kDynamicEntryBytes * kDynamicEntryBytes;
  for (std::uint64_t at = dynamic->offset; at < end; at += kDynamicEntryBytes) {
    const std::uint64_t tag = image.number(at, 8);
    if (tag == kEndTag) break;
    if (tag == kSonameTag) name = image.number(at + 8, 8);
    if (tag == kStringTableTag) strings = image.number(at + 8, 8);
  }
  if (!name) return library;
  if (!strings) return std::nullopt;

  // The table is given by its address in memory; the segment that loads it says where it is.
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto segment = header(i);
    if (segment.type != kLoadSegment || *strings < segment.address ||
        *strings - segment.address >= segment.size_bytes)
      continue;
    const std::uint64_t offset = segment.offset + (*strings - segment.address) + *name;
    const std::string_view text = image.from(offset, kMaxSonameBytes);
    const auto length = text.find('\0');
    const auto soname = text.substr(0, length);
    // It names a file of a directory; anything else would go into the loader's cache as it is.
    const bool plain = std::ranges::all_of(
        soname, [](char letter) { return letter > ' ' && letter != 0x7f && letter != '/'; });
    if (length == std::string_view::npos || soname.empty() || !plain) return std::nullopt;
    library.soname = soname;
    return library;
  }
  return std::nullopt;
}

}  // namespace cogbuild::debian
