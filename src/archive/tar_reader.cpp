#include "libarchive_handle.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <locale.h>

namespace cogbuild::archive {

namespace {

// One for the process, never freed: loading it reads files, and hundreds of archives are opened.
locale_t utf8_locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
  return locale;
}

// libarchive converts names of pax headers to the thread's character set; under UTF-8 it hands over
// their bytes unchanged. The process's locale stays as it is.
class Utf8Scope {
 public:
  Utf8Scope() : previous_(utf8_locale() != locale_t{} ? ::uselocale(utf8_locale()) : locale_t{}) {}
  Utf8Scope(const Utf8Scope&) = delete;
  Utf8Scope& operator=(const Utf8Scope&) = delete;
  ~Utf8Scope() {
    if (previous_ != locale_t{}) ::uselocale(previous_);
  }

 private:
  locale_t previous_;
};

// What a tar is read from: a source in order, or a file that can be seeked in.
struct Input {
  io::ByteSource* source = nullptr;
  io::Fd file{};
  std::filesystem::path path{};
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;

  [[nodiscard]] bool seekable() const { return source == nullptr; }

  Result<std::size_t> read(std::span<std::byte> buffer) {
    if (source != nullptr) return source->read(buffer);
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_bytes - offset));
    TRY(io::read_at(file, path, offset, buffer.first(count)));
    offset += count;
    return count;
  }

  std::uint64_t skip(std::uint64_t count) {
    if (!seekable()) return 0;
    const auto skipped = std::min(count, size_bytes - offset);
    offset += skipped;
    return skipped;
  }
};

Error damaged(const std::string& reason) {
  return {ErrorKind::integrity, fmt::format("the tar is damaged: {}", reason)};
}

std::string printable(std::string_view name) {
  constexpr std::size_t kShownBytes = 200;
  std::string text;
  for (const char letter : name.substr(0, kShownBytes)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7f)
      text += fmt::format("\\x{:02x}", byte);
    else
      text += letter;
  }
  return name.size() > kShownBytes ? text + "…" : text;
}

EntryType type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return EntryType::hardlink;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return EntryType::file;
    case AE_IFDIR:
      return EntryType::directory;
    case AE_IFLNK:
      return EntryType::symlink;
    default:
      return EntryType::other;
  }
}

std::vector<std::pair<std::string, std::string>> xattrs_of(archive_entry* entry) {
  std::vector<std::pair<std::string, std::string>> xattrs;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  archive_entry_xattr_reset(entry);
  while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK)
    xattrs.emplace_back(name, std::string(static_cast<const char*>(value), size));
  // A tar may carry one attribute twice, as LIBARCHIVE.xattr and as SCHILY.xattr.
  const auto name_of = [](const auto& xattr) -> const std::string& { return xattr.first; };
  std::ranges::stable_sort(xattrs, {}, name_of);
  xattrs.erase(std::unique(xattrs.begin(), xattrs.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first; }),
               xattrs.end());
  return xattrs;
}

Result<std::uint32_t> checked_id(la_int64_t id, const std::string& path) {
  if (id < 0 || id > std::numeric_limits<std::uint32_t>::max())
    return fail(
        Error(ErrorKind::integrity, fmt::format("the owner {} of `{}` is out of range", id, path)));
  return static_cast<std::uint32_t>(id);
}

}  // namespace

Result<std::string> checked_path(std::string_view name) {
  const auto refuse = [whole = name](std::string_view why) {
    return fail(
        Error(ErrorKind::integrity, fmt::format("the entry name `{}` {}", printable(whole), why)));
  };
  if (name.size() > kMaxPathBytes)
    return refuse(fmt::format("is longer than {} bytes", kMaxPathBytes));
  if (name.starts_with('/')) return refuse("is absolute");
  const bool has_control = std::ranges::any_of(name, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f;
  });
  if (has_control) return refuse("holds a control character");

  std::string path;
  path.reserve(name.size());
  while (!name.empty()) {
    const auto slash = name.find('/');
    const std::string_view component = name.substr(0, slash);
    name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
    if (component.empty() || component == ".") continue;
    if (component == "..") return refuse("climbs out with `..`");
    if (!path.empty()) path += '/';
    path += component;
  }
  return path;
}

