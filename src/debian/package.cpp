#include "ascii.hpp"
#include "located.hpp"
#include "package_field.hpp"
#include "quoted.hpp"
#include "safe_path.hpp"

#include <cogbuild/debian/control.hpp>
#include <cogbuild/debian/package.hpp>
#include <cogbuild/debian/relation.hpp>
#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace cogbuild::debian {
namespace {

constexpr std::array<std::string_view, 4> kMultiArch = {"no", "same", "foreign", "allowed"};
constexpr std::array<std::string_view, 6> kPriorities = {"required", "important", "standard",
                                                         "optional", "extra",     "unknown"};

bool to_number(std::string_view text, std::uint64_t& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end;
}

bool is_installed(std::string_view status) {
  std::string_view rest = status;
  next_word(rest);  // what is wanted
  const auto flag = next_word(rest);
  const auto state = next_word(rest);
  return flag == "ok" &&
         (state == "installed" || state == "triggers-pending" || state == "triggers-awaited");
}

}  // namespace

std::string_view to_string(MultiArch multi_arch) {
  return kMultiArch[static_cast<std::size_t>(multi_arch)];
}
std::string_view to_string(Priority priority) {
  return kPriorities[static_cast<std::size_t>(priority)];
}

// Turns one stanza after the other into a package.
class PackageListReader {
 public:
  enum class Form { packages, status, status_d };
  PackageListReader(std::string_view origin, Form form) : origin_(origin), form_(form) {}

  Result<PackageList> read(std::string text) {
    // Measured: a stanza of an archive has 790 bytes on average.
    constexpr std::size_t kTypicalStanza = 700;
    auto content = std::make_shared<PackageList::Content>();
    content->text = std::move(text);
    content->packages.reserve(content->text.size() / kTypicalStanza + 1);
    StanzaReader reader(content->text, origin_, Comments::refused);
    while (true) {
      TRY_ASSIGN(const bool found, reader.next(stanza_));
      if (!found) break;
      package_ = Package{.stanza = stanza_.text};
      TRY_ASSIGN(const bool counts, fill());
      if (counts) content->packages.push_back(package_);
    }
    PackageList list;
    list.content_ = std::move(content);
    return list;
  }

 private:
  [[nodiscard]] Error wrong(const Field& field, std::string_view expected) const {
    return located(fmt::format("{} of {} is not {}: {}", field.name,
                               package_.name.empty() ? "a package" : quoted(package_.name),
                               expected, quoted(field.value)),
                   origin_, field.line);
  }

  // False for a package that is not installed.
  Result<bool> fill() {
    std::uint32_t seen = 0;
    std::string_view status;
    for (const Field& field : stanza_.fields) {
      const PackageField known = package_field(field.name);
      if (known == PackageField::other) continue;
      const auto bit = std::uint32_t{1} << static_cast<unsigned>(known);
      if ((seen & bit) != 0)
        return fail(located(fmt::format("the field {} is given twice", quoted(field.name)), origin_,
                            field.line));
      seen |= bit;
      if (known == PackageField::status) status = field.value;
      TRY(set(known, field));
    }
    const auto has = [seen](PackageField field) {
      return (seen & (std::uint32_t{1} << static_cast<unsigned>(field))) != 0;
    };
    if (form_ != Form::packages) {
      if (has(PackageField::status) ? !is_installed(status) : form_ == Form::status) return false;
      package_.held = status.starts_with("hold");
    }
    TRY(require(has(PackageField::name), "Package"));
    TRY(require(!package_.version.empty(), "Version"));
    TRY(require(has(PackageField::architecture), "Architecture"));
    if (form_ == Form::packages) {
      TRY(require(has(PackageField::file_name), "Filename"));
      TRY(require(has(PackageField::size), "Size"));
      if (!has(PackageField::sha256))
        return fail(Error(ErrorKind::unsupported,
                          fmt::format("{} has no SHA256 in the index", quoted(package_.name)))
                        .at({.file = origin_, .line = stanza_.line})
                        .hint("an archive must list SHA-256 digests; older ones are not secure"));
    }
    if (package_.source.empty()) package_.source = package_.name;
    if (package_.source_version.empty()) package_.source_version = package_.version;
    return true;
  }

  [[nodiscard]] Result<void> require(bool present, std::string_view field) const {
    if (present) return {};
    return fail(
        located(fmt::format("{} has no field `{}`",
                            package_.name.empty() ? "a package" : quoted(package_.name), field),
                origin_, stanza_.line));
  }

