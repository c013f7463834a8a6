#pragma once

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/resolve/resolve.hpp>

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::test {

using progress::Recording;
using resolve::MemorySource;

using Lines = std::vector<std::string>;

// A small index written as text. `NAME VERSION` adds a pure wheel; then `; requires…` clauses.
struct World {
  MemorySource source{};
  config::Config config{};
  std::map<std::string, std::string> files{};
  resolve::Options options{};
  std::string python = "3.11.2";
  std::string netrc{};
  std::optional<lock::Lock> previous{};
  python::NameSelection upgrade{};
  std::unique_ptr<Recording> reporter = std::make_unique<Recording>();

  World() {
    options.install_runtime = false;
    config.python_requirements = {.value = "requirements.txt"};
  }

  static std::string metadata(const std::string& name, const std::string& version,
                              const Lines& needs, const std::string& more = {}) {
    std::string text =
        "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n" + more;
    for (const auto& need : needs) text += "Requires-Dist: " + need + "\n";
    return text;
  }

  void add(const std::string& name, const std::string& version, const Lines& needs = {},
           const std::string& more = {}) {
    source.add({.file = {.file_name = name + "-" + version + "-py3-none-any.whl",
                         .hashes = {{.algorithm = "sha256",
                                     .hex = digest::digest_of(name + version).hex()}},
                         .size_bytes = 10},
                .metadata = metadata(name, version, needs, more)});
  }

  void add_file(const std::string& file_name) { source.add({.file = {.file_name = file_name}}); }

  resolve::Inputs inputs(const io::Tree& tree) const {
    return {.config = config,
            .project = tree,
            .target = {.python = python::Version::parse(python).value(),
                       .libc = python::Libc::parse("glibc 2.36").value()},
            .options = options,
            .index_sources = {.netrc = netrc, .default_index = "https://index.example/simple/"},
            .preferences = {.previous = previous, .upgrade = upgrade}};
  }

  Result<lock::Lock> run(const std::string& requirements) {
    files["requirements.txt"] = requirements;
    reporter = std::make_unique<Recording>();
    const io::MemoryTree tree(files);
    resolve::Sources sources{.open = [this](const pypi::IndexConfig&)
                                 -> Result<std::unique_ptr<resolve::DistributionSource>> {
                               return std::make_unique<MemorySource>(source);
                             },
                             .reporter = *reporter};
    return resolve::resolve(inputs(tree), sources);
  }

  Lines locked(const std::string& requirements) {
    const auto lock = run(requirements);
    REQUIRE_MESSAGE(lock, (lock ? "" : render(lock.error())));
    Lines shown;
    for (const auto& distribution : lock->distributions) {
      shown.push_back(distribution.name + " " + distribution.version);
    }
    return shown;
  }

  std::string failure(const std::string& requirements) {
    const auto lock = run(requirements);
    REQUIRE(!lock);
    return render(lock.error());
  }
};

}  // namespace cogbuild::test