struct TarReader::State {
  Input input{};
  TarLimits limits{};
  std::array<std::byte, std::size_t{64} * 1024> buffer{};
  std::optional<Error> read_error{};  // what the input said, carried across the C frame
  std::uint64_t entries = 0;
  std::span<const std::byte> block{};  // data that libarchive handed out and nobody has read yet
  std::uint64_t position = 0;          // in the current entry's data
  bool in_entry = false;
  bool ended = false;
  ReadHandle handle = new_read_handle();  // declared last, so freed first

  static la_ssize_t read_block(::archive* handle, void* self, const void** data) noexcept {
    auto& state = *static_cast<State*>(self);
    auto count = state.input.read(state.buffer);
    if (!count) {
      state.read_error = std::move(count).error();
      archive_set_error(handle, EIO, "source failed");
      return -1;
    }
    *data = state.buffer.data();
    return static_cast<la_ssize_t>(*count);
  }

  static la_int64_t skip_block(::archive*, void* self, la_int64_t count) noexcept {
    auto& state = *static_cast<State*>(self);
    return static_cast<la_int64_t>(state.input.skip(static_cast<std::uint64_t>(count)));
  }

  Error error() {
    if (read_error) return *read_error;
    return damaged(last_error(handle.get()));
  }

  [[nodiscard]] std::uint64_t output_bytes() const {
    return static_cast<std::uint64_t>(archive_filter_bytes(handle.get(), 0));
  }

  Result<void> check_expansion() {
    if (archive_filter_count(handle.get()) <= 1) return {};
    const auto input_bytes = static_cast<std::uint64_t>(archive_filter_bytes(handle.get(), -1));
    const std::uint64_t limit = std::max(limits.output_bytes, input_bytes * limits.expansion);
    if (output_bytes() <= limit) return {};
    return fail(Error(
        ErrorKind::integrity,
        fmt::format("the tar unpacks to more than {} bytes from {} bytes", limit, input_bytes)));
  }

  // Fills `block`; leaves it empty at the end of the entry.
  Result<void> next_block() {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(handle.get(), &data, &size, &offset);
    if (status == ARCHIVE_EOF) {
      in_entry = false;
      return {};
    }
    if (status != ARCHIVE_OK) return fail(error());
    TRY(check_expansion());
    if (static_cast<std::uint64_t>(offset) != position)
      return fail(Error(ErrorKind::unsupported, "the tar holds a sparse file"));
    block = {static_cast<const std::byte*>(data), size};
    position += size;
    return {};
  }

  Result<void> skip_entry() {
    block = {};
    if (!in_entry) return {};
    in_entry = false;
    if (archive_filter_count(handle.get()) <= 1) {
      if (archive_read_data_skip(handle.get()) != ARCHIVE_OK) return fail(error());
      return {};
    }
    // Block by block, so that a bomb is noticed on the way.
    for (;;) {
      const void* data = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(handle.get(), &data, &size, &offset);
      if (status == ARCHIVE_EOF) return {};
      if (status != ARCHIVE_OK) return fail(error());
      TRY(check_expansion());
    }
  }

  Result<void> drain() {
    if (input.seekable()) return {};
    for (;;) {
      TRY_ASSIGN(const std::size_t count, input.source->read(buffer));
      if (count == 0) return {};
    }
  }

  Result<TarEntry> to_entry(archive_entry* raw) {
    const char* name = archive_entry_pathname(raw);
    if (name == nullptr) return fail(damaged("an entry has no name"));
    TarEntry entry;
    TRY_ASSIGN(entry.path, checked_path(name));
    entry.type = type_of(raw);
    entry.mode = static_cast<std::uint32_t>(archive_entry_perm(raw)) & 07777U;
    TRY_ASSIGN(entry.uid, checked_id(archive_entry_uid(raw), entry.path));
    TRY_ASSIGN(entry.gid, checked_id(archive_entry_gid(raw), entry.path));
    entry.size_bytes = static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(raw)));
    entry.mtime_seconds = archive_entry_mtime(raw);
    entry.mtime_nanoseconds = static_cast<std::uint32_t>(archive_entry_mtime_nsec(raw));
    if (entry.type == EntryType::hardlink) {
      TRY_ASSIGN(entry.link_target, checked_path(archive_entry_hardlink(raw)));
    } else if (entry.type == EntryType::symlink) {
      const char* target = archive_entry_symlink(raw);
      if (target == nullptr || *target == '\0')
        return fail(damaged(fmt::format("the link `{}` has no target", entry.path)));
      entry.link_target = target;
    }
    entry.xattrs = xattrs_of(raw);
    entry.data_offset = output_bytes();
    return entry;
  }
};

