#include <cogbuild/archive/tar_header.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace cogbuild::archive {

namespace {

constexpr std::size_t kBlockBytes = 512;
constexpr std::size_t kNameBytes = 100;
constexpr std::size_t kPrefixBytes = 155;
constexpr std::uint64_t kLargestOctalSize = 077777777777;
constexpr std::uint64_t kLargestOctalId = 07777777;

// Octal with leading zeros and a final NUL, as POSIX ustar wants it.
void put_octal(std::string& block, std::size_t offset, std::size_t width, std::uint64_t value) {
  for (std::size_t i = width - 1; i-- > 0; value >>= 3U)
    block[offset + i] = static_cast<char>('0' + (value & 7U));
}

// Prefix and name, when the path fits into the two fields at a slash.
std::optional<std::pair<std::string_view, std::string_view>> split(std::string_view path) {
  if (path.size() <= kNameBytes) return std::pair{std::string_view(), path};
  // The last slash that leaves a prefix of at most 155 bytes; a trailing slash belongs to the name.
  const auto slash = path.rfind('/', std::min(kPrefixBytes, path.size() - 2));
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const auto name = path.substr(slash + 1);
  if (name.empty() || name.size() > kNameBytes) return std::nullopt;
  return std::pair{path.substr(0, slash), name};
}

std::string block_of(const TarHeader& header, std::string_view prefix, std::string_view name,
                     std::string_view link, char type, std::uint64_t size) {
  std::string block(kBlockBytes, '\0');
  block.replace(0, name.size(), name);
  put_octal(block, 100, 8, header.mode);
  put_octal(block, 108, 8, header.uid > kLargestOctalId ? 0 : header.uid);
  put_octal(block, 116, 8, header.gid > kLargestOctalId ? 0 : header.gid);
  put_octal(block, 124, 12, size > kLargestOctalSize ? 0 : size);
  put_octal(block, 136, 12,
            static_cast<std::uint64_t>(std::max<std::int64_t>(header.mtime_seconds, 0)));
  block[156] = type;
  block.replace(157, link.size(), link);
  block.replace(257, 8, std::string_view("ustar\00000", 8));
  block.replace(345, prefix.size(), prefix);
  block.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put_octal(block, 148, 7, sum);
  block[154] = '\0';
  return block;
}

// `<length> <key>=<value>\n`, the length counting itself.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (length != rest + fmt::formatted_size("{}", length)) ++length;
  return fmt::format("{} {}={}\n", length, key, value);
}

std::string pad(std::string content) {
  content.resize((content.size() + kBlockBytes - 1) / kBlockBytes * kBlockBytes, '\0');
  return content;
}

}  // namespace

std::string tar_header(const TarHeader& header) {
  std::string path = header.path;
  if (header.type == TarType::directory && !path.ends_with('/')) path += '/';
  const std::uint64_t size = header.type == TarType::file ? header.size_bytes : 0;

  std::string records;
  const auto parts = split(path);
  if (!header.capability.empty())
    records += pax_record("SCHILY.xattr.security.capability", header.capability);
  if (header.gid > kLargestOctalId) records += pax_record("gid", fmt::format("{}", header.gid));
  if (header.link_target.size() > kNameBytes) records += pax_record("linkpath", header.link_target);
  if (!parts) records += pax_record("path", path);
  if (size > kLargestOctalSize) records += pax_record("size", fmt::format("{}", size));
  if (header.uid > kLargestOctalId) records += pax_record("uid", fmt::format("{}", header.uid));

  const auto [prefix, name] =
      parts.value_or(std::pair{std::string_view(), std::string_view(path).substr(0, kNameBytes)});
  std::string out;
  if (!records.empty()) {
    TarHeader extended;
    out = block_of(extended, {}, std::string_view("PaxHeader"), {}, 'x', records.size());
    out += pad(std::move(records));
  }
  out += block_of(header, prefix, name, std::string_view(header.link_target).substr(0, kNameBytes),
                  static_cast<char>(header.type), size);
  return out;
}

std::string tar_padding(std::uint64_t content_bytes) {
  return std::string((kBlockBytes - content_bytes % kBlockBytes) % kBlockBytes, '\0');
}

std::string tar_end() { return std::string(kTarEndBytes, '\0'); }

}  // namespace cogbuild::archive
