#include "ascii.hpp"
#include "located.hpp"
#include "quoted.hpp"

#include <cogbuild/debian/control.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {
namespace {

bool is_blank_line(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return is_space(c); });
}

bool is_field_name(std::string_view name) {
  if (name.empty() || name.front() == '-' || name.front() == '#') return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// The end of a value that grows by `line`, without the white space at the line's end.
const char* trimmed_end(std::string_view line) {
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line.data() + line.size();
}

}  // namespace

const Field* Stanza::find(std::string_view name) const {
  for (const Field& field : fields)
    if (equal_ignoring_case(field.name, name)) return &field;
  return nullptr;
}

std::string_view Stanza::value(std::string_view name) const {
  const Field* field = find(name);
  return field == nullptr ? std::string_view{} : field->value;
}

Error StanzaReader::wrong(std::string message) const {
  return located(std::move(message), origin_, line_);
}

Result<void> StanzaReader::add_field(Stanza& stanza, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return fail(wrong(fmt::format("{} is not a field: it has no colon", quoted(trim(line)))));
  const auto name = line.substr(0, colon);
  if (!is_field_name(name)) return fail(wrong(fmt::format("{} is not a field name", quoted(name))));
  if (stanza.fields.size() == kMaxFields)
    return fail(wrong(fmt::format("a stanza has more than {} fields", kMaxFields)));
  stanza.fields.push_back({.name = name, .value = trim(line.substr(colon + 1)), .line = line_});
  return {};
}

Result<bool> StanzaReader::next(Stanza& stanza) {
  stanza.fields.clear();
  stanza.text = {};
  if (text_.size() > kMaxTextBytes) return fail(wrong("the text is too long"));
  while (at_ < text_.size()) {
    const std::size_t begin = at_;
    std::size_t end = text_.find('\n', begin);
    if (end == std::string_view::npos) end = text_.size();
    const auto line = text_.substr(begin, end - begin);
    at_ = std::min(end + 1, text_.size());
    ++line_;
    if (line.size() > kMaxLineBytes) return fail(wrong("the line is too long"));
    if (is_blank_line(line)) {
      if (stanza.fields.empty()) continue;
      return true;
    }
    if (line.front() == '#' && comments_ == Comments::allowed) continue;
    if (line.front() == ' ' || line.front() == '\t') {
      if (stanza.fields.empty()) return fail(wrong("a line begins with a space, but no field"));
      std::string_view& value = stanza.fields.back().value;
      if (value.empty()) value = trim(line);
      value = {value.data(), static_cast<std::size_t>(trimmed_end(line) - value.data())};
    } else {
      if (stanza.fields.empty()) stanza.line = line_;
      TRY(add_field(stanza, line));
    }
    const char* const first = stanza.fields.front().name.data();
    stanza.text = {first, static_cast<std::size_t>(text_.data() + at_ - first)};
  }
  return !stanza.fields.empty();
}

std::vector<std::string_view> value_lines(std::string_view value) {
  std::vector<std::string_view> lines;
  while (!value.empty()) {
    const auto end = std::min(value.find('\n'), value.size());
    const auto line = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    // What goes on begins with a space, so a `#` at the very front is a comment's.
    const bool comment = !lines.empty() && line.starts_with('#');
    if (const auto trimmed = trim(line); !trimmed.empty() && !comment) lines.push_back(trimmed);
  }
  return lines;
}

Result<std::vector<Stanza>> read_stanzas(std::string_view text, std::string_view origin,
                                         Comments comments) {
  std::vector<Stanza> stanzas;
  StanzaReader reader(text, origin, comments);
  while (true) {
    Stanza stanza;
    TRY_ASSIGN(const bool found, reader.next(stanza));
    if (!found) return stanzas;
    std::vector<const Field*> fields;
    for (const Field& field : stanza.fields) fields.push_back(&field);
    const auto less = [](const Field* a, const Field* b) {
      return std::lexicographical_compare(a->name.begin(), a->name.end(), b->name.begin(),
                                          b->name.end(),
                                          [](char x, char y) { return to_lower(x) < to_lower(y); });
    };
    std::stable_sort(fields.begin(), fields.end(), less);
    for (std::size_t i = 1; i < fields.size(); ++i)
      if (equal_ignoring_case(fields[i - 1]->name, fields[i]->name))
        return fail(located(fmt::format("the field {} is given twice", quoted(fields[i]->name)),
                            origin, fields[i]->line));
    stanzas.push_back(std::move(stanza));
  }
}

}  // namespace cogbuild::debian
