#include "unpack_deb.hpp"

#include <cogbuild/archive/deb_reader.hpp>
#include <cogbuild/archive/tar_header.hpp>
#include <cogbuild/debian/control.hpp>
#include <cogbuild/debian/relation.hpp>
#include <cogbuild/debian/shared_library.hpp>
#include <cogbuild/digest/md5.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/realise/wheel_layout.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

namespace cogbuild::realise {

namespace {

using archive::EntryType;
using debian::DebEntryType;

// A file whose content is looked at as a whole; larger libraries go by their file names.
constexpr std::uint64_t kLookedAtBytes = std::uint64_t{512} << 20U;

// Calls `use` with every line of a text, without its end.
void for_each_line(std::string_view text, const auto& use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    use(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

class Unpacking {
 public:
  Unpacking(const lock::LockedDeb& package, const debian::UnpackRules& rules, const BaseFit& fit,
            const DebTar* tar)
      : package_(package), rules_(rules), fit_(fit), tar_(tar) {}

  Result<debian::DebContents> run(const std::filesystem::path& deb) {
    TRY_ASSIGN(auto reader, archive::DebReader::open(deb));
    TRY_ASSIGN(auto control, reader.control());
    TRY(read_control(std::move(control)));
    TRY_ASSIGN(auto data, reader.data());
    for (;;) {
      TRY_ASSIGN(const auto entry, data.next());
      if (!entry) break;
      TRY(add(*entry, data));
    }
    TRY(write_database());
    std::ranges::sort(contents_.entries, {}, &debian::DebEntry::path);
    std::ranges::sort(contents_.contents, {}, &debian::NamedText::name);
    std::ranges::sort(contents_.conffiles, {}, &debian::NamedText::name);
    return std::move(contents_);
  }

 private:
  static Error wrong(std::string message) { return {ErrorKind::integrity, std::move(message)}; }

  Result<void> read_control(std::vector<std::pair<std::string, std::string>> files) {
    for (auto& [name, content] : files) {
      if (name == "control")
        contents_.stanza = std::move(content);
      else
        contents_.control.push_back({.name = std::move(name), .content = std::move(content)});
    }
    if (!contents_.stanza.ends_with('\n')) contents_.stanza += '\n';
    TRY_ASSIGN(const auto stanzas,
               debian::read_stanzas(contents_.stanza, "control", debian::Comments::refused));
    if (stanzas.size() != 1)
      return fail(wrong(fmt::format("its `control` holds {} stanzas", stanzas.size())));
    const auto& stanza = stanzas.front();
    contents_.name = stanza.value("Package");
    contents_.version = stanza.value("Version");
    contents_.architecture = stanza.value("Architecture");
    contents_.multi_arch_same = stanza.value("Multi-Arch") == "same";
    // They name files of the database, and stand in messages.
    if (!debian::is_package_name(contents_.name) ||
        !debian::is_architecture(contents_.architecture) || has_control(contents_.version))
      return fail(wrong("its name, version or architecture is none"));
    if (contents_.name != package_.name || contents_.version != package_.version ||
        contents_.architecture != package_.architecture)
      return fail(wrong(fmt::format("it is the package {} {} {}", contents_.name, contents_.version,
                                    contents_.architecture)));
    if (const auto* conffiles = contents_.find_control("conffiles"))
      for_each_line(*conffiles, [&](std::string_view line) {
        if (line.starts_with('/')) conffiles_.emplace(line.substr(1));
      });
    return {};
  }

  // Where a path of the package lies before the base has its say.
  [[nodiscard]] std::string canonical(const std::string& path, EntryType type) const {
    if (type == EntryType::directory && std::ranges::binary_search(rules_.merged, path))
      return fmt::format("usr/{}", path);
    return debian::canonical_path(path, package_.name, rules_);
  }

  Result<void> add(const archive::TarEntry& source, archive::TarReader& data) {
    if (source.path.empty()) return {};
    debian::DebEntry entry{.path = canonical(source.path, source.type),
                           .mode = source.mode,
                           .uid = source.uid,
                           .gid = source.gid};
    if (debian::is_dropped(entry.path, rules_)) return {};
    if (entry.path != source.path) entry.shipped = source.path;
    list_ += fmt::format("/{}\n", source.path);
    TRY(check_place(entry.path, source.type));
    switch (source.type) {
      case EntryType::directory:
        // `lib` and `usr/lib` of one package are the same directory.
        if (!directories_.insert(entry.path).second) return {};
        entry.type = DebEntryType::directory;
        break;
      case EntryType::symlink:
        entry.type = DebEntryType::symlink;
        entry.link_target = source.link_target;
        break;
      case EntryType::hardlink:
        entry.type = DebEntryType::hardlink;
        entry.link_target = canonical(source.link_target, EntryType::file);
        if (!regular_.contains(entry.link_target))
          return fail(wrong(fmt::format("`{}` is another name of `{}`, which is not there",
                                        source.path, source.link_target)));
        break;
      case EntryType::file:
        entry.size_bytes = source.size_bytes;
        break;
      case EntryType::other:
        return fail(Error(ErrorKind::unsupported,
                          fmt::format("`{}` is a device, pipe or socket", source.path)));
    }
    if (entry.type != DebEntryType::directory && !others_.insert(entry.path).second)
      return fail(Error(ErrorKind::conflict,
                        fmt::format("two of its files come to lie at `/{}`", entry.path)));
    if (entry.type == DebEntryType::file || entry.type == DebEntryType::hardlink)
      regular_.insert(entry.path);
    TRY(write(source, entry, data));
    contents_.entries.push_back(std::move(entry));
    return {};
  }

  // What a package must not bring, since it would mean something else where it comes to lie.
  static Result<void> check_place(std::string_view path, EntryType type) {
    if (file_name(path).starts_with(".wh."))
      return fail(
          Error(ErrorKind::unsupported, fmt::format("`{}` would remove a file in a layer", path)));
    if (type != EntryType::directory && path.starts_with("var/lib/dpkg/"))
      return fail(wrong(fmt::format("`{}` belongs to the database of packages", path)));
    return {};
  }

  Result<void> write(const archive::TarEntry& source, debian::DebEntry& entry,
                     archive::TarReader& data) {
    if (entry.type == DebEntryType::directory) return {};
    const bool wanted = tar_ != nullptr && !std::ranges::binary_search(fit_.omitted, entry.path);
    if (wanted) TRY(write_header(entry));
    if (entry.type != DebEntryType::file) return {};
    const bool is_library = file_name(entry.path).find(".so") != std::string_view::npos;
    const bool is_conffile = conffiles_.contains(source.path);
    const bool is_kept = debian::is_kept_content(entry.path);
    if (!(is_library || is_conffile || is_kept) || source.size_bytes > kLookedAtBytes)
      return wanted ? copy(source, data) : Result<void>();

    archive::EntrySource content(data);
    TRY_ASSIGN(auto text, io::read_all(content, kLookedAtBytes));
    if (is_library) {
      if (auto library = debian::read_shared_library(io::bytes(text))) {
        entry.soname = library->soname.empty() ? std::string(file_name(entry.path))
                                               : std::move(library->soname);
        entry.loader_flags = library->loader_flags;
      }
    }
    if (is_conffile)
      contents_.conffiles.push_back({.name = entry.path, .content = digest::md5_hex(text)});
    if (wanted) {
      TRY(tar_->blob.write(text));
      TRY(tar_->blob.write(archive::tar_padding(text.size())));
    }
    if (is_kept) contents_.contents.push_back({.name = entry.path, .content = std::move(text)});
    return {};
  }

  Result<void> write_header(const debian::DebEntry& entry) {
    archive::TarHeader header{.path = through_links(entry.path, fit_.links),
                              .mode = entry.mode,
                              .uid = entry.uid,
                              .gid = entry.gid,
                              .size_bytes = entry.size_bytes,
                              .mtime_seconds = tar_->mtime_seconds,
                              .link_target = entry.link_target};
    if (entry.type == DebEntryType::symlink) header.type = archive::TarType::symlink;
    if (entry.type == DebEntryType::hardlink) {
      header.type = archive::TarType::hardlink;
      header.link_target = through_links(entry.link_target, fit_.links);
    }
    if (entry.type == DebEntryType::file)
      header.capability = debian::file_capability(package_.name, entry.path);
    return tar_->blob.write(archive::tar_header(header));
  }

  Result<void> copy(const archive::TarEntry& source, archive::TarReader& data) {
    if (buffer_.empty()) buffer_.resize(io::kBufferBytes);
    for (;;) {
      TRY_ASSIGN(const std::size_t count, data.read(buffer_));
      if (count == 0) break;
      TRY(tar_->blob.write(std::span(buffer_).first(count)));
    }
    return tar_->blob.write(archive::tar_padding(source.size_bytes));
  }

  // The sums of what is there, as the package has them.
  [[nodiscard]] std::string kept_sums(std::string_view sums) const {
    std::string kept;
    for_each_line(sums, [&](std::string_view line) {
      constexpr std::size_t kPathColumn = 34;  // behind the MD5 and two spaces
      const std::string path(line.substr(std::min(kPathColumn, line.size())));
      if (!debian::is_dropped(canonical(path, EntryType::file), rules_))
        kept += fmt::format("{}\n", line);
    });
    return kept;
  }

  Result<void> write_database() {
    if (tar_ == nullptr) return {};
    TRY(write_database_file("list", "/.\n" + list_));
    for (const auto& [name, content] : contents_.control) {
      if (name == "list") continue;
      TRY(write_database_file(name, name == "md5sums" ? kept_sums(content) : content));
    }
    return {};
  }

  Result<void> write_database_file(std::string_view name, std::string_view content) {
    constexpr std::array<std::string_view, 5> kScripts = {"preinst", "postinst", "prerm", "postrm",
                                                          "config"};
    const bool script = std::ranges::find(kScripts, name) != kScripts.end();
    TRY(tar_->blob.write(archive::tar_header(
        {.path = fmt::format("{}/{}.{}", kDpkgInfo, database_name(contents_), name),
         .mode = script ? 0755U : 0644U,
         .size_bytes = content.size(),
         .mtime_seconds = tar_->mtime_seconds})));
    TRY(tar_->blob.write(content));
    return tar_->blob.write(archive::tar_padding(content.size()));
  }

  const lock::LockedDeb& package_;
  const debian::UnpackRules& rules_;
  const BaseFit& fit_;
  const DebTar* tar_;
  debian::DebContents contents_{};
  std::string list_{};
  std::set<std::string, std::less<>> conffiles_{};  // as shipped
  std::unordered_set<std::string> directories_{};
  std::unordered_set<std::string> others_{};   // all that is no directory
  std::unordered_set<std::string> regular_{};  // what a hard link may be another name of
  std::vector<std::byte> buffer_{};
};

}  // namespace

Result<debian::DebContents> unpack_deb(const std::filesystem::path& deb,
                                       const lock::LockedDeb& package,
                                       const debian::UnpackRules& rules, const BaseFit& fit,
                                       const DebTar* tar) {
  auto contents = Unpacking(package, rules, fit, tar).run(deb);
  if (!contents)
    return fail(std::move(contents).error().during(
        fmt::format("unpacking {} {}", package.name, package.version)));
  return contents;
}

}  // namespace cogbuild::realise
