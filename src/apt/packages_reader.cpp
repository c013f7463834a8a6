#include "packages_reader.hpp"

#include "keyring.hpp"
#include "mirror_files.hpp"
#include "release_reader.hpp"

#include <cogbuild/archive/xz_source.hpp>
#include <cogbuild/compress/decompress.hpp>
#include <cogbuild/compress/zstd.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace cogbuild::apt {

namespace {

// The best to decode first. Plain ones are listed everywhere, and hardly ever there.
constexpr std::array<std::string_view, 4> kEndings = {".zst", ".xz", ".gz", ""};
constexpr std::uint64_t kLongestText = std::uint64_t{1} << 30U;

std::string key_of_list(const digest::Digest& packed) { return "apt packages " + packed.hex(); }

struct StoredList {
  digest::Digest blob{};
  std::uint64_t text_bytes = 0;
};

// `<hex> <bytes>`
std::optional<StoredList> parse_stored_list(std::string_view text) {
  const auto space = std::min(text.find(' '), text.size());
  const auto blob = digest::Digest::parse_hex(text.substr(0, space));
  const auto number = text.substr(std::min(space + 1, text.size()));
  StoredList list;
  const auto [end, code] =
      std::from_chars(number.data(), number.data() + number.size(), list.text_bytes);
  if (!blob || code != std::errc() || end != number.data() + number.size() ||
      list.text_bytes > kLongestText)
    return std::nullopt;
  list.blob = *blob;
  return list;
}

std::span<std::byte> writable(std::string& text, std::size_t from) {
  return std::as_writable_bytes(std::span(text.data(), text.size())).subspan(from);
}

Result<std::unique_ptr<io::ByteSource>> uncompressed(std::string_view ending, std::string packed) {
  std::unique_ptr<io::ByteSource> source = std::make_unique<io::MemorySource>(std::move(packed));
  if (ending == ".xz") return archive::xz_source(std::move(source));
  if (ending.empty()) return source;
  TRY_ASSIGN(auto content, compress::decompress(std::move(source)));
  return std::move(content.content);
}

}  // namespace

struct PackagesReader::List {
  debian::IndexFile file{};
  std::string_view ending{};
  std::uint64_t text_bytes = 0;  // 0: not said
};

Result<PackagesReader::List> PackagesReader::choose(const std::string& path) const {
  const auto* const plain = release_.find(path);
  for (const auto ending : kEndings) {
    const auto* const file = release_.find(path + std::string(ending));
    if (file != nullptr)
      return List{
          .file = *file, .ending = ending, .text_bytes = plain == nullptr ? 0 : plain->size_bytes};
  }
  const auto begins = [&path](const debian::IndexFile& file) {
    return file.path.starts_with(path);
  };
  if (std::ranges::any_of(release_.files, begins))
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("{} has `{}` in no form that can be read: zst, xz, gz or plain",
                                  name_of(source_), path)));
  return fail(
      Error(ErrorKind::not_found, fmt::format("{} does not list `{}`", name_of(source_), path)));
}

Result<bool> PackagesReader::append_stored(const List& list, std::string& text) const {
  const auto entry = services_.keys.get(store::Table::response, key_of_list(list.file.digest));
  if (!entry || !*entry) return false;
  const auto stored = parse_stored_list(**entry);
  if (!stored) return false;
  const auto packed_bytes = services_.blobs.size_bytes(stored->blob);
  if (!packed_bytes) return false;  // pruned
  TRY_ASSIGN(auto blob, services_.blobs.open(stored->blob, 0, *packed_bytes));
  TRY_ASSIGN(const auto content, compress::decompress(std::move(blob)));
  const std::size_t begin = text.size();
  text.resize(begin + static_cast<std::size_t>(stored->text_bytes));
  TRY_ASSIGN(const auto count, io::read_full(*content.content, writable(text, begin)));
  text.resize(begin + count);
  if (count == stored->text_bytes) return true;
  text.resize(begin);
  return false;
}

