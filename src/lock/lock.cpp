#include "field_names.hpp"

#include <cogbuild/lock/lock.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace cogbuild::lock {
namespace {

// Keys keep the order they are added in, so the bytes follow from the code alone.
using Json = nlohmann::ordered_json;

constexpr int kLockVersion = 2;
constexpr std::size_t kMaxJsonBytes = std::size_t{64} * 1024 * 1024;

void add(Json& value, const char* key, const std::string& text) {
  if (!text.empty()) value[key] = text;
}

Json to_value(const LockedDistribution& distribution) {
  Json value = {
      {"name", distribution.name},
      {"metadata-name", distribution.metadata_name},
      {"version", distribution.version},
      {"form", to_string(distribution.form)},
      {"file-name", distribution.file_name},
      {"location", distribution.location},
      {"digest", digest::to_string(distribution.digest)},
      {"size", distribution.size_bytes},
      {"group", to_string(distribution.group)},
      {"requested", distribution.requested},
      {"direct-url", distribution.direct_url},
      {"requires", distribution.requires_names},
  };
  add(value, "replaces", distribution.replaces);
  if (!distribution.stands_for.empty()) value["stands-for"] = distribution.stands_for;
  add(value, "index", distribution.index);
  add(value, "upload-time", distribution.upload_time);
  add(value, "requires-python", distribution.requires_python);
  add(value, "commit", distribution.commit);
  add(value, "requested-revision", distribution.requested_revision);
  add(value, "metadata-digest", distribution.metadata_digest);
  add(value, "subdirectory", distribution.subdirectory);
  return value;
}

tl::unexpected<Error> broken(std::string why) {
  return fail(Error(ErrorKind::config, fmt::format("the lock cannot be read: {}", std::move(why)))
                  .hint("run `cogbuild lock` to write it anew"));
}

template <class T>
void get(const Json& value, const char* key, T& target) {
  if (const auto found = value.find(key); found != value.end()) found->get_to(target);
}

// Throws nlohmann's exceptions for missing keys and wrong types; `parse` catches them.
Result<LockedDistribution> from_value(const Json& value) {
  LockedDistribution distribution;
  value.at("name").get_to(distribution.name);
  value.at("metadata-name").get_to(distribution.metadata_name);
  value.at("version").get_to(distribution.version);
  const auto& form = value.at("form").get_ref<const std::string&>();
  const auto known_form = parse_form(form);
  if (!known_form) return broken(fmt::format("`{}` is not a form", form));
  distribution.form = *known_form;
  value.at("file-name").get_to(distribution.file_name);
  value.at("location").get_to(distribution.location);
  TRY_ASSIGN(distribution.digest,
             digest::Digest::parse(value.at("digest").get_ref<const std::string&>()));
  const Json& size = value.at("size");
  if (!size.is_number_unsigned())
    return broken(fmt::format("`size` of `{}` is not a size", distribution.name));
  size.get_to(distribution.size_bytes);
  const auto& group = value.at("group").get_ref<const std::string&>();
  const auto known_group = parse_group(group);
  if (!known_group) return broken(fmt::format("`{}` is not a group", group));
  distribution.group = *known_group;
  value.at("requested").get_to(distribution.requested);
  value.at("direct-url").get_to(distribution.direct_url);
  value.at("requires").get_to(distribution.requires_names);
  get(value, "replaces", distribution.replaces);
  get(value, "stands-for", distribution.stands_for);
  get(value, "index", distribution.index);
  get(value, "upload-time", distribution.upload_time);
  get(value, "requires-python", distribution.requires_python);
  get(value, "commit", distribution.commit);
  get(value, "requested-revision", distribution.requested_revision);
  get(value, "metadata-digest", distribution.metadata_digest);
  get(value, "subdirectory", distribution.subdirectory);
  return distribution;
}

Result<Lock> from_document(const Json& document) {
  const Json& version = document.at("lock-version");
  if (version != kLockVersion) {
    return fail(
        Error(ErrorKind::unsupported, fmt::format("the lock has version {}, this cogbuild reads {}",
                                                  version.dump(), kLockVersion))
            .hint("run `cogbuild lock` to write it anew"));
  }
  Lock lock;
  document.at("python-version").get_to(lock.python_version);
  get(document, "architecture", lock.architecture);
  get(document, "libc", lock.libc);
  get(document, "exclude-newer", lock.exclude_newer);
  get(document, "inputs", lock.inputs);
  get(document, "indexes", lock.indexes);
  for (const Json& value : document.at("distributions")) {
    TRY_ASSIGN(auto distribution, from_value(value));
    lock.distributions.push_back(std::move(distribution));
  }
  for (std::size_t i = 1; i < lock.distributions.size(); ++i) {
    if (lock.distributions[i - 1].name >= lock.distributions[i].name) {
      return broken(
          fmt::format("`{}` is out of order or stands twice", lock.distributions[i].name));
    }
  }
  return lock;
}

}  // namespace

std::string to_json(const Lock& lock) {
  std::vector<const LockedDistribution*> sorted;
  for (const auto& distribution : lock.distributions) sorted.push_back(&distribution);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });
  Json document = {{"lock-version", kLockVersion}, {"python-version", lock.python_version}};
  add(document, "architecture", lock.architecture);
  add(document, "libc", lock.libc);
  add(document, "exclude-newer", lock.exclude_newer);
  add(document, "inputs", lock.inputs);
  if (!lock.indexes.empty()) document["indexes"] = lock.indexes;
  Json& distributions = document["distributions"] = Json::array();
  for (const auto* distribution : sorted) distributions.push_back(to_value(*distribution));
  // Text that is no UTF-8 comes from outside; it must not make writing throw.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Lock> parse(std::string_view json) {
  if (json.size() > kMaxJsonBytes) return broken("it is too large");
  try {
    return from_document(Json::parse(json));
  } catch (const Json::exception& exception) {
    return broken(exception.what());
  }
}

}  // namespace cogbuild::lock
