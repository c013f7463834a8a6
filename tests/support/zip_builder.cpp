#include "zip_builder.hpp"

#include <cogbuild/compress/crc32.hpp>
#include <cogbuild/compress/gzip.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>

#include <fstream>

namespace cogbuild::test {

namespace {

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

std::string deflated(const std::string& content) {
  compress::GzipCompressor compressor;
  const std::string member(io::text(compressor.member(io::bytes(content))));
  return member.substr(10, member.size() - 18);  // without gzip's header and trailer
}

std::string base64url(const digest::Digest& digest) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const std::byte b : digest.raw()) {
    bits = (bits << 8) | static_cast<std::uint32_t>(b);
    count += 8;
    while (count >= 6) out += kAlphabet[(bits >> (count -= 6)) & 63];
  }
  if (count > 0) out += kAlphabet[(bits << (6 - count)) & 63];
  return out;
}

}  // namespace

ZipBuilder& ZipBuilder::add(Member member) {
  members_.push_back(std::move(member));
  return *this;
}

std::string ZipBuilder::bytes(std::string_view comment) const {
  std::string out;
  std::string directory;
  for (const auto& member : members_) {
    const std::string data = member.deflate ? deflated(member.content) : member.content;
    const std::uint16_t method = member.method != 0xffff ? member.method : member.deflate ? 8 : 0;
    const std::uint64_t size = member.claimed_size < 0
                                   ? member.content.size()
                                   : static_cast<std::uint64_t>(member.claimed_size);
    const std::uint64_t crc = member.claimed_crc < 0
                                  ? compress::crc32(0, io::bytes(member.content))
                                  : static_cast<std::uint64_t>(member.claimed_crc);
    const std::string& local_name = member.local_name.empty() ? member.name : member.local_name;
    const std::size_t offset = out.size();
    out += "PK\3\4";
    put(out, 20, 2);
    put(out, member.flags, 2);
    put(out, method, 2);
    put(out, 0x00210000, 4);  // 1980-01-01
    put(out, crc, 4);
    put(out, data.size(), 4);
    put(out, size, 4);
    put(out, local_name.size(), 2);
    put(out, 0, 2);
    out += local_name + data;

    directory += "PK\1\2";
    put(directory, 0x0314, 2);
    put(directory, 20, 2);
    put(directory, member.flags, 2);
    put(directory, method, 2);
    put(directory, 0x00210000, 4);
    put(directory, crc, 4);
    put(directory, data.size(), 4);
    put(directory, size, 4);
    put(directory, member.name.size(), 2);
    put(directory, 0, 8);
    put(directory, std::uint64_t{member.unix_mode} << 16U, 4);
    put(directory, offset, 4);
    directory += member.name;
  }
  const std::size_t start = out.size();
  out += directory + "PK\5\6";
  put(out, 0, 4);
  put(out, members_.size(), 2);
  put(out, members_.size(), 2);
  put(out, directory.size(), 4);
  put(out, start, 4);
  put(out, comment.size(), 2);
  return out + std::string(comment);
}

std::string wheel(const std::string& name, const std::string& version,
                  const std::vector<ZipBuilder::Member>& files, const std::string& metadata_lines) {
  const std::string info = name + "-" + version + ".dist-info/";
  std::vector<ZipBuilder::Member> members = files;
  members.push_back({.name = info + "METADATA",
                     .content = "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version +
                                "\n" + metadata_lines});
  members.push_back({.name = info + "WHEEL",
                     .content = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"});
  std::string record;
  for (const auto& member : members)
    record += member.name + ",sha256=" + base64url(digest::digest_of(member.content)) + "," +
              std::to_string(member.content.size()) + "\n";
  record += info + "RECORD,,\n";
  members.push_back({.name = info + "RECORD", .content = record});
  ZipBuilder builder;
  for (auto& member : members) builder.add(std::move(member));
  return builder.bytes();
}

std::string noise(std::size_t size, std::uint32_t seed) {
  std::string out(size, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& c : out) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    c = static_cast<char>(state & 0xffU);
  }
  return out;
}

std::filesystem::path write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

}  // namespace cogbuild::test
