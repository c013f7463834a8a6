#include "packed_bytes.hpp"
#include "page_link.hpp"

#include <cogbuild/pypi/simple_index.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::pypi {

namespace {

namespace dom = simdjson::dom;

// Empty when there is no such key or its value is no string.
std::string_view text_at(const dom::object& object, std::string_view key) {
  std::string_view text;
  return object.at_key(key).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::string_view text_of(const dom::element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::optional<python::FileHash> hash_of(std::string_view algorithm, std::string_view hex) {
  constexpr std::size_t kSha256Digits = 64;
  if (algorithm == "sha256" && hex.size() == kSha256Digits && is_hex(hex))
    return python::FileHash{.algorithm = "sha256", .hex = std::string(hex)};
  auto hash = python::FileHash::parse(fmt::format("{}:{}", algorithm, hex));
  if (!hash) return std::nullopt;
  return *std::move(hash);
}

std::vector<python::FileHash> hashes_of(const dom::element& element) {
  std::vector<python::FileHash> hashes;
  dom::object table;
  if (element.get(table) != simdjson::SUCCESS) return hashes;
  for (const auto& [algorithm, value] : table)
    if (auto hash = hash_of(algorithm, text_of(value))) hashes.push_back(*std::move(hash));
  return hashes;
}

// PEP 658 and PEP 714: true, false or a table of hashes.
void take_metadata(const dom::element& value, File& file) {
  bool flag = false;
  file.has_metadata = value.is_object() || (value.get(flag) == simdjson::SUCCESS && flag);
  file.metadata_digest.reset();
  for (const auto& hash : hashes_of(value))
    if (const auto digest = hash.sha256()) file.metadata_digest = digest;
}

// PEP 592 in JSON: false, true or a reason; an empty reason is still one.
void take_yanked(const dom::element& value, File& file) {
  if (bool flag = false; value.get(flag) == simdjson::SUCCESS) file.yanked = flag;
  std::string_view reason;
  if (value.get(reason) != simdjson::SUCCESS) return;
  file.yanked = true;
  file.yanked_reason = reason;
}

// Of the spellings of one key, the newest that is there counts.
int metadata_rank(std::string_view key) {
  if (key == "core-metadata") return 3;
  if (key == "dist-info-metadata") return 2;
  return key == "data-dist-info-metadata" ? 1 : 0;
}

// One pass over the keys, as looking each up would compare all of them many times.
std::optional<File> file_of(const dom::element& element, LinkReader& links) {
  dom::object entry;
  if (element.get(entry) != simdjson::SUCCESS) return std::nullopt;
  File read;
  std::string_view link;
  int rank_taken = 0;
  for (const auto& [key, value] : entry) {
    if (key == "filename") {
      read.file_name = text_of(value);
    } else if (key == "url") {
      link = text_of(value);
    } else if (key == "hashes") {
      read.hashes = hashes_of(value);
    } else if (key == "size") {
      if (std::uint64_t size = 0; value.get(size) == simdjson::SUCCESS) read.size_bytes = size;
    } else if (key == "requires-python") {
      read.requires_python = text_of(value);
    } else if (key == "upload-time") {
      read.upload_time = text_of(value);
    } else if (key == "yanked") {
      take_yanked(value, read);
    } else if (const int rank = metadata_rank(key); rank > rank_taken) {
      rank_taken = rank;
      take_metadata(value, read);
    }
  }
  if (link.empty() || !is_plain_file_name(read.file_name)) return std::nullopt;
  auto linked = links.file(link);
  if (!linked) return std::nullopt;
  read.url = std::move(linked->url);
  if (read.hashes.empty()) read.hashes = std::move(linked->hashes);
  return read;
}

Error malformed(const url::Url& page, std::string_view why) {
  return {ErrorKind::integrity,
          fmt::format("{} is not an index page: {}", url::to_display(page), why)};
}

}  // namespace

struct PageParser::Memory {
  dom::parser parser{};
};

PageParser::PageParser() : memory_(std::make_unique<Memory>()) {}
PageParser::~PageParser() = default;

Result<ProjectPage> parse_json_page(std::string body, const url::Url& page) {
  return PageParser().parse_json(std::move(body), page);
}

Result<ProjectPage> PageParser::parse_json(std::string body, const url::Url& page) {
  // One page of a hostile size must not stay with us.
  constexpr std::size_t kMostKeptBytes = std::size_t{16} * 1024 * 1024;
  if (memory_->parser.capacity() > kMostKeptBytes) memory_ = std::make_unique<Memory>();
  // The parser looks past the end in whole blocks; with room there it needs no copy of the page.
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  dom::element document;
  if (memory_->parser.parse(body.data(), body.size(), false).get(document) != simdjson::SUCCESS)
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
  LinkReader links(page, page);
  for (const auto& entry : files)
    if (auto file = file_of(entry, links)) out.files.push_back(*std::move(file));
  if (dom::object status; root.at_key("project-status").get(status) == simdjson::SUCCESS) {
    out.status = parse_project_status(text_at(status, "status"));
    out.status_reason = text_at(status, "reason");
  }
  return out;
}

}  // namespace cogbuild::pypi
