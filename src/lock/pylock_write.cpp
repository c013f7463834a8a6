#include "field_names.hpp"
#include "pylock_fields.hpp"
#include "toml_writer.hpp"

#include <cogbuild/lock/pylock.hpp>
#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace cogbuild::lock {
namespace {

// Beyond that no TOML integer goes: such a size counts as unknown.
constexpr auto kMaxSize = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

void add_location(TomlFields& fields, const std::string& location) {
  fields.text(is_url(location) ? "url" : "path", location);
}

// Size and digest, by which any tool proves the file.
void add_identity(TomlFields& fields, const LockedDistribution& distribution) {
  if (distribution.size_bytes <= kMaxSize)
    fields.add("size", std::to_string(distribution.size_bytes));
  TomlFields hashes;
  hashes.text("sha256", distribution.digest.hex());
  fields.add("hashes", hashes.inline_table());
}

std::string listed_file(const LockedDistribution& distribution) {
  TomlFields file;
  if (last_part(distribution.location) != distribution.file_name)
    file.text("name", distribution.file_name);
  if (is_canonical_time(distribution.upload_time))
    file.add("upload-time", distribution.upload_time);
  add_location(file, distribution.location);
  add_identity(file, distribution);
  return file.inline_table();
}

std::string archive(const LockedDistribution& distribution) {
  TomlFields file;
  add_location(file, distribution.location);
  if (is_canonical_time(distribution.upload_time))
    file.add("upload-time", distribution.upload_time);
  file.text_if("subdirectory", distribution.subdirectory);
  add_identity(file, distribution);
  return file.inline_table();
}

std::string repository(const LockedDistribution& distribution) {
  TomlFields fields;
  fields.text("type", "git");
  add_location(fields, without_scheme_prefix(distribution.location));
  fields.text_if("requested-revision", distribution.requested_revision);
  fields.text("commit-id", distribution.commit);
  fields.text_if("subdirectory", distribution.subdirectory);
  return fields.inline_table();
}

std::string directory(const LockedDistribution& distribution) {
  TomlFields fields;
  fields.text("path", distribution.location);
  fields.text_if("subdirectory", distribution.subdirectory);
  return fields.inline_table();
}

void add_source(TomlFields& fields, const LockedDistribution& distribution) {
  switch (place_of(distribution)) {
    case Place::wheels:
      fields.list("wheels", {listed_file(distribution)});
      return;
    case Place::sdist:
      fields.add("sdist", listed_file(distribution));
      return;
    case Place::archive:
      fields.add("archive", archive(distribution));
      return;
    case Place::vcs:
      fields.add("vcs", repository(distribution));
      return;
    case Place::directory:
      fields.add("directory", directory(distribution));
      return;
  }
}

// What the standard has no word for, and what it cannot say of this place.
TomlFields own_fields(const LockedDistribution& distribution) {
  TomlFields own;
  const Place place = place_of(distribution);
  const bool is_tree = place == Place::vcs || place == Place::directory;
  const bool is_listed = place == Place::wheels || place == Place::sdist;
  if (distribution.metadata_name != distribution.name)
    own.text("metadata-name", distribution.metadata_name);
  // A version must not stand beside a source tree, whose content may say another.
  if (is_tree) own.text_if("version", distribution.version);
  if (!is_listed && distribution.form != form_at(place, distribution.file_name))
    own.text("form", to_string(distribution.form));
  if (distribution.direct_url == is_listed) own.boolean("direct-url", distribution.direct_url);
  if (!is_listed && distribution.file_name != file_name_at(place, distribution.location))
    own.text("file-name", distribution.file_name);
  if (place == Place::vcs && without_scheme_prefix(distribution.location) != distribution.location)
    own.text("location", distribution.location);
  if (is_tree && distribution.digest != digest::Digest())
    own.text("digest", digest::to_string(distribution.digest));
  if (is_tree && distribution.size_bytes != 0 && distribution.size_bytes <= kMaxSize)
    own.add("size", std::to_string(distribution.size_bytes));
  if (distribution.group != Group::project) own.text("group", to_string(distribution.group));
  if (distribution.requested) own.boolean("requested", true);
  own.text_if("replaces", distribution.replaces);
  own.texts_if("stands-for", distribution.stands_for);
  own.text_if("metadata-digest", distribution.metadata_digest);
  if (!is_url(distribution.index)) own.text_if("index", distribution.index);
  if (is_tree || !is_canonical_time(distribution.upload_time))
    own.text_if("upload-time", distribution.upload_time);
  return own;
}

std::string package(const LockedDistribution& distribution) {
  const Place place = place_of(distribution);
  TomlFields fields;
  fields.text("name", distribution.name);
  if (place != Place::vcs && place != Place::directory)
    fields.text_if("version", distribution.version);
  fields.text_if("requires-python", distribution.requires_python);
  if (is_url(distribution.index)) fields.text("index", distribution.index);
  std::vector<std::string> dependencies;
  for (const auto& name : distribution.requires_names) {
    TomlFields dependency;
    dependency.text("name", name);
    dependencies.push_back(dependency.inline_table());
  }
  if (!dependencies.empty()) fields.list("dependencies", dependencies);
  add_source(fields, distribution);
  std::string text = "\n[[packages]]\n" + fields.lines();
  if (const auto own = own_fields(distribution); !own.empty())
    text += "\n[packages.tool.cogbuild]\n" + own.lines();
  return text;
}

// The one environment, as far as markers can say it: they know nothing of the C library.
void add_environment(TomlFields& fields, const Lock& lock) {
  const auto python = python::Version::parse(lock.python_version);
  if (!python) return;
  std::string marker = "implementation_name == 'cpython' and sys_platform == 'linux'";
  if (!lock.architecture.empty() && lock.architecture.find('\'') == std::string::npos)
    marker += fmt::format(" and platform_machine == '{}'", lock.architecture);
  marker += fmt::format(" and python_version == '{}.{}'", python->segment(0), python->segment(1));
  fields.texts_if("environments", {marker});
  fields.text("requires-python", fmt::format("=={}.{}.*", python->segment(0), python->segment(1)));
}

}  // namespace

std::string to_pylock(const Lock& lock) {
  std::vector<const LockedDistribution*> sorted;
  for (const auto& distribution : lock.distributions) sorted.push_back(&distribution);
  std::ranges::sort(sorted, {}, &LockedDistribution::name);

  TomlFields head;
  head.text("lock-version", "1.0");
  add_environment(head, lock);
  head.text("created-by", "cogbuild");
  if (sorted.empty()) head.list("packages", {});
  std::string text = head.lines();
  for (const auto* distribution : sorted) text += package(*distribution);

  TomlFields own;
  own.text_if("inputs", lock.inputs);
  own.text_if("python-version", lock.python_version);
  own.text_if("architecture", lock.architecture);
  own.text_if("libc", lock.libc);
  own.text_if("exclude-newer", lock.exclude_newer);
  own.texts_if("indexes", lock.indexes);
  if (!own.empty()) text += "\n[tool.cogbuild]\n" + own.lines();
  return text;
}

}  // namespace cogbuild::lock