Result<std::string> PackagesReader::fetch(const List& list) const {
  const auto folder = index_folder(source_);
  if (services_.offline && folder.scheme != "file")
    return fail(
        Error(ErrorKind::network,
              fmt::format("`{}` of {} is not in the cache, and --offline forbids to fetch it",
                          list.file.path, name_of(source_)))
            .hint("run it once without --offline"));
  std::vector<std::string> paths = {list.file.path};
  if (source_.by_hash.value_or(release_.acquire_by_hash))
    paths.insert(paths.begin(), debian::by_hash_path(list.file));
  const auto label = fmt::format("{} {}", source_.suite, list.file.path);
  for (const auto& path : paths) {
    const auto file = below(folder, path);
    TRY_ASSIGN(auto answer, get_large_file(file, list.file.size_bytes, label, services_));
    if (answer.state != Answer::State::content) continue;
    const auto digest = digest::digest_of(answer.content);
    if (digest == list.file.digest) return std::move(answer.content);
    return fail(
        Error(ErrorKind::integrity,
              fmt::format("{} is not what the signed index lists: it has the digest {}, "
                          "expected {}",
                          url::to_display(file), to_string(digest), to_string(list.file.digest)))
            .hint("the mirror may be in the middle of an update: try again later or use "
                  "another one"));
  }
  return fail(
      Error(ErrorKind::not_found, fmt::format("{} lists `{}`, but the mirror does not have it",
                                              name_of(source_), list.file.path))
          .hint("the mirror may be in the middle of an update: try again later or use "
                "another one"));
}

Result<void> PackagesReader::unpack(const List& list, std::string packed, std::string& text) const {
  const auto damaged = [&](const Error& error) {
    return fail(Error(error.kind(), fmt::format("`{}` of {} cannot be unpacked: {}", list.file.path,
                                                name_of(source_), error.message())));
  };
  auto source = uncompressed(list.ending, std::move(packed));
  if (!source) return damaged(source.error());
  const std::uint64_t limit = list.text_bytes > 0 ? list.text_bytes : kLongestText;
  const std::size_t begin = text.size();
  text.reserve(begin + static_cast<std::size_t>(list.text_bytes));
  std::string buffer(io::kBufferBytes, '\0');
  while (true) {
    auto count = (*source)->read(writable(buffer, 0));
    if (!count) return damaged(count.error());
    if (*count == 0) return {};
    if (text.size() - begin + *count > limit)
      return damaged({ErrorKind::integrity, fmt::format("it holds more than {} bytes", limit)});
    text.append(buffer, 0, *count);
  }
}

// A cache that cannot be written costs time, no more.
void PackagesReader::keep(const List& list, std::string_view text) const {
  constexpr int kLevel = 3;
  compress::ZstdCompressor compressor(kLevel);
  auto kept = store::put(services_.blobs, io::text(compressor.frame(io::bytes(text))))
                  .and_then([&](const digest::Digest& blob) {
                    return services_.keys.put(store::Table::response, key_of_list(list.file.digest),
                                              fmt::format("{} {}", blob.hex(), text.size()));
                  });
  if (!kept)
    services_.reporter.explain(
        fmt::format("`{}` is not cached: {}", list.file.path, kept.error().message()));
}

Result<void> PackagesReader::append(const List& list, std::string& text) const {
  TRY_ASSIGN(const bool stored, append_stored(list, text));
  if (stored) return {};
  TRY_ASSIGN(auto packed, fetch(list));
  const std::size_t begin = text.size();
  TRY(unpack(list, std::move(packed), text));
  keep(list, std::string_view(text).substr(begin));
  return {};
}

Result<debian::PackageList> PackagesReader::read(std::string_view architecture) const {
  std::vector<std::string> paths;
  if (source_.is_flat()) {
    paths.emplace_back("Packages");
  } else if (!release_.architectures.empty() &&
             std::ranges::find(release_.architectures, architecture) ==
                 release_.architectures.end()) {
    return fail(Error(ErrorKind::not_found,
                      fmt::format("{} has no packages for `{}`, only for {}", name_of(source_),
                                  architecture, fmt::join(release_.architectures, ", "))));
  }
  for (const auto& component : source_.components) {
    const auto& there = release_.components;
    // Some archives list `updates/main` for what is asked for as `main`.
    const auto is_it = [&component](const std::string& name) {
      return name == component || name.ends_with("/" + component);
    };
    if (!there.empty() && std::ranges::none_of(there, is_it))
      return fail(Error(ErrorKind::not_found,
                        fmt::format("{} has no component `{}`, only {}", name_of(source_),
                                    component, fmt::join(there, ", "))));
    paths.push_back(fmt::format("{}/binary-{}/Packages", component, architecture));
  }
  std::string text;
  for (const auto& path : paths) {
    TRY_ASSIGN(const auto list, choose(path));
    if (!text.empty()) text += "\n\n";
    TRY(append(list, text));
  }
  return debian::parse_packages(std::move(text), fmt::format("Packages of {}", name_of(source_)));
}

}  // namespace cogbuild::apt
