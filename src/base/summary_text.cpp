#include <cogbuild/base/base_image.hpp>
#include <cogbuild/filetree/text_field.hpp>

#include <fmt/format.h>

#include <charconv>
#include <initializer_list>
#include <vector>

namespace cogbuild::base {

namespace {

using filetree::take_until;

constexpr std::string_view kFirstLine = "cogbuild-base-summary 2";

void append_line(std::string& text, std::string_view key,
                 std::initializer_list<std::string_view> fields) {
  text += key;
  for (const std::string_view field : fields) {
    text += '\t';
    filetree::append_field(text, field);
  }
  text += '\n';
}

Error damaged() { return {ErrorKind::integrity, "the summary of a base is damaged"}; }

Result<std::vector<std::string>> parse_fields(std::string_view line, std::size_t count) {
  std::vector<std::string> fields;
  for (; fields.size() < count;) {
    TRY_ASSIGN(auto field, filetree::parse_field(take_until(line, '\t')));
    fields.push_back(std::move(field));
  }
  if (!line.empty()) return fail(damaged());
  return fields;
}

Result<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return fail(damaged());
  return number;
}

}  // namespace

std::string to_text(const TreeSummary& summary) {
  std::string text(kFirstLine);
  text += '\n';
  if (summary.interpreter) {
    const Interpreter& python = *summary.interpreter;
    append_line(text, "interpreter",
                {python.path, python.version, python.prefix, python.site_directory});
  }
  append_line(text, "libc", {summary.libc});
  append_line(text, "os", {summary.os_release});
  append_line(text, "unpacked", {std::to_string(summary.unpacked_bytes)});
  for (const std::uint64_t bytes : summary.layer_unpacked_bytes)
    append_line(text, "layer", {std::to_string(bytes)});
  for (const auto& distribution : summary.distributions)
    append_line(text, "distribution",
                {distribution.name, distribution.version, distribution.directory});
  for (const auto& [path, content] : summary.files) append_line(text, "file", {path, content});
  append_line(text, "tree", {});
  return text + filetree::to_text(summary.tree);
}

Result<TreeSummary> parse_summary(std::string_view text) {
  if (take_until(text, '\n') != kFirstLine) return fail(damaged());
  TreeSummary summary;
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    const std::string_view key = take_until(line, '\t');
    if (key == "tree") {
      TRY_ASSIGN(summary.tree, filetree::parse_text(text));
      return summary;
    }
    if (key == "interpreter") {
      TRY_ASSIGN(auto fields, parse_fields(line, 4));
      summary.interpreter = {.path = std::move(fields[0]),
                             .version = std::move(fields[1]),
                             .prefix = std::move(fields[2]),
                             .site_directory = std::move(fields[3])};
    } else if (key == "libc") {
      TRY_ASSIGN(summary.libc, filetree::parse_field(line));
    } else if (key == "os") {
      TRY_ASSIGN(summary.os_release, filetree::parse_field(line));
    } else if (key == "unpacked") {
      TRY_ASSIGN(summary.unpacked_bytes, parse_number(line));
    } else if (key == "layer") {
      TRY_ASSIGN(const std::uint64_t bytes, parse_number(line));
      summary.layer_unpacked_bytes.push_back(bytes);
    } else if (key == "file") {
      TRY_ASSIGN(auto fields, parse_fields(line, 2));
      summary.files.insert_or_assign(std::move(fields[0]), std::move(fields[1]));
    } else if (key == "distribution") {
      TRY_ASSIGN(auto fields, parse_fields(line, 3));
      summary.distributions.push_back({.name = std::move(fields[0]),
                                       .version = std::move(fields[1]),
                                       .directory = std::move(fields[2])});
    } else {
      return fail(damaged());
    }
  }
  // Without the line that begins the tree the text was cut short.
  return fail(damaged());
}

}  // namespace cogbuild::base
