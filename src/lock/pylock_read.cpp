#include "pylock_package.hpp"
#include "toml_reader.hpp"

#include <cogbuild/lock/pylock.hpp>
#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/specifier.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::lock {
namespace {

constexpr const char* kLock = "the lock";

// `1.x` is readable, a minor version beyond ours with a warning; PEP 751, "Versioning".
void check_lock_version(TomlReader& reader, std::vector<Error>& warnings) {
  const std::string text = reader.required(reader.root(), "lock-version", kLock);
  if (!reader.root().contains("lock-version")) return;
  const toml::node& node = *reader.root().get("lock-version");
  const auto version = python::Version::parse(text);
  if (!version || version->release().size() != 2 || version->is_prerelease()) {
    reader.complain(node, fmt::format("`{}` is not a version of a lock", text));
  } else if (version->segment(0) != 1) {
    reader.complain(Error(ErrorKind::unsupported,
                          fmt::format("the lock has version {}, this cogbuild reads 1.0", text)),
                    node);
  } else if (version->segment(1) != 0) {
    warnings.push_back(
        Error(ErrorKind::unsupported,
              fmt::format("the lock has version {}, what 1.0 does not know is passed over", text))
            .at(reader.location(node)));
  }
}

// The environments a lock of another tool is for, and the Python it asks for.
void check_environment(TomlReader& reader, const python::Target* target) {
  const toml::table& root = reader.root();
  const auto environments = reader.texts(root, "environments");
  bool holds = environments.empty();
  for (const auto& text : environments) {
    const auto marker = python::Marker::parse(text);
    if (!marker)
      reader.complain(marker.error(), *root.get("environments"));
    else if (target == nullptr || marker->evaluate(python::MarkerEnvironment::of(*target)))
      holds = true;
  }
  if (!holds && !reader.failed())
    reader.complain(*root.get("environments"),
                    fmt::format("the lock is not for {}", describe(*target)));
  if (const auto text = reader.text(root, "requires-python")) {
    const auto specifiers = python::SpecifierSet::parse(*text);
    if (!specifiers)
      reader.complain(specifiers.error(), *root.get("requires-python"));
    else if (target != nullptr && !specifiers->contains(target->python))
      reader.complain(
          *root.get("requires-python"),
          fmt::format("the lock is for Python {}, not for {}", *text, to_string(target->python)));
  }
  for (const char* key : {"extras", "dependency-groups", "default-groups"}) reader.texts(root, key);
}

void read_own(TomlReader& reader, const toml::table& own, Lock& lock) {
  lock.inputs = reader.text(own, "inputs").value_or("");
  lock.python_version = reader.text(own, "python-version").value_or("");
  lock.architecture = reader.text(own, "architecture").value_or("");
  lock.libc = reader.text(own, "libc").value_or("");
  lock.exclude_newer = reader.text(own, "exclude-newer").value_or("");
  lock.indexes = reader.texts(own, "indexes");
}

}  // namespace

Result<PylockContent> read_pylock(std::string_view text, const PylockReading& reading) {
  TRY_ASSIGN(TomlReader reader, TomlReader::parse(text, reading.file));
  const toml::table& root = reader.root();
  PylockContent content;
  check_lock_version(reader, content.warnings);
  const std::string creator = reader.required(root, "created-by", kLock);
  if (creator == "cogbuild")
    if (const auto* tool = reader.table(root, "tool"))
      if (const auto* own = reader.table(*tool, "cogbuild")) read_own(reader, *own, content.lock);
  const bool ours = creator == "cogbuild";
  const python::Target* target = ours ? nullptr : reading.target;
  check_environment(reader, target);

  if (!root.contains("packages")) reader.complain(root, "the lock has no `packages`");
  PackageReader packages(reader, target);
  for (const toml::table* table : reader.tables(root, "packages")) {
    auto distribution = packages.read(*table);
    if (distribution) content.lock.distributions.push_back(*std::move(distribution));
  }
  if (reader.failed()) return fail(reader.findings());
  auto& distributions = content.lock.distributions;
  std::ranges::stable_sort(distributions, {}, &LockedDistribution::name);
  if (target != nullptr && content.lock.python_version.empty()) {
    content.lock.python_version = to_string(target->python);
    content.lock.architecture = target->architecture;
    content.lock.libc = to_string(target->libc);
  }
  return content;
}

Result<Lock> parse_pylock(std::string_view text, const PylockReading& reading) {
  TRY_ASSIGN(auto content, read_pylock(text, reading));
  return std::move(content.lock);
}

}  // namespace cogbuild::lock
