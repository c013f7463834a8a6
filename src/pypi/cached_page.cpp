#include "cached_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

namespace cogbuild::pypi {

namespace {

constexpr std::string_view kVersion = "index page 1";

// A tab, a line break or a backslash inside a field would end it early.
void append_field(std::string& out, std::string_view field) {
  for (const char c : field) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
}

std::string unescape(std::string_view field) {
  std::string out;
  out.reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 1 == field.size()) {
      out += field[i];
      continue;
    }
    ++i;
    out += field[i] == 't' ? '\t' : field[i] == 'n' ? '\n' : field[i];
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string line_of(const File& file) {
  std::string hashes;
  for (const auto& hash : file.hashes)
    hashes += fmt::format("{}{}:{}", hashes.empty() ? "" : ",", hash.algorithm, hash.hex);
  std::string line;
  append_field(line, file.file_name);
  line += '\t';
  append_field(line, url::to_string(file.url));
  fmt::format_to(std::back_inserter(line), "\t{}\t{}\t", hashes,
                 file.size_bytes ? std::to_string(*file.size_bytes) : "");
  append_field(line, file.requires_python);
  line += file.yanked ? "\ty" : "\t";
  append_field(line, file.yanked_reason);
  line += '\t';
  append_field(line, file.upload_time);
  line += file.has_metadata ? "\tm" : "\t";
  if (file.metadata_digest) line += file.metadata_digest->hex();
  return line + "\n";
}

std::optional<File> file_of(std::string_view line) {
  const auto fields = split(line, '\t');
  constexpr std::size_t kFields = 8;
  if (fields.size() != kFields) return std::nullopt;
  auto url = url::parse(unescape(fields[1]));
  if (!url) return std::nullopt;
  File file{.file_name = unescape(fields[0]), .url = *std::move(url)};
  if (!fields[2].empty()) {
    for (const auto part : split(fields[2], ',')) {
      auto hash = python::FileHash::parse(part);
      if (!hash) return std::nullopt;
      file.hashes.push_back(*std::move(hash));
    }
  }
  if (!fields[3].empty()) {
    file.size_bytes = number<std::uint64_t>(fields[3]);
    if (!file.size_bytes) return std::nullopt;
  }
  file.requires_python = unescape(fields[4]);
  file.yanked = fields[5].starts_with('y');
  if (file.yanked) file.yanked_reason = unescape(fields[5].substr(1));
  file.upload_time = unescape(fields[6]);
  file.has_metadata = fields[7].starts_with('m');
  if (fields[7].size() > 1) {
    const auto digest = digest::Digest::parse_hex(fields[7].substr(1));
    if (!digest) return std::nullopt;
    file.metadata_digest = *digest;
  }
  return file;
}

}  // namespace

bool CachedPage::is_fresh(clock::Time now) const {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  // A page from the future means that a clock was set back: its age is unknown.
  return seconds >= fetched && seconds - fetched < max_age;
}

std::string to_text(const CachedPage& cached) {
  std::string out =
      fmt::format("{}\n{}\t{}\t{}\t{}\t", kVersion, cached.exists ? 1 : 0, cached.fetched,
                  cached.max_age, static_cast<int>(cached.page.status));
  append_field(out, cached.page.status_reason);
  out += '\t';
  append_field(out, cached.etag);
  out += '\n';
  for (const auto& file : cached.page.files) out += line_of(file);
  return out;
}

std::optional<CachedPage> parse_cached_page(std::string_view text) {
  if (!text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  const auto lines = split(text, '\n');
  if (lines.size() < 2 || lines[0] != kVersion) return std::nullopt;
  const auto head = split(lines[1], '\t');
  constexpr std::size_t kHeadFields = 6;
  if (head.size() != kHeadFields) return std::nullopt;
  const auto fetched = number<std::int64_t>(head[1]);
  const auto max_age = number<std::int64_t>(head[2]);
  const auto status = number<int>(head[3]);
  if (!fetched || !max_age || !status || *status < 0 ||
      *status > static_cast<int>(ProjectStatus::quarantined))
    return std::nullopt;
  CachedPage cached{.exists = head[0] == "1",
                    .etag = unescape(head[5]),
                    .fetched = *fetched,
                    .max_age = *max_age};
  cached.page.status = static_cast<ProjectStatus>(*status);
  cached.page.status_reason = unescape(head[4]);
  cached.page.files.reserve(lines.size() - 2);
  for (std::size_t i = 2; i < lines.size(); ++i) {
    auto file = file_of(lines[i]);
    if (!file) return std::nullopt;
    cached.page.files.push_back(*std::move(file));
  }
  return cached;
}

std::int64_t max_age_of(const http::Headers& headers) {
  std::int64_t age = 0;
  if (const auto value = number<std::int64_t>(http::header(headers, "age"))) age = *value;
  std::int64_t max_age = 0;
  for (const auto& value : http::header_values(headers, "cache-control")) {
    for (std::string_view directive : split(value, ',')) {
      while (directive.starts_with(' ')) directive.remove_prefix(1);
      while (directive.ends_with(' ')) directive.remove_suffix(1);
      if (directive == "no-cache" || directive == "no-store") return 0;
      if (directive.starts_with("max-age="))
        max_age = number<std::int64_t>(directive.substr(8)).value_or(0);
    }
  }
  constexpr std::int64_t kLongest = 24 * 3600;  // a mistyped year must not freeze an index
  return std::clamp<std::int64_t>(max_age - std::max<std::int64_t>(age, 0), 0, kLongest);
}

}  // namespace cogbuild::pypi
