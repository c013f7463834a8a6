#include "ignore_comments.hpp"

#include "text_lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::check {
namespace {

constexpr std::string_view kMark = "cogbuild:";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_blank_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_blank);
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Files of patterns: `a #b` is a pattern as a whole.
bool has_comment_lines_only(std::string_view path) {
  const auto name = file_name(path);
  return name == ".dockerignore" || name == ".gitignore" || name == ".gitattributes";
}

// Reads a text from left to right.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool ended() const { return at_ >= text_.size(); }
  void skip_blanks() {
    while (!ended() && is_blank(text_[at_])) ++at_;
  }
  bool take(std::string_view word) {
    if (!text_.substr(std::min(at_, text_.size())).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  std::string_view take_until(std::string_view stops) {
    const auto end = std::min(text_.find_first_of(stops, at_), text_.size());
    const auto taken = text_.substr(at_, end - at_);
    at_ = end;
    return taken;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

// `[a, b]` at the cursor; false where it is not that.
bool read_names(Cursor& cursor, std::size_t line_begin, std::vector<IgnoredRule>& rules) {
  cursor.skip_blanks();
  if (!cursor.take("[")) return false;
  for (;;) {
    cursor.skip_blanks();
    const auto begin = cursor.at();
    auto name = cursor.take_until(",]");
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    if (!name.empty())
      rules.push_back({.id = std::string(name),
                       .begin = line_begin + begin,
                       .end = line_begin + begin + name.size()});
    if (cursor.take("]")) return !rules.empty();
    if (!cursor.take(",")) return false;
  }
}

// Where in the line `# cogbuild: ignore` begins, not before `from`; a line has at most one.
std::optional<IgnoreComment> read_comment(const std::string& file, const TextLine& line,
                                          std::size_t from) {
  for (auto hash = line.text.find('#', from); hash != std::string_view::npos;
       hash = line.text.find('#', hash + 1)) {
    if (hash > 0 && hash > from && !is_blank(line.text[hash - 1])) continue;
    Cursor cursor(line.text, hash + 1);
    cursor.skip_blanks();
    if (!cursor.take(kMark)) continue;
    cursor.skip_blanks();
    if (!cursor.take("ignore")) continue;
    IgnoreComment comment{.location = line.at(file, hash)};
    comment.well_formed = read_names(cursor, line.begin, comment.rules);
    comment.hash = line.begin + hash;
    auto begin = hash;
    while (begin > 0 && is_blank(line.text[begin - 1])) --begin;
    comment.begin = line.begin + begin;
    comment.end = line.begin + line.text.size();
    return comment;
  }
  return std::nullopt;
}

// Settles what each comment silences and, where it has a line of its own, that all of the line is
// its own. `comments` in the order of the text.
void settle_lines(std::string_view text, std::vector<IgnoreComment>& comments) {
  std::size_t next = comments.size();
  while (next-- > 0) {
    IgnoreComment& comment = comments[next];
    const auto line = comment.location.line;
    const bool alone = is_blank_text(
        std::string_view(comment.location.line_text).substr(0, comment.location.column - 1));
    if (!alone) {
      comment.silenced_line = line;
      continue;
    }
    const bool stacked = next + 1 < comments.size() && comments[next + 1].location.line == line + 1;
    const bool next_is_alone =
        stacked && comments[next + 1].silenced_line != comments[next + 1].location.line;
    comment.silenced_line = next_is_alone ? comments[next + 1].silenced_line : line + 1;
    const auto feed = text.find('\n', comment.end);
    comment.end = feed == std::string_view::npos ? text.size() : feed + 1;
  }
}

bool mentions(std::string_view text) { return text.find(kMark) != std::string_view::npos; }

}  // namespace

bool has_comments(std::string_view path) {
  constexpr std::array<std::string_view, 9> kEndings = {".py",  ".yaml", ".yml", ".txt", ".toml",
                                                        ".cfg", ".ini",  ".sh",  ".in"};
  return has_comment_lines_only(path) || file_name(path) == "Dockerfile" ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [path](std::string_view ending) { return path.ends_with(ending); });
}

std::vector<IgnoreComment> ignore_comments(const std::string& path, std::string_view text) {
  std::vector<IgnoreComment> out;
  if (!mentions(text)) return out;
  const bool lines_only = has_comment_lines_only(path);
  for_each_line(text, [&](const TextLine& line) {
    auto comment = read_comment(path, line, 0);
    if (comment && (!lines_only || line.text.starts_with('#'))) out.push_back(*std::move(comment));
  });
  settle_lines(text, out);
  return out;
}

std::vector<IgnoreComment> ignore_comments(const PythonFile& file) {
  std::vector<IgnoreComment> out;
  if (!file.mentions({kMark})) return out;
  const syntax::Module* const module = file.module();
  if (module == nullptr) return ignore_comments(file.path(), file.text());
  syntax::walk(module->root(), [&](const syntax::Node& node) {
    if (!node.is("comment") || !mentions(node.text())) return true;
    const auto place = node.location();
    TextLine line{.number = place.line,
                  .begin = node.begin() - (place.column - 1),
                  .text = std::string_view(file.text())
                              .substr(node.begin() - (place.column - 1),
                                      node.text().size() + place.column - 1)};
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    if (auto comment = read_comment(file.path(), line, place.column - 1)) {
      comment->location.line_text = place.line_text;
      out.push_back(*std::move(comment));
    }
    return true;
  });
  settle_lines(file.text(), out);
  return out;
}

}  // namespace cogbuild::check
