#include <cogbuild/project/window_calls.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace cogbuild::project {
namespace {

constexpr std::array<std::string_view, 7> kFunctions = {
    "imshow",         "namedWindow",      "waitKey",  "destroyAllWindows",
    "createTrackbar", "setMouseCallback", "selectROI"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// A word, one other character, or the end of a logical line; empty text: the end of the file.
struct Token {
  std::string_view text{};
  std::size_t line = 0;
  std::size_t column = 0;
  [[nodiscard]] bool is(std::string_view other) const { return text == other; }
};

// Words and signs of a Python text without comments, strings and spaces.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  Token next() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
        ++at_;
        take_newline();
      } else if (c == '\n') {
        const Token end = token(1);
        take_newline();
        if (depth_ == 0) return end;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
        ++at_;
      } else if (is_word(c)) {
        std::size_t end = at_;
        while (end < text_.size() && is_word(text_[end])) ++end;
        const Token word = token(end - at_);
        at_ = end;
        return word;
      } else {
        if (c == '(' || c == '[' || c == '{') ++depth_;
        if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
        const Token sign = token(1);
        ++at_;
        return sign;
      }
    }
    return {};
  }

 private:
  [[nodiscard]] Token token(std::size_t size) const {
    return {.text = text_.substr(at_, size), .line = line_, .column = at_ - line_start_ + 1};
  }
  void take_newline() {
    ++at_;
    ++line_;
    line_start_ = at_;
  }
  // Prefixes such as `r` or `f` stand before as words of their own; a backslash keeps the quote
  // after it from ending a raw string too.
  void skip_string(char quote) {
    const bool triple =
        text_.size() - at_ >= 3 && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
    at_ += triple ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        if (text_[at_] == '\n')
          take_newline();
        else
          ++at_;
      } else if (c == '\n') {
        if (!triple) return;  // not closed: no Python
        take_newline();
      } else if (c != quote) {
        ++at_;
      } else if (!triple) {
        ++at_;
        return;
      } else if (text_.size() - at_ >= 3 && text_[at_ + 1] == quote && text_[at_ + 2] == quote) {
        at_ += 3;
        return;
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t depth_ = 0;  // of brackets, within which lines go on
};

class Finder {
 public:
  explicit Finder(std::string_view text) : words_(text) {}

  std::vector<WindowCall> find() {
    for (take(); !now_.text.empty(); take()) {
      if (before_.is(".")) continue;  // an attribute of something else
      if (now_.is("from")) {
        read_from_import();
      } else if (modules_.contains(now_.text)) {
        read_module();
      } else if (const auto found = functions_.find(now_.text); found != functions_.end()) {
        const Token call = now_;
        take();
        if (now_.is("(")) add(found->second, call);
      }
    }
    return std::move(calls_);
  }

 private:
  void take() {
    before_ = now_;
    now_ = words_.next();
  }

  void add(std::string_view function, const Token& place) {
    calls_.push_back(
        {.function = std::string(function), .line = place.line, .column = place.column});
  }

  // After the module: `.imshow(`, or `as NAME` in an import.
  void read_module() {
    const Token module = now_;
    take();
    if (now_.is("as")) {
      take();
      modules_.insert(now_.text);
    }
    if (!now_.is(".")) return;
    take();
    const Token function = now_;
    if (std::ranges::find(kFunctions, function.text) == kFunctions.end()) return;
    take();
    if (now_.is("(")) add(function.text, module);
  }

  // `from cv2 import imshow, waitKey as wait`.
  void read_from_import() {
    take();
    if (!now_.is("cv2")) return;
    take();
    if (!now_.is("import")) return;
    std::string_view function;
    for (take(); !now_.text.empty() && !now_.is("\n") && !now_.is(";"); take()) {
      if (before_.is("as")) {
        if (!function.empty()) functions_[now_.text] = function;
        continue;
      }
      if (now_.is("as")) {
        functions_.erase(function);
        continue;
      }
      const bool known = std::ranges::find(kFunctions, now_.text) != kFunctions.end();
      function = known ? now_.text : std::string_view();
      if (known) functions_[function] = function;
    }
  }

  Words words_;
  Token before_{};
  Token now_{};
  std::set<std::string_view> modules_{"cv2"};
  std::map<std::string_view, std::string_view> functions_{};  // by the name in the file
  std::vector<WindowCall> calls_{};
};

}  // namespace

std::vector<WindowCall> find_window_calls(std::string_view python) {
  // Most files have nothing to do with it.
  if (python.find("cv2") == std::string_view::npos) return {};
  return Finder(python).find();
}

}  // namespace cogbuild::project
