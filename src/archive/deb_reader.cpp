#include <cogbuild/archive/deb_reader.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

// ar(5) as deb(5) wants it:
//
//     deb    = "!<arch>" LF member*
//     member = name[16] mtime[12] uid[6] gid[6] mode[8] size[10] "`" LF content [LF when odd]
//
// Fields are padded with spaces; a name may end in a slash.
namespace cogbuild::archive {

namespace {

constexpr std::string_view kMagic = "!<arch>\n";
constexpr std::uint64_t kHeaderBytes = 60;
constexpr std::uint64_t kControlLimitBytes = std::uint64_t{16} << 20U;

struct Member {
  std::string name{};
  std::uint64_t offset = 0;  // of the content
  std::uint64_t size_bytes = 0;
};

std::string_view trimmed(std::string_view field) {
  const auto last = field.find_last_not_of(' ');
  return field.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::optional<Member> parse_member(std::string_view header, std::uint64_t offset) {
  if (header.substr(58) != "`\n") return std::nullopt;
  std::string_view name = trimmed(header.substr(0, 16));
  if (name.ends_with('/')) name.remove_suffix(1);
  const std::string_view size = trimmed(header.substr(48, 10));
  Member member{.name = std::string(name), .offset = offset + kHeaderBytes};
  const auto [end, error] =
      std::from_chars(size.data(), size.data() + size.size(), member.size_bytes);
  if (error != std::errc() || end != size.data() + size.size() || name.empty()) return std::nullopt;
  return member;
}

}  // namespace

struct DebReader::State {
  std::filesystem::path path{};
  io::Fd file{};
  std::uint64_t size_bytes = 0;
  Member control{};
  Member data{};
  std::unique_ptr<io::ByteSource> data_source{};

  [[nodiscard]] Error damaged(std::string_view why) const {
    return {ErrorKind::integrity,
            fmt::format("{} is no package: {}", path.filename().string(), why)};
  }

  // The member whose header lies at `offset`, moving it behind the content.
  Result<Member> next(std::uint64_t& offset) const {
    std::array<std::byte, kHeaderBytes> header{};
    if (size_bytes - std::min(offset, size_bytes) < header.size())
      return fail(damaged("it is cut short"));
    TRY(io::read_at(file, path, offset, header));
    auto member = parse_member(io::text(header), offset);
    if (!member) return fail(damaged("a member of the archive has a damaged header"));
    if (member->size_bytes > size_bytes - member->offset)
      return fail(damaged(fmt::format("`{}` is cut short", member->name)));
    offset = member->offset + member->size_bytes + member->size_bytes % 2;
    return *std::move(member);
  }

  // The next member that readers of this version of the format must know.
  Result<Member> next_known(std::uint64_t& offset) const {
    for (;;) {
      TRY_ASSIGN(auto member, next(offset));
      if (!member.name.starts_with('_')) return member;
    }
  }

  Result<void> check_version(std::uint64_t& offset) const {
    TRY_ASSIGN(const auto member, next(offset));
    constexpr std::uint64_t kLimitBytes = 64;
    if (member.name != "debian-binary" || member.size_bytes > kLimitBytes)
      return fail(damaged("it does not begin with `debian-binary`"));
    std::string version(static_cast<std::size_t>(member.size_bytes), '\0');
    TRY(io::read_at(file, path, member.offset, std::as_writable_bytes(std::span(version))));
    version.resize(std::min(version.size(), version.find('\n')));
    if (version.starts_with("2.")) return {};
    const bool plain =
        std::ranges::all_of(version, [](char letter) { return letter > ' ' && letter < 0x7f; });
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("{} is a package of format {}, and only 2.x is known",
                                  path.filename().string(), plain ? version : "?")));
  }

  // `control` or `data` with the compression that its name says.
  Result<Member> expect(std::string_view name, std::uint64_t& offset) const {
    TRY_ASSIGN(auto member, next_known(offset));
    const std::string tar = fmt::format("{}.tar", name);
    if (!member.name.starts_with(tar)) return fail(damaged(fmt::format("`{}` is missing", tar)));
    constexpr std::array<std::string_view, 5> kKnown = {"", ".gz", ".xz", ".zst", ".bz2"};
    const auto suffix = std::string_view(member.name).substr(tar.size());
    if (std::ranges::find(kKnown, suffix) == kKnown.end())
      return fail(
          Error(ErrorKind::unsupported, fmt::format("{} holds `{}`, whose compression is not known",
                                                    path.filename().string(), member.name)));
    return member;
  }

  [[nodiscard]] Result<std::unique_ptr<io::ByteSource>> open(const Member& member) const {
    TRY_ASSIGN(auto source, io::FileSource::open(path, member.offset, member.size_bytes));
    return std::unique_ptr<io::ByteSource>(std::move(source));
  }
};

DebReader::DebReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
DebReader::DebReader(DebReader&&) noexcept = default;
DebReader& DebReader::operator=(DebReader&&) noexcept = default;
DebReader::~DebReader() = default;

Result<DebReader> DebReader::open(const std::filesystem::path& file) {
  auto state = std::make_unique<State>();
  state->path = file;
  TRY_ASSIGN(state->file, io::open_for_reading(file));
  TRY_ASSIGN(const io::FileStamp stamp, io::stamp(state->file, file));
  state->size_bytes = stamp.size_bytes;
  std::array<std::byte, kMagic.size()> magic{};
  if (stamp.size_bytes >= magic.size()) TRY(io::read_at(state->file, file, 0, magic));
  if (io::text(magic) != kMagic) return fail(state->damaged("it is no ar archive"));
  std::uint64_t offset = magic.size();
  TRY(state->check_version(offset));
  TRY_ASSIGN(state->control, state->expect("control", offset));
  TRY_ASSIGN(state->data, state->expect("data", offset));
  return DebReader(std::move(state));
}

Result<std::vector<std::pair<std::string, std::string>>> DebReader::control() {
  TRY_ASSIGN(const auto source, state_->open(state_->control));
  TRY_ASSIGN(auto tar, TarReader::open(*source, {.output_bytes = 2 * kControlLimitBytes},
                                       TarFilters::deb_members));
  std::vector<std::pair<std::string, std::string>> files;
  std::uint64_t total = 0;
  for (;;) {
    TRY_ASSIGN(const auto entry, tar.next());
    if (!entry) break;
    if (entry->type == EntryType::directory && entry->path.empty()) continue;
    if (entry->type != EntryType::file || entry->path.find('/') != std::string::npos)
      return fail(
          state_->damaged(fmt::format("`{}` among its control files is no file", entry->path)));
    total += entry->size_bytes;
    if (total > kControlLimitBytes)
      return fail(state_->damaged(
          fmt::format("its control files take more than {} bytes", kControlLimitBytes)));
    EntrySource content(tar);
    TRY_ASSIGN(auto text, io::read_all(content, kControlLimitBytes));
    files.emplace_back(entry->path, std::move(text));
  }
  std::ranges::sort(files);
  const auto twice = std::ranges::adjacent_find(
      files, [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice != files.end())
    return fail(state_->damaged(fmt::format("its control file `{}` is there twice", twice->first)));
  return files;
}

Result<TarReader> DebReader::data() {
  TRY_ASSIGN(state_->data_source, state_->open(state_->data));
  return TarReader::open(*state_->data_source, {}, TarFilters::deb_members);
}

}  // namespace cogbuild::archive
