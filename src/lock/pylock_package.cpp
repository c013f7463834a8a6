#include "pylock_package.hpp"

#include "field_names.hpp"

#include <cogbuild/python/choose_wheel.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/specifier.hpp>
#include <cogbuild/python/version.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::lock {
namespace {

// Of hashlib, with the length of their hexadecimal digests; 0: any.
struct Algorithm {
  std::string_view name{};
  std::size_t hex_digits = 0;
};
constexpr std::array kAlgorithms = {
    Algorithm{"md5", 32},       Algorithm{"sha1", 40},     Algorithm{"sha224", 56},
    Algorithm{"sha256", 64},    Algorithm{"sha384", 96},   Algorithm{"sha512", 128},
    Algorithm{"sha3_224", 56},  Algorithm{"sha3_256", 64}, Algorithm{"sha3_384", 96},
    Algorithm{"sha3_512", 128}, Algorithm{"blake2b", 128}, Algorithm{"blake2s", 64},
    Algorithm{"shake_128", 0},  Algorithm{"shake_256", 0}};

bool is_hex(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// Credentials have no place in a lock; whoever wrote them there, they go no further.
std::string without_credentials(const std::string& location) {
  const auto parsed = url::parse(location);
  if (!parsed || !parsed->has_credentials()) return location;
  return url::to_string(*parsed) + (parsed->fragment.empty() ? "" : "#" + parsed->fragment);
}

// Date-times that are in UTC, as the standard asks for; empty: another one.
std::string utc_text(const toml::date_time& time) {
  if (!time.offset || time.offset->minutes != 0) return {};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", time.date.year, time.date.month,
                  time.date.day, time.time.hour, time.time.minute, time.time.second);
  if (time.time.nanosecond >= 1000) text += fmt::format(".{:06}", time.time.nanosecond / 1000);
  return text + "Z";
}

}  // namespace

PackageReader::PackageReader(TomlReader& reader, const python::Target* target)
    : reader_(reader), target_(target) {
  if (target == nullptr) return;
  environment_ = python::MarkerEnvironment::of(*target);
  tags_ = python::TagList::of(*target);
}

std::optional<LockedDistribution> PackageReader::read(const toml::table& package) {
  LockedDistribution distribution;
  const std::string text = reader_.required(package, "name", "a package");
  if (text.empty()) {
    if (package.contains("name")) reader_.complain(package, "a package has an empty name");
    return std::nullopt;
  }
  const toml::node& name_node = *package.get("name");
  const auto name = python::PackageName::parse(text);
  if (!name) {
    reader_.complain(name.error(), name_node);
    return std::nullopt;
  }
  if (to_string(*name) != text)
    reader_.complain(name_node, fmt::format("the name `{}` must be written `{}` in a lock", text,
                                            to_string(*name)));
  distribution.name = distribution.metadata_name = to_string(*name);
  if (const auto version = reader_.text(package, "version")) {
    if (const auto parsed = python::Version::parse(*version); !parsed)
      reader_.complain(parsed.error(), *package.get("version"));
    distribution.version = *version;
  }
  if (!applies(package, distribution.name)) return std::nullopt;
  if (!names_.insert(distribution.name).second) {
    reader_.complain(name_node,
                     fmt::format("`{}` stands twice in the lock for one environment", text));
    return std::nullopt;
  }
  distribution.index = without_credentials(reader_.text(package, "index").value_or(""));
  for (const toml::table* dependency : reader_.tables(package, "dependencies"))
    if (auto needed = reader_.text(*dependency, "name"))
      distribution.requires_names.push_back(*std::move(needed));
  read_source(package, distribution);
  if (const toml::table* tool = reader_.table(package, "tool"))
    if (const toml::table* own = reader_.table(*tool, "cogbuild")) read_own(*own, distribution);
  return distribution;
}

bool PackageReader::applies(const toml::table& package, const std::string& name) {
  if (const auto text = reader_.text(package, "marker")) {
    const toml::node& node = *package.get("marker");
    const auto marker = python::Marker::parse(*text);
    if (!marker && (text->find("extras") != std::string::npos ||
                    text->find("dependency_groups") != std::string::npos)) {
      reader_.complain(
          Error(ErrorKind::unsupported,
                fmt::format("`{}` belongs to an extra or a dependency group of its project", name))
              .hint("export a lock without extras and groups"),
          node);
      return false;
    }
    if (!marker) {
      reader_.complain(marker.error(), node);
      return false;
    }
    if (target_ != nullptr && !marker->evaluate(environment_)) return false;
  }
  const auto text = reader_.text(package, "requires-python");
  if (!text) return true;
  const auto specifiers = python::SpecifierSet::parse(*text);
  if (!specifiers) {
    reader_.complain(specifiers.error(), *package.get("requires-python"));
    return false;
  }
  if (target_ == nullptr || specifiers->contains(target_->python)) return true;
  reader_.complain(
      *package.get("requires-python"),
      fmt::format("`{}` needs Python {}, not {}", name, *text, to_string(target_->python)));
  return false;
}

