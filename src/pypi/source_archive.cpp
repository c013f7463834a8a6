#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/pypi/source_archive.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <utility>

namespace cogbuild::pypi {

namespace {

// An archive of sources is text: larger ones are bombs.
constexpr archive::TarLimits kTarLimits = {
    .output_bytes = std::uint64_t{2} << 30U, .expansion = 100, .entries = 1'000'000};
constexpr std::size_t kMaxTops = 64;

bool is_tar(std::string_view file_name) {
  for (const std::string_view suffix : {".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar"})
    if (file_name.ends_with(suffix)) return true;
  return false;
}

// Collects the files that tell from the members of an archive, whatever its format.
class Collector {
 public:
  Collector(const SourceArchive& archive, const python::SourceIdentity& identity)
      : archive_(archive), identity_(identity) {}

  // Where a member's content is to go; null when it tells nothing. Of two members of one path the
  // later counts, as when both are unpacked.
  std::optional<std::string>* place_of(std::string_view path) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || slash == 0) return nullptr;
    std::string_view inner = path.substr(slash + 1);
    const std::string& below = archive_.subdirectory;
    if (!below.empty()) {
      if (!inner.starts_with(below) || inner.size() <= below.size() || inner[below.size()] != '/')
        return nullptr;
      inner.remove_prefix(below.size() + 1);
    }
    const std::string_view egg = inside_egg_info(inner);
    if (inner != "PKG-INFO" && inner != "pyproject.toml" && egg.empty()) return nullptr;
    const std::string top(path.substr(0, slash));
    if (!tops_.contains(top) && tops_.size() == kMaxTops) return nullptr;
    python::SourceFiles& files = tops_[top];
    if (egg == "requires.txt") return &files.requires_txt;
    if (!egg.empty()) {
      files.has_egg_info = true;
      return nullptr;
    }
    return inner == "PKG-INFO" ? &files.pkg_info : &files.pyproject;
  }

  static std::uint64_t limit_of(std::string_view path) {
    return path.ends_with("PKG-INFO") ? python::kMaxMetadataBytes : python::kMaxPyprojectBytes;
  }

  // Nothing that follows can change the answer.
  [[nodiscard]] bool is_settled() const {
    for (const auto& [top, files] : tops_) {
      if (!files.pkg_info || !is_named_for_it(top)) continue;
      const auto metadata = python::parse_metadata(*files.pkg_info);
      if (metadata && is_final(*metadata)) return true;
    }
    return false;
  }

  Result<python::SourceFiles> finish() {
    if (tops_.empty()) return python::SourceFiles{};
    for (auto& [top, files] : tops_)
      if (tops_.size() == 1 || is_named_for_it(top)) return std::move(files);
    return fail(Error(ErrorKind::integrity, "holds several projects, and none is named for it"));
  }

 private:
  // `requires.txt` or `SOURCES.txt` of the project's own `NAME.egg-info`, at the root or one folder
  // below (`src`); empty for anything else.
  [[nodiscard]] std::string_view inside_egg_info(std::string_view inner) const {
    constexpr std::string_view kSuffix = ".egg-info";
    const auto file = inner.rfind('/');
    if (file == std::string_view::npos) return {};
    const std::string_view name = inner.substr(file + 1);
    if (name != "requires.txt" && name != "SOURCES.txt") return {};
    std::string_view folder = inner.substr(0, file);
    if (const auto above = folder.find('/'); above != std::string_view::npos)
      folder.remove_prefix(above + 1);
    if (!folder.ends_with(kSuffix) || folder.find('/') != std::string_view::npos) return {};
    folder.remove_suffix(kSuffix.size());
    const bool is_its =
        identity_.name.empty() || python::normalize_name(folder) == to_string(identity_.name);
    return is_its ? name : std::string_view();
  }

  [[nodiscard]] bool is_named_for_it(const std::string& top) const {
    const auto name = python::SdistName::parse(top + ".tar.gz");
    return name && name->name == identity_.name && identity_.version &&
           name->version == *identity_.version;
  }

  const SourceArchive& archive_;
  const python::SourceIdentity& identity_;
  std::map<std::string, python::SourceFiles> tops_{};
};

Result<void> collect_tar(const SourceArchive& archive, Collector& collector) {
  TRY_ASSIGN(const auto stamp, io::stamp(archive.path));
  TRY_ASSIGN(const auto source, io::FileSource::open(archive.path, 0, stamp.size_bytes));
  TRY_ASSIGN(auto tar,
             archive::TarReader::open(*source, kTarLimits, archive::TarFilters::source_archives));
  for (;;) {
    TRY_ASSIGN(const auto entry, tar.next());
    if (!entry) return {};
    if (entry->type != archive::EntryType::file) continue;
    std::optional<std::string>* place = collector.place_of(entry->path);
    if (place == nullptr) continue;
    archive::EntrySource content(tar);
    TRY_ASSIGN(*place, io::read_all(content, Collector::limit_of(entry->path)));
    if (collector.is_settled()) return {};
  }
}

Result<void> collect_zip(const SourceArchive& archive, Collector& collector) {
  TRY_ASSIGN(const auto zip, archive::ZipDirectory::open(archive.path, archive.file_name));
  for (const auto& member : zip.members()) {
    std::optional<std::string>* place = collector.place_of(member.name);
    if (place == nullptr) continue;
    TRY_ASSIGN(*place, zip.read(member, Collector::limit_of(member.name)));
  }
  return {};
}

}  // namespace

Result<std::string> read_source_metadata(const SourceArchive& archive,
                                         const python::SourceIdentity& identity) {
  Collector collector(archive, identity);
  const auto read = is_tar(archive.file_name)             ? collect_tar(archive, collector)
                    : archive.file_name.ends_with(".zip") ? collect_zip(archive, collector)
                                                          : Result<void>();
  if (!read) {
    Error error = read.error();
    return fail(std::move(error).during(fmt::format("reading {}", archive.file_name)));
  }
  TRY_ASSIGN(const auto files, collector.finish());
  return python::static_metadata(files, identity);
}

python::SourceIdentity source_identity(const std::string& file_name) {
  const auto name = python::SdistName::parse(file_name);
  if (!name) return {};
  return {.name = name->name, .version = name->version};
}

}  // namespace cogbuild::pypi