  Result<void> set(PackageField known, const Field& field) {
    switch (known) {
      case PackageField::name:
        package_.name = field.value;
        if (!is_package_name(field.value)) return fail(wrong(field, "a package name"));
        return {};
      case PackageField::version:
        // What is not installed may have an empty version.
        if (field.value.empty() && form_ != Form::packages) return {};
        if (const auto checked = check_version(field.value); !checked)
          return fail(located(
              fmt::format("Version of {}: {}", quoted(package_.name), checked.error().message()),
              origin_, field.line));
        package_.version = field.value;
        return {};
      case PackageField::architecture:
        package_.architecture = field.value;
        if (!is_architecture(field.value)) return fail(wrong(field, "an architecture"));
        return {};
      case PackageField::section:
        package_.section = field.value;
        return {};
      case PackageField::source:
        return set_source(field);
      case PackageField::pre_depends:
        package_.pre_depends = field.value;
        return {};
      case PackageField::depends:
        package_.depends = field.value;
        return {};
      case PackageField::provides:
        package_.provides = field.value;
        return {};
      case PackageField::conflicts:
        package_.conflicts = field.value;
        return {};
      case PackageField::breaks:
        package_.breaks = field.value;
        return {};
      case PackageField::replaces:
        package_.replaces = field.value;
        return {};
      case PackageField::multi_arch:
        for (std::size_t i = 0; i < kMultiArch.size(); ++i)
          if (equal_ignoring_case(field.value, kMultiArch[i])) {
            package_.multi_arch = static_cast<MultiArch>(i);
            return {};
          }
        return fail(wrong(field, "`no`, `same`, `foreign` or `allowed`"));
      case PackageField::priority:
        for (std::size_t i = 0; i < kPriorities.size(); ++i)
          if (equal_ignoring_case(field.value, kPriorities[i]))
            package_.priority = static_cast<Priority>(i);
        return {};
      case PackageField::essential:
        return set_flag(field, package_.essential);
      case PackageField::is_protected:
      case PackageField::is_important:
        return set_flag(field, package_.is_protected);
      case PackageField::file_name:
        return set_file_name(field);
      case PackageField::size:
        if (!to_number(field.value, package_.size_bytes))
          return fail(wrong(field, "a number of bytes"));
        return {};
      case PackageField::installed_size:
        return set_installed_size(field);
      case PackageField::sha256: {
        const auto digest = digest::Digest::parse_hex(field.value);
        if (!digest) return fail(wrong(field, "a SHA-256 digest"));
        package_.sha256 = *digest;
        return {};
      }
      case PackageField::status:
      case PackageField::other:
        return {};
    }
    return {};
  }

  // `name` or `name (version)`.
  Result<void> set_source(const Field& field) {
    std::string_view rest = field.value;
    const auto name = next_word(rest);
    rest = trim(rest);
    if (!is_package_name(name)) return fail(wrong(field, "a source package"));
    package_.source = name;
    if (rest.empty()) return {};
    if (!rest.starts_with('(') || !rest.ends_with(')'))
      return fail(wrong(field, "a source package"));
    package_.source_version = trim(rest.substr(1, rest.size() - 2));
    if (!check_version(package_.source_version)) return fail(wrong(field, "a source package"));
    return {};
  }

  Result<void> set_flag(const Field& field, bool& flag) {
    if (equal_ignoring_case(field.value, "yes"))
      flag = true;
    else if (!equal_ignoring_case(field.value, "no"))
      return fail(wrong(field, "`yes` or `no`"));
    return {};
  }

  Result<void> set_file_name(const Field& field) {
    package_.file_name = field.value;
    // Flat archives write `./name.deb`.
    while (package_.file_name.starts_with("./")) package_.file_name.remove_prefix(2);
    if (!is_safe_path(package_.file_name)) return fail(wrong(field, "a path inside the archive"));
    return {};
  }

  Result<void> set_installed_size(const Field& field) {
    constexpr std::uint64_t kUnit = 1024;  // policy 5.6.20
    std::uint64_t units = 0;
    if (!to_number(field.value, units) || units > std::numeric_limits<std::uint64_t>::max() / kUnit)
      return fail(wrong(field, "a number of KiB"));
    package_.installed_size_bytes = units * kUnit;
    return {};
  }

  std::string origin_;
  Form form_;
  Stanza stanza_{};
  Package package_{};
};

Result<PackageList> parse_packages(std::string text, std::string_view origin) {
  return PackageListReader(origin, PackageListReader::Form::packages).read(std::move(text));
}

Result<PackageList> parse_status(std::string text, std::string_view origin, StatusFile form) {
  return PackageListReader(origin, form == StatusFile::dpkg ? PackageListReader::Form::status
                                                            : PackageListReader::Form::status_d)
      .read(std::move(text));
}

}  // namespace cogbuild::debian
