#include "shell_lexer.hpp"

#include "words.hpp"

#include <algorithm>
#include <array>

namespace cogbuild::configure {
namespace {

constexpr int kMaxNesting = 50;

bool ends_word(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';' || c == '&' || c == '|' ||
         c == '(' || c == ')' || c == '<' || c == '>';
}

}  // namespace

const Token& ShellLexer::peek() {
  if (!has_next_) {
    next_ = read_token();
    has_next_ = true;
  }
  return next_;
}

Token ShellLexer::take() {
  peek();
  has_next_ = false;
  return std::move(next_);
}

std::string ShellLexer::here_document(std::size_t index) const {
  return here_documents_[index].text;
}

std::size_t ShellLexer::expect_here_document(std::string_view delimiter, bool strip_tabs) {
  HereDocument document{.strip_tabs = strip_tabs};
  for (const char c : delimiter)
    if (c != '\'' && c != '"' && c != '\\') document.delimiter.push_back(c);
  here_documents_.push_back(std::move(document));
  return here_documents_.size() - 1;
}

void ShellLexer::skip_space() {
  while (at_ < text_.size()) {
    if (is_blank(text_[at_])) {
      ++at_;
    } else if (text_.substr(at_).starts_with("\\\n")) {
      at_ += 2;
      ++line_;
    } else if (text_[at_] == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      return;
    }
  }
}

void ShellLexer::read_here_documents() {
  for (auto& document : here_documents_) {
    if (document.read) continue;
    document.read = true;
    while (at_ < text_.size()) {
      auto rest = text_.substr(at_);
      auto line = next_line(rest);
      at_ = text_.size() - rest.size();
      ++line_;
      if (document.strip_tabs)
        while (line.starts_with('\t')) line.remove_prefix(1);
      if (line == document.delimiter) break;
      document.text += line;
      document.text += '\n';
    }
  }
}

Token ShellLexer::read_token() {
  skip_space();
  if (at_ >= text_.size()) return {.type = TokenType::end, .line = line_};
  const auto rest = text_.substr(at_);
  if (rest.front() == '\n') {
    const Token token{.type = TokenType::newline, .text = "\n", .line = line_};
    ++at_;
    ++line_;
    read_here_documents();
    return token;
  }
  static constexpr std::array<std::string_view, 17> kOperators{"<<-", "&&", "||", ";;", "<<", ">>",
                                                               "<&",  ">&", "<>", ">|", ";",  "&",
                                                               "|",   "(",  ")",  "<",  ">"};
  for (const auto op : kOperators) {
    if (!rest.starts_with(op)) continue;
    at_ += op.size();
    return {.type = TokenType::op, .text = std::string(op), .line = line_};
  }
  return read_word();
}

// After the opening quote or `(`: up to and with the closing one.
bool ShellLexer::skip_substitution(std::string& word, char open, char close) {
  int depth = 1;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '\n') ++line_;
    if (c == '\\' && at_ + 1 < text_.size()) {
      word += text_.substr(at_, 2);
      if (text_[at_ + 1] == '\n') ++line_;
      at_ += 2;
      continue;
    }
    if (c == '\'' || c == '"') {
      if (!skip_quoted(word)) return false;
      continue;
    }
    word.push_back(c);
    ++at_;
    if (c == open) ++depth;
    if (c == close && --depth == 0) return true;
  }
  return false;
}

bool ShellLexer::skip_quoted(std::string& word) {
  if (nesting_ == kMaxNesting) return false;
  ++nesting_;
  const bool closed = skip_inside_quotes(word);
  --nesting_;
  return closed;
}

// At a quote: up to and with the one that closes it.
bool ShellLexer::skip_inside_quotes(std::string& word) {
  const char quote = text_[at_];
  word.push_back(quote);
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '\n') ++line_;
    if (c == '\\' && quote == '"' && at_ + 1 < text_.size()) {
      if (text_[at_ + 1] == '\n') {
        ++line_;
      } else {
        word += text_.substr(at_, 2);
      }
      at_ += 2;
      continue;
    }
    word.push_back(c);
    ++at_;
    if (c == quote) return true;
    if (quote == '"' && c == '$' && at_ < text_.size() && text_[at_] == '(') {
      word.push_back('(');
      ++at_;
      if (!skip_substitution(word, '(', ')')) return false;
    }
  }
  return false;
}

Token ShellLexer::read_word() {
  Token token{.type = TokenType::word, .line = line_};
  const auto trouble = [&token](std::string_view what) {
    return Token{.type = TokenType::trouble, .text = std::string(what), .line = token.line};
  };
  std::string& word = token.text;
  while (at_ < text_.size() && !ends_word(text_[at_])) {
    const char c = text_[at_];
    if (c == '\\') {
      if (at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
        ++line_;
      } else {
        word += text_.substr(at_, 2);
      }
      at_ = std::min(at_ + 2, text_.size());
    } else if (c == '\'' || c == '"') {
      if (!skip_quoted(word)) return trouble("a quote is never closed");
    } else if (c == '`') {
      word.push_back(c);
      ++at_;
      const auto end = text_.find('`', at_);
      if (end == std::string_view::npos) return trouble("a quote is never closed");
      const auto inside = text_.substr(at_, end + 1 - at_);
      line_ += static_cast<std::size_t>(std::ranges::count(inside, '\n'));
      word += inside;
      at_ = end + 1;
    } else if (c == '$' && at_ + 1 < text_.size() &&
               (text_[at_ + 1] == '(' || text_[at_ + 1] == '{')) {
      const char open = text_[at_ + 1];
      word += text_.substr(at_, 2);
      at_ += 2;
      if (!skip_substitution(word, open, open == '(' ? ')' : '}'))
        return trouble("a substitution is never closed");
    } else {
      word.push_back(c);
      ++at_;
    }
  }
  // `2>`: which stream a redirection is of does not matter.
  const bool redirects = at_ < text_.size() && (text_[at_] == '<' || text_[at_] == '>');
  if (redirects && word.size() == 1 && word[0] >= '0' && word[0] <= '9') return read_token();
  return token;
}

}  // namespace cogbuild::configure
