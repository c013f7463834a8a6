#include "catalogue.hpp"

#include <cogbuild/python/file_version.hpp>

#include <fmt/format.h>

namespace cogbuild::resolve {
namespace {

// Metadata must be of the distribution that the file's name says; a local label may be missing.
Result<python::Metadata> read_checked(const std::string& text, const python::PackageName& name,
                                      const python::Version& version) {
  TRY_ASSIGN(auto metadata, python::parse_metadata(text));
  if (metadata.name != name ||
      (metadata.version != version && metadata.version != version.without_local())) {
    return fail(
        Error(ErrorKind::integrity, fmt::format("its METADATA is of `{}` {}", metadata.name_text,
                                                to_string(metadata.version))));
  }
  return metadata;
}

}  // namespace

Catalogue::Catalogue(DistributionSource& source, const FileRules& rules,
                     const std::map<python::PackageName, UserSide>& sides,
                     const std::map<python::PackageName, python::Version>& kept)
    : source_(source), rules_(rules), sides_(sides), kept_(kept) {}

Result<python::PackageName> name_of_direct(DistributionSource& source, const Root& root) {
  auto file = source.direct(root.direct);
  if (!file) return fail(std::move(file).error().at(root.location));
  auto text = source.metadata(*file);
  if (!text) return fail(std::move(text).error().at(root.location));
  auto metadata = python::parse_metadata(*text);
  if (!metadata) return fail(std::move(metadata).error().at(root.location));
  return metadata->name;
}

Result<void> Catalogue::add_direct(const Root& root) {
  auto file = source_.direct(root.direct);
  if (!file) return fail(std::move(file).error().at(root.location));
  std::optional<python::Version> version;
  if (!file->file_name.empty()) version = python::file_version(root.name, file->file_name);
  if (!version) {
    auto text = source_.metadata(*file);
    if (!text) {
      return fail(
          Error(text.error().kind(), fmt::format("{} {}", describe(root), text.error().message()))
              .at(root.location)
              .hint("building from source is not available yet: build a wheel of it and "
                    "name that wheel's path or URL"));
    }
    auto metadata = python::parse_metadata(*text);
    if (!metadata) return fail(std::move(metadata).error().at(root.location));
    if (metadata->name != root.name)
      return fail(
          Error(ErrorKind::config, fmt::format("`{}` is `{}`, not `{}`", describe(root),
                                               to_string(metadata->name), to_string(root.name)))
              .at(root.location));
    version = metadata->version;
  }
  known_.insert_or_assign(root.name, std::make_unique<Candidates>(root.name, *std::move(version),
                                                                  *std::move(file), rules_));
  return {};
}

Result<Candidates*> Catalogue::of(const python::PackageName& name) {
  auto known = known_.find(name);
  if (known == known_.end()) {
    auto releases = source_.releases(name);
    Result<std::unique_ptr<Candidates>> candidates;
    if (releases) {
      const auto side = sides_.find(name);
      const auto kept = kept_.find(name);
      candidates = std::make_unique<Candidates>(
          name, *std::move(releases), rules_, side == sides_.end() ? nullptr : &side->second,
          kept == kept_.end() ? std::nullopt : std::optional(kept->second));
    } else {
      candidates = fail(
          std::move(releases).error().during(fmt::format("looking for `{}`", to_string(name))));
    }
    known = known_.emplace(name, std::move(candidates)).first;
  }
  if (!known->second) return fail(known->second.error());
  return known->second->get();
}

Result<const ReadMetadata*> Catalogue::metadata(const python::PackageName& name,
                                                pubgrub::Position position) {
  TRY_ASSIGN(Candidates * candidates, of(name));
  const DistributionFile& file = *candidates->at(position).file;
  auto known = metadata_.find(file.handle);
  if (known == metadata_.end()) {
    Result<ReadMetadata> read;
    auto text = source_.metadata(file);
    if (!text && text.error().kind() == ErrorKind::unsupported) {
      read = ReadMetadata{.reason = text.error().message(), .must_be_built = true};
    } else if (!text) {
      read = fail(std::move(text).error().during(
          file.file_name.empty() ? fmt::format("reading the metadata of `{}`", to_string(name))
                                 : fmt::format("reading the metadata of `{}`", file.file_name)));
    } else if (auto metadata = read_checked(*text, name, candidates->versions()[position])) {
      read =
          ReadMetadata{.metadata = std::make_shared<const python::Metadata>(*std::move(metadata)),
                       .text = *std::move(text)};
    } else {
      read = ReadMetadata{.reason = fmt::format("cannot be used: {}", metadata.error().message())};
    }
    known = metadata_.emplace(file.handle, std::move(read)).first;
  }
  if (!known->second) return fail(known->second.error());
  return &*known->second;
}

}  // namespace cogbuild::resolve
