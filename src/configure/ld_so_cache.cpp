#include "ld_so_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace cogbuild::configure {
namespace {

constexpr std::string_view kMagic = "glibc-ld.so.cache1.1";
constexpr std::string_view kOldMagic = "ld.so-1.7.0";
constexpr std::string_view kGenerator = "cogbuild";
constexpr std::size_t kHeaderBytes = 48;
constexpr std::size_t kEntryBytes = 24;
constexpr std::size_t kOldHeaderBytes = 16;
constexpr std::size_t kOldEntryBytes = 12;
constexpr std::size_t kSectionBytes = 16;
constexpr std::uint32_t kExtensionMagic = 0xeaa42174;
constexpr std::uint32_t kGeneratorTag = 0;
constexpr std::uint32_t kHwcapsTag = 1;
constexpr std::uint64_t kHwcapExtension = std::uint64_t{1} << 62U;
constexpr std::uint8_t kLittleEndian = 2;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Integer>
void append(std::string& to, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    to.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i))));
}

// Reads integers and texts at offsets, nothing where there are none.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  template <class Integer>
  [[nodiscard]] std::optional<Integer> at(std::size_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(Integer)) return std::nullopt;
    Integer value = 0;
    for (std::size_t i = sizeof(Integer); i-- > 0;)
      value = static_cast<Integer>((value << 8U) | static_cast<std::uint8_t>(bytes_[offset + i]));
    return value;
  }
  [[nodiscard]] std::optional<std::string_view> text(std::size_t offset) const {
    if (offset >= bytes_.size()) return std::nullopt;
    const auto end = bytes_.find('\0', offset);
    if (end == std::string_view::npos) return std::nullopt;
    return bytes_.substr(offset, end - offset);
  }

 private:
  std::string_view bytes_;
};

Error damaged(std::string_view origin, std::string_view what) {
  return Error(ErrorKind::config, fmt::format("{} is damaged: {}", origin, what));
}

// Names of glibc-hwcaps subdirectories; none where there is no such section.
Result<std::vector<std::string>> read_hwcaps(std::string_view bytes, std::string_view origin) {
  const Bytes in(bytes);
  std::vector<std::string> names;
  const auto extension = in.at<std::uint32_t>(32);
  if (!extension || *extension == 0) return names;
  const auto magic = in.at<std::uint32_t>(*extension);
  const auto sections = in.at<std::uint32_t>(std::size_t{*extension} + 4);
  if (!magic || *magic != kExtensionMagic || !sections || *sections > bytes.size() / kSectionBytes)
    return fail(damaged(origin, "its extension is none"));
  for (std::size_t i = 0; i < *sections; ++i) {
    const std::size_t at = *extension + 8 + i * kSectionBytes;
    const auto tag = in.at<std::uint32_t>(at);
    const auto offset = in.at<std::uint32_t>(at + 8);
    const auto size = in.at<std::uint32_t>(at + 12);
    if (!tag || !offset || !size) return fail(damaged(origin, "its extension is cut short"));
    if (*tag != kHwcapsTag) continue;
    for (std::size_t name = 0; name < *size / 4; ++name) {
      const auto where = in.at<std::uint32_t>(*offset + name * 4);
      const auto text = where ? in.text(*where) : std::nullopt;
      if (!text) return fail(damaged(origin, "the name of a subdirectory lies outside"));
      names.emplace_back(*text);
    }
  }
  return names;
}

// Texts by their offsets, each once; a text that ends one before is not written again.
class StringTable {
 public:
  explicit StringTable(std::size_t begin) : begin_(begin) {}

  std::uint32_t add(const std::string& text) {
    if (const auto at = offsets_.find(text); at != offsets_.end()) return at->second;
    const auto offset = static_cast<std::uint32_t>(begin_ + bytes_.size());
    bytes_ += text;
    bytes_.push_back('\0');
    offsets_.emplace(text, offset);
    // A library's path ends in its soname, nearly always.
    if (const auto slash = text.rfind('/'); slash != std::string::npos)
      offsets_.emplace(text.substr(slash + 1), offset + static_cast<std::uint32_t>(slash) + 1);
    return offset;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::size_t begin_;
  std::string bytes_{};
  std::map<std::string, std::uint32_t> offsets_{};
};

bool comes_before(const CacheEntry& a, const CacheEntry& b) {
  if (const int names = compare_library_names(a.soname, b.soname); names != 0) return names > 0;
  if (a.flags != b.flags) return a.flags > b.flags;
  if (a.hwcaps.empty() != b.hwcaps.empty()) return !a.hwcaps.empty();
  if (a.hwcaps != b.hwcaps) return a.hwcaps < b.hwcaps;
  return a.legacy_hwcap > b.legacy_hwcap;
}

}  // namespace

