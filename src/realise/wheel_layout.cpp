#include "scripts.hpp"
#include "stub_distribution.hpp"

#include <cogbuild/archive/member_reader.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/entry_points.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/python/record.hpp>
#include <cogbuild/python/wheel_name.hpp>
#include <cogbuild/realise/wheel_layout.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace cogbuild::realise {

namespace {

constexpr std::uint64_t kTextLimitBytes = std::uint64_t{64} << 20U;

bool is_bytecode(std::string_view name) {
  return name.ends_with(".pyc") || name.starts_with("__pycache__/") ||
         name.find("/__pycache__/") != std::string_view::npos;
}

// The layout of one wheel in the making.
class Layout {
 public:
  Layout(const archive::ZipDirectory& wheel, const lock::LockedDistribution& distribution,
         const plan::InstallScheme& scheme)
      : wheel_(wheel), distribution_(distribution), scheme_(scheme) {}

  Result<WheelLayout> make() {
    TRY(find_dist_info());
    TRY(read_wheel_file());
    TRY(read_record());
    TRY(read_entry_points());
    for (const auto& member : wheel_.members()) TRY(place(member));
    for (const auto& script : scripts_)
      TRY(add(scheme_.scripts_directory + "/" + script.name, true,
              entry_point_script(scheme_.interpreter, script)));
    TRY(add(in_dist_info("INSTALLER"), false, "cogbuild\n"));
    if (distribution_.direct_url && distribution_.location.find("://") != std::string::npos)
      TRY(add(in_dist_info("direct_url.json"), false,
              direct_url_json(distribution_.location, distribution_.digest)));
    TRY(add_record());
    for (const auto& name : distribution_.stands_for)
      for (auto& [path, content] : stub_distribution(name, distribution_))
        TRY(add(scheme_.site_directory + "/" + path, false, std::move(content)));
    WheelLayout layout;
    layout.warnings = std::move(warnings_);
    std::ranges::sort(files_, {}, &WheelFile::path);
    const auto twice = std::ranges::adjacent_find(files_, {}, &WheelFile::path);
    if (twice != files_.end())
      return fail(broken(fmt::format("two of its files go to `/{}`", twice->path)));
    for (const auto& file : files_) layout.unpacked_bytes += file.size_bytes();
    layout.files = std::move(files_);
    return layout;
  }

 private:
  Error broken(const std::string& what) const {
    return {ErrorKind::integrity, fmt::format("{} is not a valid wheel: {}", wheel_.name(), what)};
  }
  std::string in_dist_info(std::string_view name) const {
    return fmt::format("{}/{}/{}", scheme_.site_directory, dist_info_, name);
  }

  // Exactly one `NAME-VERSION.dist-info`, of the name and version that the file name says.
  Result<void> find_dist_info() {
    for (const auto& member : wheel_.members()) {
      const auto slash = member.name.find('/');
      if (slash == std::string::npos) continue;
      const auto top = member.name.substr(0, slash);
      if (!top.ends_with(".dist-info") || top == dist_info_) continue;
      if (!dist_info_.empty())
        return fail(broken(fmt::format("it has both `{}` and `{}`", dist_info_, top)));
      dist_info_ = top;
    }
    if (dist_info_.empty()) return fail(broken("it has no .dist-info directory"));
    const std::string stem =
        dist_info_.substr(0, dist_info_.size() - std::string_view(".dist-info").size());
    data_ = stem + ".data/";
    TRY_ASSIGN(const auto file_name, python::WheelName::parse(distribution_.file_name));
    const auto dash = stem.rfind('-');
    const auto name = dash == std::string::npos ? Result<python::PackageName>(fail(broken("")))
                                                : python::PackageName::parse(stem.substr(0, dash));
    const auto version = dash == std::string::npos ? Result<python::Version>(fail(broken("")))
                                                   : python::Version::parse(stem.substr(dash + 1));
    if (!name || !version || *name != file_name.name ||
        (*version != file_name.version && *version != file_name.version.without_local()))
      return fail(broken(fmt::format("its `{}` does not fit its file name", dist_info_)));
    return {};
  }

  Result<std::string> read_text(const std::string& name, bool required) const {
    const auto* member = wheel_.find(dist_info_ + "/" + name);
    if (member == nullptr && required)
      return fail(broken(fmt::format("it has no `{}/{}`", dist_info_, name)));
    if (member == nullptr) return std::string();
    return wheel_.read(*member, kTextLimitBytes);
  }

