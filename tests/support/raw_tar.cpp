#include "raw_tar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace cogbuild::test {

namespace {

constexpr std::size_t kBlockBytes = 512;

void put(std::string& header, std::size_t offset, std::size_t length, const std::string& value) {
  header.replace(offset, std::min(length, value.size()), value, 0, std::min(length, value.size()));
}

std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>((value >> (8 * i)) & 0xff);
  return text;
}

std::uint32_t crc32(const std::string& content) {
  std::uint32_t crc = 0xffffffffU;
  for (const char letter : content) {
    crc ^= static_cast<unsigned char>(letter);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

}  // namespace

RawEntry directory(const std::string& name, unsigned mode) {
  return {.name = name, .type = '5', .mode = mode};
}

RawEntry symlink(const std::string& name, const std::string& target) {
  return {.name = name, .type = '2', .link = target, .mode = 0777};
}

RawEntry hardlink(const std::string& name, const std::string& target) {
  return {.name = name, .type = '1', .link = target};
}

RawEntry pax(const std::vector<std::pair<std::string, std::string>>& records) {
  std::string body;
  for (const auto& [key, value] : records) {
    const std::size_t rest = key.size() + value.size() + 3;
    std::size_t length = rest + 1;
    while (rest + std::to_string(length).size() != length) ++length;
    body += fmt::format("{} {}={}\n", length, key, value);
  }
  return {.name = "pax", .content = body, .type = 'x'};
}

std::string raw_tar_open(const std::vector<RawEntry>& entries) {
  std::string tar;
  for (const auto& entry : entries) {
    std::string header(kBlockBytes, '\0');
    const auto size =
        entry.false_size >= 0 ? static_cast<std::uint64_t>(entry.false_size) : entry.content.size();
    put(header, 0, 100, entry.name);
    put(header, 100, 8, fmt::format("{:07o}", entry.mode));
    put(header, 108, 8, fmt::format("{:07o}", entry.uid));
    put(header, 116, 8, fmt::format("{:07o}", entry.gid));
    put(header, 124, 12, fmt::format("{:011o}", size));
    put(header, 136, 12, fmt::format("{:011o}", 315532800));
    put(header, 148, 8, "        ");
    header[156] = entry.type;
    put(header, 157, 100, entry.link);
    put(header, 257, 8,
        std::string("ustar\0"
                    "00",
                    8));
    unsigned sum = 0;
    for (const char letter : header) sum += static_cast<unsigned char>(letter);
    put(header, 148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    tar += header;
    tar += entry.content;
    tar.append((kBlockBytes - entry.content.size() % kBlockBytes) % kBlockBytes, '\0');
  }
  return tar;
}

std::string raw_tar(const std::vector<RawEntry>& entries) {
  return raw_tar_open(entries) + std::string(2 * kBlockBytes, '\0');
}

std::string stored_gzip(const std::string& content) {
  constexpr std::size_t kStoredBytes = 65535;
  std::string out("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
  std::size_t offset = 0;
  do {
    const std::size_t length = std::min(kStoredBytes, content.size() - offset);
    out += offset + length == content.size() ? '\x01' : '\x00';
    out += little_endian(length, 2) + little_endian(~length, 2);
    out.append(content, offset, length);
    offset += length;
  } while (offset < content.size());
  return out + little_endian(crc32(content), 4) + little_endian(content.size(), 4);
}

std::string stored_zstd(const std::string& content) {
  constexpr std::size_t kRawBytes = 100'000;
  std::string out("\x28\xb5\x2f\xfd\xa0", 5);
  out += little_endian(content.size(), 4);
  std::size_t offset = 0;
  do {
    const std::size_t length = std::min(kRawBytes, content.size() - offset);
    const unsigned last = offset + length == content.size() ? 1 : 0;
    out += little_endian(last | length << 3, 3);
    out.append(content, offset, length);
    offset += length;
  } while (offset < content.size());
  return out;
}

}  // namespace cogbuild::test