int compare_library_names(std::string_view a, std::string_view b) {
  const auto take_number = [](std::string_view& text) {
    std::uint32_t value = 0;  // wraps, as the linker's does
    while (!text.empty() && is_digit(text.front())) {
      value = value * 10 + static_cast<std::uint32_t>(text.front() - '0');
      text.remove_prefix(1);
    }
    return value;
  };
  while (!a.empty() && !b.empty()) {
    const bool a_digit = is_digit(a.front());
    if (a_digit != is_digit(b.front())) return a_digit ? 1 : -1;
    if (a_digit) {
      const auto a_value = take_number(a);
      const auto b_value = take_number(b);
      if (a_value != b_value) return a_value < b_value ? -1 : 1;
      continue;
    }
    if (a.front() != b.front())
      return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front()) ? -1 : 1;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  if (a.empty() == b.empty()) return 0;
  return a.empty() ? -1 : 1;
}

std::string write_ld_so_cache(std::vector<CacheEntry> entries) {
  std::stable_sort(entries.begin(), entries.end(), comes_before);
  std::vector<std::string> hwcaps;
  for (const auto& entry : entries)
    if (!entry.hwcaps.empty()) hwcaps.push_back(entry.hwcaps);
  std::ranges::sort(hwcaps);
  hwcaps.erase(std::unique(hwcaps.begin(), hwcaps.end()), hwcaps.end());

  StringTable strings(kHeaderBytes + entries.size() * kEntryBytes);
  std::string table;
  for (const auto& entry : entries) {
    const auto path = strings.add(entry.path);
    append(table, entry.flags);
    append(table, strings.add(entry.soname));
    append(table, path);
    append(table, std::uint32_t{0});
    const auto index =
        static_cast<std::uint64_t>(std::ranges::lower_bound(hwcaps, entry.hwcaps) - hwcaps.begin());
    append(table, entry.hwcaps.empty() ? entry.legacy_hwcap : kHwcapExtension | index);
  }
  std::vector<std::uint32_t> hwcaps_offsets;
  for (const auto& name : hwcaps) hwcaps_offsets.push_back(strings.add(name));

  std::size_t extension = kHeaderBytes + table.size() + strings.bytes().size();
  const std::size_t padding = (4 - extension % 4) % 4;
  extension += padding;
  const std::uint32_t sections = hwcaps.empty() ? 1 : 2;
  const std::size_t sections_end = extension + 8 + sections * kSectionBytes;

  std::string cache{kMagic};
  append(cache, static_cast<std::uint32_t>(entries.size()));
  append(cache, static_cast<std::uint32_t>(strings.bytes().size()));
  append(cache, std::uint32_t{kLittleEndian});
  append(cache, static_cast<std::uint32_t>(extension));
  cache.append(12, '\0');
  cache += table;
  cache += strings.bytes();
  cache.append(padding, '\0');
  append(cache, kExtensionMagic);
  append(cache, sections);
  const auto add_section = [&cache](std::uint32_t tag, std::size_t offset, std::size_t size) {
    append(cache, tag);
    append(cache, std::uint32_t{0});
    append(cache, static_cast<std::uint32_t>(offset));
    append(cache, static_cast<std::uint32_t>(size));
  };
  add_section(kGeneratorTag, sections_end + hwcaps.size() * 4, kGenerator.size());
  if (!hwcaps.empty()) add_section(kHwcapsTag, sections_end, hwcaps.size() * 4);
  for (const auto offset : hwcaps_offsets) append(cache, offset);
  cache += kGenerator;
  return cache;
}

Result<std::vector<CacheEntry>> read_ld_so_cache(std::string_view bytes, std::string_view origin) {
  if (bytes.starts_with(kOldMagic)) {
    const auto count = Bytes(bytes).at<std::uint32_t>(12);
    if (!count || *count > bytes.size() / kOldEntryBytes)
      return fail(damaged(origin, "it is cut short"));
    const std::size_t end = (kOldHeaderBytes + *count * kOldEntryBytes + 7) / 8 * 8;
    // Strings alone follow where no newer cache does; nothing made in this century looks so.
    if (end > bytes.size()) return fail(damaged(origin, "it is cut short"));
    bytes.remove_prefix(end);
  }
  if (!bytes.starts_with(kMagic)) return fail(damaged(origin, "it does not begin as a cache does"));
  const Bytes in(bytes);
  const auto count = in.at<std::uint32_t>(20);
  if (bytes.size() < kHeaderBytes || *count > (bytes.size() - kHeaderBytes) / kEntryBytes)
    return fail(damaged(origin, "it is cut short"));
  TRY_ASSIGN(const auto hwcaps, read_hwcaps(bytes, origin));
  std::vector<CacheEntry> entries;
  entries.reserve(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    const std::size_t at = kHeaderBytes + i * kEntryBytes;
    const auto soname = in.text(*in.at<std::uint32_t>(at + 4));
    const auto path = in.text(*in.at<std::uint32_t>(at + 8));
    if (!soname || !path) return fail(damaged(origin, "a name lies outside"));
    CacheEntry entry{.soname = std::string(*soname),
                     .path = std::string(*path),
                     .flags = *in.at<std::uint32_t>(at)};
    const auto hwcap = *in.at<std::uint64_t>(at + 16);
    if ((hwcap & kHwcapExtension) != 0) {
      const auto index = static_cast<std::size_t>(hwcap & 0xffffffffU);
      if (index >= hwcaps.size()) return fail(damaged(origin, "a subdirectory has no name"));
      entry.hwcaps = hwcaps[index];
    } else {
      entry.legacy_hwcap = hwcap;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace cogbuild::configure