  Result<void> read_wheel_file() {
    TRY_ASSIGN(const std::string text, read_text("WHEEL", true));
    const auto at = text.find("Wheel-Version:");
    if (at == std::string::npos) return fail(broken("WHEEL states no Wheel-Version"));
    const auto value =
        text.find_first_not_of(" \t", at + std::string_view("Wheel-Version:").size());
    if (value == std::string::npos || text.compare(value, 2, "1.") != 0)
      return fail(
          Error(ErrorKind::unsupported,
                fmt::format("{} has the Wheel-Version `{}`, which is not 1.x", wheel_.name(),
                            value == std::string::npos
                                ? ""
                                : text.substr(value, text.find_first_of("\r\n", value) - value))));
    TRY_ASSIGN(const std::string metadata, read_text("METADATA", true));
    return check_metadata(metadata);
  }

  // What an index said of the wheel decided what is installed with it: the wheel must say the same.
  Result<void> check_metadata(const std::string& metadata) const {
    if (distribution_.metadata_digest.empty()) return {};
    auto fields = python::metadata_fields(metadata);
    if (!fields) return fail(broken("METADATA: " + fields.error().message()));
    if (to_string(digest::digest_of(*fields)) == distribution_.metadata_digest) return {};
    return fail(broken("its METADATA is not what it was resolved with"));
  }

  Result<void> read_record() {
    TRY_ASSIGN(const std::string text, read_text("RECORD", true));
    auto entries = python::parse_record(text);
    if (!entries) return fail(broken("RECORD: " + entries.error().message()));
    record_ = *std::move(entries);
    std::ranges::stable_sort(record_, {}, &python::RecordEntry::path);
    return {};
  }

  Result<void> read_entry_points() {
    TRY_ASSIGN(const std::string text, read_text("entry_points.txt", false));
    auto entries = python::parse_entry_points(text);
    if (!entries) return fail(broken("entry_points.txt: " + entries.error().message()));
    scripts_ = *std::move(entries);
    if (distribution_.name == "pip") use_target_version_of_pip();
    for (const auto& script : scripts_)
      if (is_interpreter_name(script.name))
        return fail(Error(ErrorKind::conflict, fmt::format("{} would install a script named `{}`",
                                                           wheel_.name(), script.name)));
    return {};
  }

  // pip's wheel names the Python it was built with (`pip3.12`); the target's own belongs there.
  void use_target_version_of_pip() {
    std::erase_if(scripts_, [](const auto& script) { return script.name.starts_with("pip3."); });
    const auto plain = std::ranges::find(scripts_, "pip", &python::EntryPoint::name);
    if (plain == scripts_.end()) return;
    auto versioned = *plain;
    versioned.name = "pip" + scheme_.python;
    scripts_.push_back(versioned);
  }

  // Files of .dist-info that the installer writes itself, or that would no longer be true.
  [[nodiscard]] bool is_rewritten(std::string_view name) const {
    if (!name.starts_with(dist_info_) || name.size() <= dist_info_.size()) return false;
    name.remove_prefix(dist_info_.size() + 1);
    return name == "RECORD" || name == "RECORD.jws" || name == "RECORD.p7s" ||
           name == "INSTALLER" || name == "REQUESTED" || name == "direct_url.json";
  }

