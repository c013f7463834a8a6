#include "plan_options.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/realise/packed_blob.hpp>

#include <fmt/format.h>

#include <charconv>

namespace cogbuild::build {

namespace {

// A file that a flag names; that it is missing is a mistake on the command line.
Result<std::string> read_named(const char* flag, const std::filesystem::path& file) {
  auto text = io::read_file(file);
  if (!text && text.error().kind() == ErrorKind::not_found)
    return fail(Error(ErrorKind::usage, fmt::format("there is no file `{}`", file.string()))
                    .hint(fmt::format("{} takes the path of a file", flag)));
  return text;
}

// SOURCE_DATE_EPOCH (reproducible-builds.org), where it is set and not empty. Error: usage for what
// is no number of seconds that a tar header can hold.
Result<std::int64_t> epoch(const Services& services, std::int64_t otherwise) {
  constexpr std::int64_t kLatest = (std::int64_t{1} << 33) - 1;
  const auto found = services.environment.find("SOURCE_DATE_EPOCH");
  if (found == services.environment.end() || found->second.empty()) return otherwise;
  std::int64_t seconds = 0;
  const auto& text = found->second;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (code == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= kLatest)
    return seconds;
  return fail(Error(ErrorKind::usage,
                    fmt::format("SOURCE_DATE_EPOCH is `{}`, not a number of seconds", text))
                  .hint(fmt::format("set it to a number between 0 and {}, or unset it", kLatest)));
}

}  // namespace

Result<plan::PlanOptions> plan_options(const Options& options, const Project& project,
                                       const Locking& locking, Services& services) {
  plan::PlanOptions planning;
  planning.compression = options.compression;
  TRY_ASSIGN(planning.mtime_seconds, epoch(services, planning.mtime_seconds));
  planning.gzip_identity = realise::compressor_identity(plan::Compression::gzip);
  planning.stored_identity = realise::compressor_identity(plan::Compression::gzip_stored);
  planning.zstd_identity = realise::compressor_identity(plan::Compression::zstd);
  planning.extra_labels = source_labels(project.root, services);
  if (const auto* registry = std::get_if<pull::RegistryImage>(&locking.root.image);
      registry != nullptr && !locking.root.composed)
    planning.base_name = image::to_string(registry->reference);
  if (options.config_file != "cog.yaml") {
    planning.config_file = options.config_file;
    TRY_ASSIGN(planning.config_content, io::read_file(project.root / options.config_file));
  }
  planning.openapi_schema = project.schema;
  if (!options.tini.empty()) {
    TRY_ASSIGN(planning.tini, read_named("--tini", options.tini));
  }
  return planning;
}

}  // namespace cogbuild::build