void PackageReader::read_source(const toml::table& package, LockedDistribution& distribution) {
  distribution.requires_python = reader_.text(package, "requires-python").value_or("");
  const bool listed = package.contains("wheels") || package.contains("sdist");
  int sources = listed ? 1 : 0;
  for (const char* key : {"vcs", "directory", "archive"})
    if (package.contains(key)) ++sources;
  if (sources != 1) {
    reader_.complain(
        package,
        fmt::format("`{}` needs exactly one of `wheels` and `sdist`, `archive`, `vcs`, `directory`",
                    distribution.name));
    return;
  }
  if (listed) return read_listed(package, distribution);
  distribution.direct_url = true;
  if (const toml::table* vcs = reader_.table(package, "vcs")) {
    read_repository(*vcs, distribution);
  } else if (const toml::table* directory = reader_.table(package, "directory")) {
    distribution.form = Form::directory;
    distribution.location = reader_.required(*directory, "path", "`directory`");
    distribution.subdirectory = reader_.text(*directory, "subdirectory").value_or("");
    reader_.boolean(*directory, "editable");
  } else if (const toml::table* archive = reader_.table(package, "archive")) {
    read_file(*archive, distribution);
    distribution.subdirectory = reader_.text(*archive, "subdirectory").value_or("");
    distribution.file_name = last_part(distribution.location);
    distribution.form = form_at(Place::archive, distribution.file_name);
  }
}

void PackageReader::read_listed(const toml::table& package, LockedDistribution& distribution) {
  const auto wheels = reader_.tables(package, "wheels");
  const toml::table* sdist = reader_.table(package, "sdist");
  if (!wheels.empty()) {
    read_wheel(wheels, package, distribution);
    if (!distribution.file_name.empty() || reader_.failed()) return;
  }
  if (sdist == nullptr) {
    if (wheels.empty() && package.contains("wheels"))
      reader_.complain(package, fmt::format("`{}` has no files", distribution.name));
    return;
  }
  distribution.form = Form::source_archive;
  distribution.file_name = file_name(*sdist);
  read_file(*sdist, distribution);
}

// The best wheel for the target. Leaves the distribution without a file name where there is none
// but a source archive.
void PackageReader::read_wheel(const std::vector<const toml::table*>& wheels,
                               const toml::table& package, LockedDistribution& distribution) {
  std::vector<std::string> names;
  for (const toml::table* wheel : wheels) {
    names.push_back(file_name(*wheel));
    // Each must be valid, whichever is chosen.
    LockedDistribution other;
    read_file(*wheel, wheels.size() == 1 ? distribution : other);
    if (const auto parsed = python::WheelName::parse(names.back()); !parsed)
      reader_.complain(parsed.error(), *wheel);
    else if (to_string(parsed->name) != distribution.name)
      reader_.complain(*wheel,
                       fmt::format("`{}` is not a wheel of `{}`", names.back(), distribution.name));
  }
  if (reader_.failed()) return;
  std::size_t chosen = 0;
  if (target_ != nullptr) {
    const auto choice = python::choose_wheel(names, *tags_, *target_);
    if (!choice.index) {
      if (!package.contains("sdist"))
        reader_.complain(package, fmt::format("`{}` {}", distribution.name, choice.reason));
      return;
    }
    chosen = *choice.index;
  } else if (wheels.size() > 1) {
    reader_.complain(
        Error(ErrorKind::unsupported, fmt::format("`{}` has {} wheels, for several environments",
                                                  distribution.name, wheels.size())),
        package);
    return;
  }
  distribution.file_name = names[chosen];
  if (wheels.size() > 1) read_file(*wheels[chosen], distribution);
}

std::string PackageReader::file_name(const toml::table& file) {
  if (auto name = reader_.text(file, "name")) {
    if (!name->empty() && name->find('/') == std::string::npos) return *std::move(name);
    reader_.complain(*file.get("name"), fmt::format("`{}` is not a file name", *name));
    return {};
  }
  // Where both are given the path is nearer, but the URL has always the name of the file.
  const auto location =
      file.contains("url") ? reader_.text(file, "url") : reader_.text(file, "path");
  auto name = last_part(location.value_or(""));
  if (name.empty() && location)
    reader_.complain(file, fmt::format("`{}` names no file", without_credentials(*location)));
  return name;
}

void PackageReader::read_location(const toml::table& table, LockedDistribution& distribution) {
  const auto url = reader_.text(table, "url");
  const auto path = reader_.text(table, "path");
  if (!table.contains("url") && !table.contains("path"))
    reader_.complain(table,
                     fmt::format("a file of `{}` has neither `url` nor `path`", distribution.name));
  distribution.location = url ? without_credentials(*url) : path.value_or("");
  if (distribution.location.empty() && !reader_.failed())
    reader_.complain(table, "a location is empty");
}

void PackageReader::read_file(const toml::table& file, LockedDistribution& distribution) {
  read_location(file, distribution);
  distribution.size_bytes = reader_.size(file, "size").value_or(0);
  read_upload_time(file, distribution);
  read_hashes(file, distribution);
}

