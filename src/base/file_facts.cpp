#include "file_facts.hpp"

#include <cogbuild/filetree/text_field.hpp>

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

namespace cogbuild::base {

namespace {

using filetree::take_until;

// `a/b/c` as `a/b` and `c`.
std::pair<std::string_view, std::string_view> split_last(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

bool is_site_directory(std::string_view directory) {
  const auto name = split_last(directory).second;
  return name == "site-packages" || name == "dist-packages";
}

bool is_library_directory(std::string_view directory) {
  if (directory.starts_with("usr/")) directory.remove_prefix(4);
  const auto [parent, name] = split_last(directory);
  const auto is_library = [](std::string_view text) { return text == "lib" || text == "lib64"; };
  return is_library(directory) || (is_library(parent) && name.find("-linux-") != name.npos);
}

bool is_distribution_metadata(std::string_view directory, std::string_view name) {
  if (name.ends_with(".egg-info")) return is_site_directory(directory);
  const bool fits = (name == "METADATA" && directory.ends_with(".dist-info")) ||
                    (name == "PKG-INFO" && directory.ends_with(".egg-info"));
  return fits && is_site_directory(split_last(directory).first);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// Feeds the lines of `content` to `take` until it returns false; lines beyond 64 KiB come cut.
Result<void> for_each_line(io::ByteSource& content,
                           const std::function<bool(std::string_view)>& take) {
  constexpr std::size_t kMostLineBytes = std::size_t{64} * 1024;
  std::string pending;
  std::string buffer(kMostLineBytes, '\0');
  for (;;) {
    TRY_ASSIGN(const std::size_t count,
               content.read(std::as_writable_bytes(std::span(buffer.data(), buffer.size()))));
    if (count == 0) {
      if (!pending.empty()) take(pending);
      return {};
    }
    std::string_view rest(buffer.data(), count);
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      if (end == std::string_view::npos) {
        if (pending.size() < kMostLineBytes) pending += rest;
        break;
      }
      bool more = true;
      if (pending.empty()) {
        more = take(rest.substr(0, end));
      } else {
        pending += rest.substr(0, end);
        more = take(pending);
        pending.clear();
      }
      if (!more) return {};
      rest.remove_prefix(end + 1);
    }
  }
}

// The shell's quotes around a value of os-release(5), and its escapes, removed.
std::string unquoted(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
      value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    text += value[i];
  }
  return text;
}

Result<std::vector<Fact>> read_os_release(io::ByteSource& content) {
  std::vector<Fact> facts;
  TRY(for_each_line(content, [&](std::string_view line) {
    constexpr std::string_view kKey = "PRETTY_NAME=";
    line = trimmed(line);
    if (!line.starts_with(kKey)) return true;
    facts.push_back({.kind = FactKind::os_name, .value = unquoted(line.substr(kKey.size()))});
    return false;
  }));
  return facts;
}

// Stanzas of `Package:` and `Version:` lines (deb-status), or of `P:` and `V:` lines (apk).
struct StanzaKeys {
  FactKind kind = FactKind::debian_package;
  std::string_view name{};
  std::string_view version{};
  bool (*matters)(std::string_view package) = nullptr;
};

Result<std::vector<Fact>> read_stanzas(io::ByteSource& content, const StanzaKeys& keys) {
  std::vector<Fact> facts;
  std::string package;
  TRY(for_each_line(content, [&](std::string_view line) {
    if (line.starts_with(keys.name)) {
      package = trimmed(line.substr(keys.name.size()));
    } else if (line.starts_with(keys.version) && keys.matters(package)) {
      facts.push_back({.kind = keys.kind,
                       .name = package,
                       .value = std::string(trimmed(line.substr(keys.version.size())))});
    }
    return true;
  }));
  return facts;
}

bool matters_on_debian(std::string_view package) {
  return package == "libc6" || (package.starts_with("python3.") && package.ends_with("-minimal"));
}

bool matters_on_alpine(std::string_view package) {
  return package == "musl" || package == "python3";
}

// Core metadata; only the headers before the first empty line count.
Result<std::vector<Fact>> read_metadata(io::ByteSource& content) {
  Fact fact{.kind = FactKind::distribution};
  TRY(for_each_line(content, [&](std::string_view line) {
    constexpr std::string_view kName = "Name:";
    constexpr std::string_view kVersion = "Version:";
    if (line.starts_with(kName)) fact.name = trimmed(line.substr(kName.size()));
    if (line.starts_with(kVersion)) fact.value = trimmed(line.substr(kVersion.size()));
    return !trimmed(line).empty() && (fact.name.empty() || fact.value.empty());
  }));
  if (fact.name.empty() || fact.value.empty()) return std::vector<Fact>{};
  return std::vector<Fact>{std::move(fact)};
}

Result<std::vector<Fact>> read_patchlevel(io::ByteSource& content) {
  std::vector<Fact> facts;
  TRY(for_each_line(content, [&](std::string_view line) {
    constexpr std::string_view kKey = "#define PY_VERSION";
    if (!line.starts_with(kKey)) return true;
    take_until(line, '"');
    const std::string_view version = take_until(line, '"');
    if (version.empty()) return true;
    facts.push_back({.kind = FactKind::python_release, .value = std::string(version)});
    return false;
  }));
  return facts;
}

// `GNU C Library (…) stable release version 2.36.` stands in the library itself; older ones carry
// the version in their name.
Result<std::vector<Fact>> read_glibc(std::string_view path, io::ByteSource& content) {
  constexpr std::string_view kDigits = "0123456789.";
  std::string_view name = split_last(path).second;
  if (name.starts_with("libc-")) {
    name.remove_prefix(5);
    const std::string_view version = name.substr(0, name.find(".so"));
    return std::vector<Fact>{{.kind = FactKind::glibc, .value = std::string(version)}};
  }
  constexpr std::uint64_t kMostLibraryBytes = std::uint64_t{32} * 1024 * 1024;
  TRY_ASSIGN(const std::string library, io::read_all(content, kMostLibraryBytes));
  Fact fact{.kind = FactKind::glibc};
  constexpr std::size_t kBannerBytes = 256;
  const auto banner = library.find("GNU C Library (");
  if (banner != std::string::npos) {
    std::string_view text = std::string_view(library).substr(banner, kBannerBytes);
    constexpr std::string_view kRelease = "release version ";
    if (const auto release = text.find(kRelease); release != std::string_view::npos) {
      text.remove_prefix(release + kRelease.size());
      text = text.substr(0, text.find_first_not_of(kDigits));
      while (text.ends_with('.')) text.remove_suffix(1);
      fact.value = text;
    }
  }
  return std::vector<Fact>{std::move(fact)};
}

}  // namespace

std::optional<FileKind> file_kind(std::string_view path) {
  const auto [directory, name] = split_last(path);
  if (name == "os-release" && (directory == "etc" || directory == "usr/lib"))
    return FileKind::os_release;
  if (path == "var/lib/dpkg/status") return FileKind::debian_status;
  // Images without dpkg itself keep one stanza per file.
  if (directory == "var/lib/dpkg/status.d" && !name.ends_with(".md5sums"))
    return FileKind::debian_status;
  if (path == "lib/apk/db/installed" || path == "usr/lib/apk/db/installed")
    return FileKind::alpine_installed;
  if (is_distribution_metadata(directory, name)) return FileKind::distribution_metadata;
  if (name == "patchlevel.h" && split_last(directory).second.starts_with("python3."))
    return FileKind::patchlevel;
  if (!is_library_directory(directory)) return std::nullopt;
  if (name == "libc.so.6" || (name.starts_with("libc-2.") && name.ends_with(".so")))
    return FileKind::glibc_library;
  if (name.starts_with("ld-musl-") || name.starts_with("libc.musl-")) return FileKind::musl_library;
  return std::nullopt;
}

Result<std::vector<Fact>> read_facts(FileKind kind, std::string_view path,
                                     io::ByteSource& content) {
  switch (kind) {
    case FileKind::os_release:
      return read_os_release(content);
    case FileKind::debian_status:
      return read_stanzas(content, {.kind = FactKind::debian_package,
                                    .name = "Package:",
                                    .version = "Version:",
                                    .matters = &matters_on_debian});
    case FileKind::alpine_installed:
      return read_stanzas(content, {.kind = FactKind::alpine_package,
                                    .name = "P:",
                                    .version = "V:",
                                    .matters = &matters_on_alpine});
    case FileKind::distribution_metadata:
      return read_metadata(content);
    case FileKind::patchlevel:
      return read_patchlevel(content);
    case FileKind::glibc_library:
      return read_glibc(path, content);
    case FileKind::musl_library:
      return std::vector<Fact>{{.kind = FactKind::musl}};
  }
  return std::vector<Fact>{};
}

std::string site_directory_of(std::string_view metadata_path) {
  const auto [directory, name] = split_last(metadata_path);
  return std::string(is_site_directory(directory) ? directory : split_last(directory).first);
}

}  // namespace cogbuild::base
