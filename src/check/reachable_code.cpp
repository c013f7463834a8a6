#include "reachable_code.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <set>

namespace cogbuild::check {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

// The dotted name at the front, `as …` and the like left out.
std::string_view leading_name(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_word(text[end]) || text[end] == '.')) ++end;
  return text.substr(0, end);
}

template <class Visit>
void for_each_item(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const auto item = leading_name(trimmed(list.substr(0, comma)));
    if (!item.empty()) visit(item);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

// Calls `visit` with each statement that starts with `import` or `from`, parentheses and continued
// lines joined, comments left out.
template <class Visit>
void for_each_import(std::string_view text, Visit visit) {
  std::size_t line_number = 1;
  std::size_t counted = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const void* const found = ::memmem(text.data() + at, text.size() - at, "import", 6);
    if (found == nullptr) return;
    const auto offset = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    const auto before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    auto end = std::min(text.find('\n', offset), text.size());
    const auto line = trimmed(text.substr(begin, end - begin));
    const bool is_from = line.starts_with("from ");
    if ((!is_from && !line.starts_with("import ")) ||
        (is_from && line.find(" import") == std::string_view::npos)) {
      at = offset + 6;
      continue;
    }
    std::string statement;
    const auto append_line = [&](std::string_view part) {
      part = part.substr(0, part.find('#'));
      statement += trimmed(part);
      statement += ' ';
    };
    append_line(text.substr(begin, end - begin));
    const auto goes_on = [&] {
      const auto open = statement.find('(');
      return (open != std::string::npos && statement.find(')', open) == std::string::npos) ||
             trimmed(statement).ends_with('\\');
    };
    constexpr std::size_t kMostLines = 200;
    for (std::size_t lines = 0; goes_on() && end < text.size() && lines < kMostLines; ++lines) {
      const auto next = std::min(text.find('\n', end + 1), text.size());
      append_line(text.substr(end + 1, next - end - 1));
      end = next;
    }
    std::ranges::replace_if(
        statement, [](char c) { return c == '(' || c == ')' || c == '\\'; }, ' ');
    line_number += static_cast<std::size_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                   text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
    counted = begin;
    const auto whole = trimmed(statement);
    // A comment may have taken the rest of it away.
    if (whole.starts_with(is_from ? "from " : "import ") &&
        (!is_from || whole.find(" import") != std::string_view::npos))
      visit(whole, text[begin] != ' ' && text[begin] != '\t', line_number);
    at = end;
  }
}

std::string_view directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string join(std::string_view directory, std::string_view rest) {
  if (directory.empty()) return std::string(rest);
  return std::string(directory) + "/" + std::string(rest);
}

// Directories that the code puts on Python's path by a literal: `sys.path.append("src")`.
std::vector<std::string> path_directories(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find("sys.path."); at != std::string_view::npos;
       at = text.find("sys.path.", at + 9)) {
    const auto line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
    const auto quote = line.find_first_of("'\"");
    if (quote == std::string_view::npos) continue;
    const auto end = line.find(line[quote], quote + 1);
    if (end == std::string_view::npos) continue;
    auto directory = line.substr(quote + 1, end - quote - 1);
    if (directory.starts_with("/src/")) directory.remove_prefix(5);
    while (directory.starts_with("./")) directory.remove_prefix(2);
    while (directory.ends_with('/')) directory.remove_suffix(1);
    if (!directory.empty() && directory != "." && !directory.starts_with('/'))
      out.emplace_back(directory);
  }
  return out;
}

void add_module_paths(std::string_view directory, std::string_view module,
                      std::vector<std::string>& out) {
  std::string path(module);
  std::ranges::replace(path, '.', '/');
  out.push_back(join(directory, path + ".py"));
  out.push_back(join(directory, path + "/__init__.py"));
}

}  // namespace

std::vector<ImportedName> imported_names(std::string_view text) {
  std::vector<ImportedName> out;
  for_each_import(text, [&](std::string_view statement, bool unindented, std::size_t line) {
    if (statement.starts_with("import ")) {
      for_each_item(statement.substr(7), [&](std::string_view module) {
        out.push_back({.module = std::string(module), .unindented = unindented, .line = line});
      });
      return;
    }
    const auto rest = trimmed(statement.substr(5));
    const auto module = leading_name(rest);
    const auto keyword = rest.find("import", module.size());
    if (module.empty() || keyword == std::string_view::npos) return;
    out.push_back({.module = std::string(module), .unindented = unindented, .line = line});
    for_each_item(rest.substr(keyword + 6), [&](std::string_view original) {
      out.push_back({.module = std::string(module),
                     .original = std::string(original),
                     .unindented = unindented,
                     .line = line});
    });
  });
  return out;
}

std::vector<std::string> candidate_paths(const ImportedName& name,
                                         std::string_view importing_file) {
  std::vector<std::string> out;
  std::string_view module = name.module;
  const auto with_original = [&](std::string_view directory, std::string_view base) {
    if (!base.empty() && name.original.empty()) add_module_paths(directory, base, out);
    if (name.original.empty()) return;
    const auto full =
        base.empty() ? std::string(name.original) : std::string(base) + "." + name.original;
    add_module_paths(directory, full, out);
  };
  if (module.starts_with('.')) {
    auto directory = directory_of(importing_file);
    module.remove_prefix(1);
    while (module.starts_with('.')) {
      directory = directory_of(directory);
      module.remove_prefix(1);
    }
    with_original(directory, module);
    if (module.empty() && name.original.empty()) out.push_back(join(directory, "__init__.py"));
    return out;
  }
  with_original("", module);
  if (const auto directory = directory_of(importing_file); !directory.empty())
    with_original(directory, module);
  return out;
}

std::string_view file_of_reference(std::string_view reference) {
  const auto colon = reference.rfind(':');
  return reference.substr(0, colon);
}

std::vector<const PythonFile*> reachable_code(const Subject& subject) {
  std::vector<const PythonFile*> out;
  if (!subject.config) return out;
  std::set<const PythonFile*> seen;
  std::set<std::string> directories;
  std::deque<const PythonFile*> open;
  const auto add = [&](std::string_view path) {
    // `subject.python` is sorted by path.
    const auto found = std::ranges::lower_bound(
        subject.python, path, {}, [](const auto& file) { return std::string_view(file->path()); });
    if (found == subject.python.end() || (*found)->path() != path) return;
    if (seen.insert(found->get()).second) open.push_back(found->get());
  };
  // Importing `a.b.c` runs `a/__init__.py` and `a/b/__init__.py` too.
  const auto add_with_packages = [&](const std::string& path) {
    add(path);
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      add(path.substr(0, slash) + "/__init__.py");
  };
  add(file_of_reference(*subject.config->predict));
  add(file_of_reference(*subject.config->train));
  while (!open.empty()) {
    const PythonFile* const file = open.front();
    open.pop_front();
    out.push_back(file);
    for (auto& directory : path_directories(file->text())) directories.insert(directory);
    for (const auto& name : imported_names(file->text())) {
      for (const auto& path : candidate_paths(name, file->path())) add_with_packages(path);
      if (name.module.starts_with('.')) continue;
      for (const auto& directory : directories)
        for (const auto& path : candidate_paths(name, directory + "/x")) add_with_packages(path);
    }
  }
  std::ranges::sort(out, {}, &PythonFile::path);
  return out;
}

}  // namespace cogbuild::check
