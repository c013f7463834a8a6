#include "page_link.hpp"

#include <cogbuild/pypi/simple_index.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cogbuild::pypi {

namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<python::FileHash> hashes_of(const json& table) {
  std::vector<python::FileHash> hashes;
  if (!table.is_object()) return hashes;
  for (const auto& [algorithm, hex] : table.items()) {
    if (!hex.is_string()) continue;
    if (auto hash = python::FileHash::parse(algorithm + ":" + hex.get<std::string>()))
      hashes.push_back(*std::move(hash));
  }
  return hashes;
}

// PEP 658 and PEP 714: true, false or a table of hashes; the newest key that is there counts.
void take_metadata(const json& entry, File& file) {
  for (const char* key : {"core-metadata", "dist-info-metadata", "data-dist-info-metadata"}) {
    const auto found = entry.find(key);
    if (found == entry.end()) continue;
    file.has_metadata = found->is_object() || (found->is_boolean() && found->get<bool>());
    for (const auto& hash : hashes_of(*found))
      if (const auto digest = hash.sha256()) file.metadata_digest = digest;
    return;
  }
}

// PEP 592 in JSON: false, true or a reason; an empty reason is still one.
void take_yanked(const json& entry, File& file) {
  const auto found = entry.find("yanked");
  if (found == entry.end()) return;
  if (found->is_boolean()) file.yanked = found->get<bool>();
  if (!found->is_string()) return;
  file.yanked = true;
  file.yanked_reason = found->get<std::string>();
}

std::optional<File> file_of(const json& entry, const url::Url& page) {
  if (!entry.is_object()) return std::nullopt;
  auto file = file_of_link(text_at(entry, "url"), page, page);
  if (!file) return std::nullopt;
  file->file_name = text_at(entry, "filename");
  if (!is_plain_file_name(file->file_name)) return std::nullopt;
  if (const auto hashes = entry.find("hashes"); hashes != entry.end())
    if (auto known = hashes_of(*hashes); !known.empty()) file->hashes = std::move(known);
  if (const auto size = entry.find("size"); size != entry.end() && size->is_number_unsigned())
    file->size_bytes = size->get<std::uint64_t>();
  file->requires_python = text_at(entry, "requires-python");
  file->upload_time = text_at(entry, "upload-time");
  take_yanked(entry, *file);
  take_metadata(entry, *file);
  return file;
}

Error malformed(const url::Url& page, std::string_view why) {
  return {ErrorKind::integrity,
          fmt::format("{} is not an index page: {}", url::to_display(page), why)};
}

}  // namespace

Result<ProjectPage> parse_json_page(std::string_view body, const url::Url& page) {
  const json root = json::parse(body, nullptr, false);
  if (root.is_discarded()) return fail(malformed(page, "the JSON is malformed"));
  if (!root.is_object()) return fail(malformed(page, "it is no JSON object"));
  if (const auto meta = root.find("meta"); meta != root.end() && meta->is_object())
    TRY(check_api_version(text_at(*meta, "api-version"), page));
  const auto files = root.find("files");
  if (files == root.end() || !files->is_array()) return fail(malformed(page, "it lists no files"));

  ProjectPage out;
  out.files.reserve(files->size());
  for (const auto& entry : *files)
    if (auto file = file_of(entry, page)) out.files.push_back(*std::move(file));
  if (const auto status = root.find("project-status");
      status != root.end() && status->is_object()) {
    out.status = parse_project_status(text_at(*status, "status"));
    out.status_reason = text_at(*status, "reason");
  }
  return out;
}

}  // namespace cogbuild::pypi
