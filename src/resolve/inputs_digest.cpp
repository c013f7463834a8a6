#include "indexes.hpp"
#include "request.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/git/location.hpp>
#include <cogbuild/resolve/resolve.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace cogbuild::resolve {
namespace {

// Changes whenever the same inputs may give another lock.
constexpr std::string_view kRules = "cogbuild resolve 2";

// Length-prefixed fields, so that no two lists of fields hash alike.
class Fields {
 public:
  void add(std::string_view text) {
    hasher_.update(fmt::format("{}:", text.size()));
    hasher_.update(text);
  }
  void add(std::string_view key, std::string_view text) {
    add(key);
    add(text);
  }
  digest::Digest finish() { return hasher_.finish(); }

 private:
  digest::Hasher hasher_{};
};

// A URL without credentials; a path with what identifies the file's content.
std::string identity_of(const io::Tree& project, const std::string& location) {
  if (const auto commit = git::Location::parse(location)) {
    const auto fragment = std::min(location.find('#'), location.size());
    return fmt::format("git+{}@{}{}", commit->url, commit->revision, location.substr(fragment));
  }
  if (location.find("://") != std::string::npos) {
    const auto parsed = url::parse(location);
    return parsed ? fmt::format("{}#{}", url::to_string(*parsed), parsed->fragment) : std::string();
  }
  const auto entry = project.stat(location);
  if (!entry) return location;
  std::string identity =
      fmt::format("{} {} {}", location, entry->stamp.size_bytes, entry->stamp.mtime_ns);
  if (entry->type != io::FileType::directory) return identity;
  const auto listing = project.list(location);
  if (!listing) return identity;
  identity = location;
  for (const auto& file : *listing) {
    identity += fmt::format("\n{} {} {}", file.name, file.stamp.size_bytes, file.stamp.mtime_ns);
  }
  return identity;
}

void add_root(Fields& fields, const Root& root, const io::Tree& project) {
  fields.add("name", to_string(root.name));
  for (const auto& extra : root.extras) fields.add("extra", extra);
  fields.add("specifiers", to_string(root.specifiers));
  if (!root.direct.empty()) fields.add("direct", identity_of(project, root.direct));
  for (const auto& hash : root.hashes) fields.add(hash.algorithm, hash.hex);
  fields.add("group", root.group == lock::Group::project ? "project" : "runtime");
  fields.add("prereleases", root.prereleases ? "yes" : "no");
}

void add_selection(Fields& fields, std::string_view key, const python::NameSelection& selection) {
  fields.add(key, selection.all ? "all" : "named");
  for (const auto& name : selection.names) fields.add(name);
}

void add_options(Fields& fields, const Options& given, const python::IndexOptions& options) {
  fields.add("resolution", std::to_string(static_cast<int>(given.resolution)));
  fields.add("exclude-newer", given.exclude_newer);
  fields.add("pre", options.prereleases ? "yes" : "no");
  fields.add("prefer-binary", options.prefer_binary ? "yes" : "no");
  add_selection(fields, "no-binary", options.no_binary);
  add_selection(fields, "only-binary", options.only_binary);
  add_selection(fields, "all-releases", options.all_releases);
  add_selection(fields, "only-final", options.only_final);
}

}  // namespace

Result<pypi::IndexConfig> index_config(const Inputs& inputs) {
  TRY_ASSIGN(const auto request, read_request(inputs));
  TRY_ASSIGN(auto indexes, choose_indexes(inputs, request));
  return std::move(indexes.config);
}

Result<std::vector<url::Url>> direct_logins(const Inputs& inputs) {
  TRY_ASSIGN(const auto request, read_request(inputs));
  std::vector<url::Url> logins;
  for (const auto* roots : {&request.roots, &request.constraints, &request.overrides})
    for (const Root& root : *roots)
      if (auto location = url::parse(root.direct); location && location->has_credentials())
        logins.push_back(*std::move(location));
  return logins;
}

Result<digest::Digest> inputs_digest(const Inputs& inputs) {
  TRY_ASSIGN(const auto request, read_request(inputs));
  Fields fields;
  fields.add(kRules);
  fields.add("python", to_string(inputs.target.python));
  fields.add("target", describe(inputs.target));
  fields.add("opencv-headless", inputs.options.opencv_headless ? "yes" : "no");
  fields.add("hash-mode", request.hash_mode ? "yes" : "no");
  for (const Root& root : request.roots) add_root(fields, root, inputs.project);
  fields.add("constraints");
  for (const Root& root : request.constraints) add_root(fields, root, inputs.project);
  fields.add("overrides");
  for (const Root& root : request.overrides) add_root(fields, root, inputs.project);
  for (const auto& name : request.dropped) fields.add("dropped", to_string(name));
  add_options(fields, inputs.options, request.options);
  if (request.roots.empty()) return fields.finish();
  TRY_ASSIGN(const auto chosen, choose_indexes(inputs, request));
  const pypi::IndexConfig& indexes = chosen.config;
  if (indexes.framework_index) fields.add("framework", url::to_string(*indexes.framework_index));
  fields.add("strategy", indexes.strategy == pypi::IndexStrategy::first_index ? "first" : "best");
  for (const auto& index : indexes.indexes) fields.add("index", url::to_string(index));
  for (const auto& place : indexes.find_links)
    fields.add("find-links", identity_of(inputs.project, place));
  return fields.finish();
}

}  // namespace cogbuild::resolve