void PackageReader::read_hashes(const toml::table& file, LockedDistribution& distribution) {
  const toml::table* hashes = reader_.table(file, "hashes");
  if (!file.contains("hashes")) reader_.complain(file, "a file has no `hashes`");
  if (hashes == nullptr) return;
  bool known = false;
  for (const auto& [key, node] : *hashes) {
    const auto* value = node.as_string();
    const auto algorithm = std::ranges::find(kAlgorithms, key.str(), &Algorithm::name);
    if (value == nullptr || !is_hex(value->get())) {
      reader_.complain(node, fmt::format("`{}` is not a digest", key.str()));
    } else if (algorithm != kAlgorithms.end()) {
      known = true;
      if (algorithm->hex_digits != 0 && algorithm->hex_digits != value->get().size())
        reader_.complain(node, fmt::format("a digest of {} has {} digits, not {}", key.str(),
                                           algorithm->hex_digits, value->get().size()));
    }
  }
  if (reader_.failed()) return;
  if (!known) {
    reader_.complain(*hashes, "a file needs a hash of a known algorithm");
    return;
  }
  const auto* sha256 = hashes->get_as<std::string>("sha256");
  if (sha256 == nullptr) {
    reader_.complain(Error(ErrorKind::unsupported, "a file has no SHA-256"), *hashes);
  } else if (const auto digest = digest::Digest::parse_hex(sha256->get())) {
    distribution.digest = *digest;
  }
}

void PackageReader::read_upload_time(const toml::table& file, LockedDistribution& distribution) {
  const toml::node* node = file.get("upload-time");
  if (node == nullptr) return;
  if (const auto* time = node->as_date_time())
    distribution.upload_time = utc_text(time->get());
  else
    reader_.complain(*node, "`upload-time` must be a date and time");
}

void PackageReader::read_repository(const toml::table& vcs, LockedDistribution& distribution) {
  distribution.form = Form::version_control;
  const std::string type = reader_.required(vcs, "type", "`vcs`");
  if (!type.empty() && type != "git")
    reader_.complain(Error(ErrorKind::unsupported, fmt::format("`{}` is not supported", type)),
                     *vcs.get("type"));
  read_location(vcs, distribution);
  distribution.commit = reader_.required(vcs, "commit-id", "`vcs`");
  distribution.requested_revision = reader_.text(vcs, "requested-revision").value_or("");
  distribution.subdirectory = reader_.text(vcs, "subdirectory").value_or("");
}

// What of these becomes the name of a file in the image.
void PackageReader::check_names(const toml::table& own, const LockedDistribution& distribution) {
  const auto name = python::PackageName::parse(distribution.metadata_name);
  if (!name || to_string(*name) != distribution.name)
    reader_.complain(
        *own.get("metadata-name"),
        fmt::format("`{}` is not `{}`", distribution.metadata_name, distribution.name));
  if (own.contains("version"))
    if (const auto version = python::Version::parse(distribution.version); !version)
      reader_.complain(version.error(), *own.get("version"));
  for (const auto& other : distribution.stands_for)
    if (const auto parsed = python::PackageName::parse(other); !parsed)
      reader_.complain(parsed.error(), *own.get("stands-for"));
  if (distribution.file_name.find('/') != std::string::npos)
    reader_.complain(own, fmt::format("`{}` is not a file name", distribution.file_name));
}

void PackageReader::read_own(const toml::table& own, LockedDistribution& distribution) {
  const auto take = [&](std::string_view key, std::string& target) {
    if (auto text = reader_.text(own, key)) target = *std::move(text);
  };
  take("metadata-name", distribution.metadata_name);
  take("version", distribution.version);
  take("file-name", distribution.file_name);
  take("location", distribution.location);
  take("replaces", distribution.replaces);
  take("index", distribution.index);
  take("upload-time", distribution.upload_time);
  distribution.stands_for = reader_.texts(own, "stands-for");
  check_names(own, distribution);
  distribution.metadata_digest = reader_.text(own, "metadata-digest").value_or("");
  distribution.requested = reader_.boolean(own, "requested").value_or(false);
  distribution.direct_url = reader_.boolean(own, "direct-url").value_or(distribution.direct_url);
  distribution.size_bytes = reader_.size(own, "size").value_or(distribution.size_bytes);
  if (const auto text = reader_.text(own, "form")) {
    if (const auto form = parse_form(*text))
      distribution.form = *form;
    else
      reader_.complain(*own.get("form"), fmt::format("`{}` is not a form", *text));
  }
  if (const auto text = reader_.text(own, "group")) {
    if (const auto group = parse_group(*text))
      distribution.group = *group;
    else
      reader_.complain(*own.get("group"), fmt::format("`{}` is not a group", *text));
  }
  if (const auto text = reader_.text(own, "digest")) {
    if (const auto digest = digest::Digest::parse(*text))
      distribution.digest = *digest;
    else
      reader_.complain(digest.error(), *own.get("digest"));
  }
}

}  // namespace cogbuild::lock
