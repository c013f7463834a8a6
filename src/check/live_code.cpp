#include "live_code.hpp"

#include "reachable_code.hpp"

#include <algorithm>
#include <memory>

namespace cogbuild::check {
namespace {

constexpr std::size_t kMostNear = 500;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool begins_statement(char c) { return is_word_character(c) || c == '@' || c == '"' || c == '\''; }

std::string_view word_at(std::string_view text, std::size_t begin) {
  auto end = begin;
  while (end < text.size() && is_word_character(text[end])) ++end;
  return text.substr(begin, end - begin);
}

std::string_view directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// The name that a line defines behind `indentation` blanks; empty: none.
std::string_view defined_name(std::string_view line, std::string_view keyword) {
  if (line.starts_with("async ")) line.remove_prefix(6);
  if (!line.starts_with(keyword) || line.size() <= keyword.size() || line[keyword.size()] != ' ')
    return {};
  return word_at(line, keyword.size() + 1);
}

// What Python or the frameworks call without their names standing anywhere.
bool is_called_unnamed(std::string_view method) {
  return method.starts_with("__") || method == "forward" || method == "call" || method == "setup" ||
         method == "run" || method == "predict";
}

}  // namespace

LiveCode::LiveCode(const Subject& subject) : files_(reachable_code(subject)) {
  if (!subject.config) return;
  for (const PythonFile* file : files_)
    if (file->path() == file_of_reference(*subject.config->predict) ||
        file->path() == file_of_reference(*subject.config->train))
      entries_.push_back(file);
  // Packages hand on what their `__init__.py` imports.
  std::vector<const PythonFile*> open;
  for (const PythonFile* file : files_)
    if (is_own(file->path())) open.push_back(file);
  const auto own = open.size();
  for (std::size_t i = 0; i < open.size(); ++i) {
    near_.insert(open[i]->path());
    const bool hands_on = i < own || open[i]->path().ends_with("/__init__.py");
    if (!hands_on || i >= kMostNear) continue;
    for (const auto& name : imported_names(open[i]->text()))
      for (const auto& path : candidate_paths(name, open[i]->path())) {
        const PythonFile* const file = subject.python_file(path);
        if (file == nullptr || near_.contains(path)) continue;
        near_.insert(path);
        // One step through a package, not through packages of packages.
        if (i < own) open.push_back(file);
      }
  }
}

std::vector<const PythonFile*> LiveCode::near_files() const {
  std::vector<const PythonFile*> out;
  for (const PythonFile* file : files_)
    if (near_.contains(file->path())) out.push_back(file);
  return out;
}

bool LiveCode::is_own(std::string_view path) const {
  return std::ranges::any_of(entries_, [path](const PythonFile* entry) {
    return directory_of(entry->path()) == directory_of(path);
  });
}

void LiveCode::add_unit(Unit unit) const {
  if (!unit.name.empty()) by_name_.emplace(unit.name, units_.size());
  if (unit.owner != kNoOwner) units_[unit.owner].methods.push_back(units_.size());
  units_.push_back(std::move(unit));
}

void LiveCode::split(std::size_t file) const {
  const std::string_view text = files_[file]->text();
  // The entry's own code is live as a whole: it is what the author wrote.
  const bool whole = std::ranges::find(entries_, files_[file]) != entries_.end();
  Unit current{.file = file};
  std::size_t class_unit = kNoOwner;
  std::size_t class_indentation = 0;
  const auto begin_unit = [&](std::size_t at, std::string_view name, std::size_t owner) {
    current.end = at;
    add_unit(std::move(current));
    current = Unit{.file = file, .begin = at, .name = name, .owner = owner};
  };
  for (std::size_t begin = 0; begin < text.size() && !whole;) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    const auto indentation = std::min(line.find_first_not_of(" \t"), line.size());
    if (indentation == 0 && !line.empty() && begins_statement(line[0])) {
      const auto function = defined_name(line, "def");
      const auto type = defined_name(line, "class");
      class_unit = kNoOwner;
      // A name that is no word is never found: what runs as a program, the model does not run.
      const bool is_guard = line.starts_with("if __name__");
      begin_unit(begin, is_guard ? line : function.empty() ? type : function, kNoOwner);
      if (!type.empty()) {
        class_unit = units_.size();
        class_indentation = 0;
      }
    } else if (class_unit != kNoOwner && indentation > 0 && indentation < line.size()) {
      const auto method = defined_name(line.substr(indentation), "def");
      if (!method.empty() && (class_indentation == 0 || indentation == class_indentation)) {
        class_indentation = indentation;
        begin_unit(begin, method, class_unit);
      }
    }
    begin = end + 1;
  }
  current.end = text.size();
  add_unit(std::move(current));
}

void LiveCode::mark(std::size_t unit, std::vector<std::size_t>& open) const {
  if (units_[unit].live) return;
  units_[unit].live = true;
  open.push_back(unit);
}

void LiveCode::mark_if_due(std::size_t unit, std::vector<std::size_t>& open) const {
  const Unit& one = units_[unit];
  if (one.owner != kNoOwner && !units_[one.owner].live) return;
  if (one.name.empty() || words_.contains(one.name) ||
      (one.owner != kNoOwner && is_called_unnamed(one.name)))
    mark(unit, open);
}

void LiveCode::mark_all() const {
  std::vector<std::size_t> open;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) mark_if_due(unit, open);
  while (!open.empty()) {
    const auto unit = open.back();
    open.pop_back();
    for (const auto method : units_[unit].methods) mark_if_due(method, open);
    const auto& place = units_[unit];
    const auto text =
        std::string_view(files_[place.file]->text()).substr(place.begin, place.end - place.begin);
    // The name that the unit defines is no use of it.
    bool own_name = !place.name.empty();
    for (std::size_t at = 0; at < text.size();) {
      if (!is_word_character(text[at])) {
        ++at;
        continue;
      }
      const auto word = word_at(text, at);
      at += word.size();
      if (own_name && word == place.name) {
        own_name = false;
        continue;
      }
      if (!words_.insert(word).second) continue;
      const auto [first, last] = by_name_.equal_range(word);
      for (auto it = first; it != last; ++it) mark_if_due(it->second, open);
    }
  }
}

bool LiveCode::is_live(std::string_view path, std::size_t offset) const {
  if (std::ranges::any_of(entries_, [path](const auto* file) { return file->path() == path; }))
    return true;
  if (!near_.contains(path)) return false;
  if (!marked_) {
    marked_ = true;
    for (std::size_t file = 0; file < files_.size(); ++file) split(file);
    mark_all();
  }
  return std::ranges::any_of(units_, [&](const Unit& unit) {
    return unit.live && unit.begin <= offset && offset < unit.end &&
           files_[unit.file]->path() == path;
  });
}

const LiveCode& live_code(const Subject& subject) {
  if (!subject.live_code) subject.live_code = std::make_shared<const LiveCode>(subject);
  return *subject.live_code;
}

}  // namespace cogbuild::check