TarReader::TarReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
TarReader::TarReader(TarReader&&) noexcept = default;
TarReader& TarReader::operator=(TarReader&&) noexcept = default;
TarReader::~TarReader() = default;

Result<TarReader> TarReader::start(std::unique_ptr<State> state, TarFilters filters) {
  ::archive* handle = state->handle.get();
  archive_read_support_format_empty(handle);
  archive_read_support_format_tar(handle);
  // Anything but OK would mean that libarchive was built to start a program for this filter.
  const auto supports = [handle](auto... add) { return ((add(handle) == ARCHIVE_OK) && ...); };
  const auto supports_filters = [&] {
    switch (filters) {
      case TarFilters::layers:
        return supports(&archive_read_support_filter_gzip, &archive_read_support_filter_zstd);
      case TarFilters::source_archives:
        return supports(&archive_read_support_filter_gzip, &archive_read_support_filter_bzip2,
                        &archive_read_support_filter_xz);
      case TarFilters::deb_members:
        return supports(&archive_read_support_filter_gzip, &archive_read_support_filter_bzip2,
                        &archive_read_support_filter_xz, &archive_read_support_filter_zstd);
    }
    return false;
  };
  const bool supported = state->input.seekable() || supports_filters();
  if (!supported)
    return fail(Error(ErrorKind::unsupported, "this libarchive lacks a compression of tars"));
  const Utf8Scope scope;
  if (archive_read_open2(handle, state.get(), nullptr, &State::read_block, &State::skip_block,
                         nullptr) != ARCHIVE_OK)
    return fail(state->error());
  return TarReader(std::move(state));
}

Result<TarReader> TarReader::open(io::ByteSource& source, const TarLimits& limits,
                                  TarFilters filters) {
  auto state = std::make_unique<State>();
  state->input.source = &source;
  state->limits = limits;
  return start(std::move(state), filters);
}

Result<TarReader> TarReader::open_file(const std::filesystem::path& path) {
  auto state = std::make_unique<State>();
  TRY_ASSIGN(state->input.file, io::open_for_reading(path));
  TRY_ASSIGN(const io::FileStamp stamp, io::stamp(state->input.file, path));
  state->input.path = path;
  state->input.size_bytes = stamp.size_bytes;
  std::array<std::byte, 4> magic{};
  if (stamp.size_bytes >= magic.size()) TRY(io::read_at(state->input.file, path, 0, magic));
  const std::string_view head = io::text(magic);
  if (head.starts_with("\x1f\x8b") || head == "\x28\xb5\x2f\xfd")
    return fail(Error(ErrorKind::unsupported, fmt::format("{} is compressed", path.string()))
                    .hint("decompress it first: a compressed archive cannot be read in place"));
  return start(std::move(state), TarFilters::layers);
}

Result<std::optional<TarEntry>> TarReader::next() {
  State& state = *state_;
  if (state.ended) return std::nullopt;
  const Utf8Scope scope;
  TRY(state.skip_entry());
  archive_entry* raw = nullptr;
  const int status = archive_read_next_header(state.handle.get(), &raw);
  if (status == ARCHIVE_EOF) {
    state.ended = true;
    TRY(state.drain());
    return std::nullopt;
  }
  // A warning means that a name is not UTF-8 or that an attribute was ignored.
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return fail(state.error());
  TRY(state.check_expansion());
  if (++state.entries > state.limits.entries)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("the tar holds more than {} entries", state.limits.entries)));
  state.in_entry = true;
  state.position = 0;
  TRY_ASSIGN(auto entry, state.to_entry(raw));
  return std::optional(std::move(entry));
}

Result<std::size_t> TarReader::read(std::span<std::byte> buffer) {
  State& state = *state_;
  const Utf8Scope scope;
  while (state.block.empty() && state.in_entry) TRY(state.next_block());
  const std::size_t count = std::min(buffer.size(), state.block.size());
  if (count > 0) std::memcpy(buffer.data(), state.block.data(), count);
  state.block = state.block.subspan(count);
  return count;
}

}  // namespace cogbuild::archive