  Result<void> place(const archive::ZipMember& member) {
    if (is_bytecode(member.name)) return {};
    const std::string& name = member.name;
    if (is_rewritten(name)) return {};
    TRY_ASSIGN(const auto expected, expected_digest(member));
    if (!name.starts_with(data_))
      return add(scheme_.site_directory + "/" + name, member, expected, member.executable);
    const std::string rest = name.substr(data_.size());
    const auto slash = rest.find('/');
    const std::string key = rest.substr(0, slash);
    const std::string below = slash == std::string::npos ? "" : rest.substr(slash + 1);
    if (below.empty())
      return fail(broken(fmt::format("`{}` lies beside the .data directories", name)));
    if (key == "purelib" || key == "platlib")
      return add(scheme_.site_directory + "/" + below, member, expected, member.executable);
    if (key == "headers")
      return add(fmt::format("{}/{}/{}", scheme_.include_directory, distribution_.name, below),
                 member, expected, member.executable);
    if (key == "data")
      return add(scheme_.data_directory + "/" + below, member, expected, member.executable);
    if (key == "scripts") return place_script(member, below, expected);
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("{} has files for an unknown place, `{}`", wheel_.name(), name)));
  }

  Result<void> place_script(const archive::ZipMember& member, const std::string& name,
                            const std::optional<digest::Digest>& expected) {
    for (const auto& script : scripts_)
      if (name == script.name || name == script.name + "-script.py" || name == script.name + ".exe")
        return {};
    if (is_interpreter_name(name))
      return fail(Error(ErrorKind::conflict,
                        fmt::format("{} would install a script named `{}`", wheel_.name(), name)));
    const std::string path = scheme_.scripts_directory + "/" + name;
    if (member.unpacked_bytes > kTextLimitBytes) return add(path, member, expected, true);
    TRY_ASSIGN(std::string content, wheel_.read(member, kTextLimitBytes));
    auto rewritten = with_interpreter(content, scheme_.interpreter);
    if (!rewritten) return add(path, member, expected, true);
    if (expected && digest::digest_of(content) != *expected)
      return fail(broken(fmt::format("`{}` differs from RECORD", member.name)));
    return add(path, true, *std::move(rewritten));
  }

  // What RECORD says of a member; computed where RECORD leaves it out or uses another algorithm.
  Result<std::optional<digest::Digest>> expected_digest(const archive::ZipMember& member) {
    const auto entry =
        std::ranges::lower_bound(record_, member.name, {}, &python::RecordEntry::path);
    if (entry != record_.end() && entry->path == member.name && entry->size_bytes &&
        *entry->size_bytes != member.unpacked_bytes)
      return fail(broken(fmt::format("RECORD says `{}` has {} bytes, but it has {}", member.name,
                                     *entry->size_bytes, member.unpacked_bytes)));
    if (entry == record_.end() || entry->path != member.name)
      warnings_.push_back(fmt::format("{}: RECORD does not list `{}`", wheel_.name(), member.name));
    else if (entry->digest)
      return entry->digest;
    digest::Hasher hasher;
    TRY(archive::MemberReader(wheel_, archive::MemberReader::Access::few).extract(member, hasher));
    return std::optional(hasher.finish());
  }

  Result<void> add(const std::string& path, const archive::ZipMember& member,
                   const std::optional<digest::Digest>& expected, bool executable) {
    return insert({.path = through_links(path, scheme_.links),
                   .executable = executable,
                   .member = &member,
                   .expected = expected});
  }
  Result<void> add(const std::string& path, bool executable, std::string content) {
    return insert({.path = through_links(path, scheme_.links),
                   .executable = executable,
                   .content = std::move(content)});
  }
  Result<void> insert(WheelFile file) {
    files_.push_back(std::move(file));
    return {};
  }

  // As RECORD writes a path: relative to the site directory.
  [[nodiscard]] std::string relative_to_site(const std::string& path) const {
    const std::string& site = scheme_.site_directory;
    if (path.starts_with(site) && path.size() > site.size() && path[site.size()] == '/')
      return path.substr(site.size() + 1);
    return std::filesystem::path(path).lexically_relative(site).string();
  }

  Result<void> add_record() {
    std::vector<python::RecordEntry> entries;
    entries.reserve(files_.size() + 1);
    for (const auto& file : files_)
      entries.push_back(
          {.path = relative_to_site(file.path),
           .digest = file.member ? file.expected : std::optional(digest::digest_of(file.content)),
           .size_bytes = file.size_bytes()});
    entries.push_back({.path = dist_info_ + "/RECORD"});
    std::ranges::sort(entries, {}, &python::RecordEntry::path);
    return add(in_dist_info("RECORD"), false, python::to_record_text(entries));
  }

  const archive::ZipDirectory& wheel_;
  const lock::LockedDistribution& distribution_;
  const plan::InstallScheme& scheme_;
  std::string dist_info_{};
  std::string data_{};
  std::vector<python::RecordEntry> record_{};  // sorted by path
  std::vector<python::EntryPoint> scripts_{};
  std::vector<WheelFile> files_{};
  std::vector<std::string> warnings_{};
};

}  // namespace

std::string through_links(std::string_view path,
                          const std::vector<std::pair<std::string, std::string>>& links) {
  const std::pair<std::string, std::string>* best = nullptr;
  for (const auto& link : links)
    if (path.size() > link.first.size() && path.starts_with(link.first) &&
        path[link.first.size()] == '/' &&
        (best == nullptr || link.first.size() > best->first.size()))
      best = &link;
  if (best == nullptr) return std::string(path);
  return best->second + std::string(path.substr(best->first.size()));
}

Result<WheelLayout> lay_out_wheel(const archive::ZipDirectory& wheel,
                                  const lock::LockedDistribution& distribution,
                                  const plan::InstallScheme& scheme) {
  return Layout(wheel, distribution, scheme).make();
}

}  // namespace cogbuild::realise
