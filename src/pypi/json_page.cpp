#include "page_link.hpp"

#include <cogbuild/pypi/simple_index.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace cogbuild::pypi {

namespace {

namespace dom = simdjson::dom;

// Empty when there is no such key or its value is no string.
std::string_view text_at(const dom::object& object, std::string_view key) {
  std::string_view text;
  return object.at_key(key).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::vector<python::FileHash> hashes_of(const dom::element& element) {
  std::vector<python::FileHash> hashes;
  dom::object table;
  if (element.get(table) != simdjson::SUCCESS) return hashes;
  for (const auto& [algorithm, value] : table) {
    std::string_view hex;
    if (value.get(hex) != simdjson::SUCCESS) continue;
    if (auto hash = python::FileHash::parse(fmt::format("{}:{}", algorithm, hex)))
      hashes.push_back(*std::move(hash));
  }
  return hashes;
}

// PEP 658 and PEP 714: true, false or a table of hashes; the newest key that is there counts.
void take_metadata(const dom::object& entry, File& file) {
  for (const char* key : {"core-metadata", "dist-info-metadata", "data-dist-info-metadata"}) {
    dom::element value;
    if (entry.at_key(key).get(value) != simdjson::SUCCESS) continue;
    bool flag = false;
    file.has_metadata = value.is_object() || (value.get(flag) == simdjson::SUCCESS && flag);
    for (const auto& hash : hashes_of(value))
      if (const auto digest = hash.sha256()) file.metadata_digest = digest;
    return;
  }
}

// PEP 592 in JSON: false, true or a reason; an empty reason is still one.
void take_yanked(const dom::object& entry, File& file) {
  dom::element value;
  if (entry.at_key("yanked").get(value) != simdjson::SUCCESS) return;
  if (bool flag = false; value.get(flag) == simdjson::SUCCESS) file.yanked = flag;
  std::string_view reason;
  if (value.get(reason) != simdjson::SUCCESS) return;
  file.yanked = true;
  file.yanked_reason = reason;
}

std::optional<File> file_of(const dom::element& element, const url::Url& page) {
  dom::object entry;
  if (element.get(entry) != simdjson::SUCCESS) return std::nullopt;
  auto file = file_of_link(text_at(entry, "url"), page, page);
  if (!file) return std::nullopt;
  file->file_name = text_at(entry, "filename");
  if (!is_plain_file_name(file->file_name)) return std::nullopt;
  if (dom::element hashes; entry.at_key("hashes").get(hashes) == simdjson::SUCCESS)
    if (auto known = hashes_of(hashes); !known.empty()) file->hashes = std::move(known);
  if (std::uint64_t size = 0; entry.at_key("size").get(size) == simdjson::SUCCESS)
    file->size_bytes = size;
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
  dom::parser parser;
  dom::element document;
  if (parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS)
    return fail(malformed(page, "the JSON is malformed"));
  dom::object root;
  if (document.get(root) != simdjson::SUCCESS) return fail(malformed(page, "it is no JSON object"));
  if (dom::object meta; root.at_key("meta").get(meta) == simdjson::SUCCESS)
    TRY(check_api_version(text_at(meta, "api-version"), page));
  dom::array files;
  if (root.at_key("files").get(files) != simdjson::SUCCESS)
    return fail(malformed(page, "it lists no files"));

  ProjectPage out;
  constexpr std::size_t kLeastEntryBytes = 64;  // so that `[1,1,…` reserves no more than it holds
  out.files.reserve(std::min(files.size(), body.size() / kLeastEntryBytes));
  for (const auto& entry : files)
    if (auto file = file_of(entry, page)) out.files.push_back(*std::move(file));
  if (dom::object status; root.at_key("project-status").get(status) == simdjson::SUCCESS) {
    out.status = parse_project_status(text_at(status, "status"));
    out.status_reason = text_at(status, "reason");
  }
  return out;
}

}  // namespace cogbuild::pypi
