#include "in_parallel.hpp"
#include "keyring.hpp"
#include "packages_reader.hpp"
#include "release_reader.hpp"

#include <cogbuild/apt/archive.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cogbuild::apt {

namespace {

constexpr std::size_t kMostAtOnce = 8;

// Nothing for a suite that the mirror need not have.
Result<std::optional<Archive>> read_archive(const SourceSet& set, const debian::Source& source,
                                            std::string_view architecture,
                                            const Services& services) {
  TRY_ASSIGN(const auto trust, trust_of(set, source));
  ReleaseReader reader(source, trust, services);
  TRY_ASSIGN(auto release, reader.read());
  if (!release) {
    if (set.dispensable_suites.contains(source.suite)) {
      services.reporter.explain(fmt::format("there is no {}", name_of(source)));
      return std::nullopt;
    }
    return fail(Error(ErrorKind::not_found, fmt::format("there is no suite {}", name_of(source)))
                    .hint("check its name, or whether it has moved to an archive of old releases"));
  }
  TRY_ASSIGN(auto packages, PackagesReader(source, *release, services).read(architecture));
  reader.keep();
  return Archive{.source = source, .release = *std::move(release), .packages = std::move(packages)};
}

}  // namespace

Result<std::vector<Archive>> read_archives(const SourceSet& set, std::string_view architecture,
                                           const Services& services) {
  std::vector<const debian::Source*> sources;
  for (const auto& source : set.sources)
    if (source.enabled && source.serves(architecture)) sources.push_back(&source);
  if (sources.empty())
    return fail(Error(ErrorKind::not_found, fmt::format("no source has packages for `{}` ({})",
                                                        architecture, set.origin)));

  std::vector<std::optional<Archive>> archives(sources.size());
  std::vector<std::optional<Error>> errors(sources.size());
  in_parallel(sources.size(), kMostAtOnce, [&](std::size_t i) {
    auto archive = read_archive(set, *sources[i], architecture, services);
    if (archive)
      archives[i] = *std::move(archive);
    else
      errors[i] =
          std::move(archive).error().during(fmt::format("reading {}", to_string(*sources[i])));
  });
  if (auto error = first_with_others(std::move(errors))) return fail(*std::move(error));

  std::vector<Archive> read;
  for (auto& archive : archives)
    if (archive) read.push_back(*std::move(archive));
  return read;
}

}  // namespace cogbuild::apt
