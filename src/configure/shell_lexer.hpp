#pragma once

#include "shell_syntax.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::configure {

enum class TokenType : std::uint8_t { word, op, newline, end, trouble };

struct Token {
  TokenType type = TokenType::end;
  std::string text{};  // a word as written, an operator, or what is wrong
  std::size_t line = 0;
};

// Splits a script into words and operators; joins continued lines, drops comments, reads
// here-documents at the end of their line.
class ShellLexer {
 public:
  explicit ShellLexer(std::string_view text) : text_(text) {}

  const Token& peek();
  Token take();
  // The texts of here-documents in the order of their `<<`; complete once their line has ended.
  [[nodiscard]] std::string here_document(std::size_t index) const;
  // Says that a here-document of this delimiter (a word as written) follows; its index.
  std::size_t expect_here_document(std::string_view delimiter, bool strip_tabs);

 private:
  struct HereDocument {
    std::string delimiter{};
    bool strip_tabs = false;
    bool read = false;
    std::string text{};
  };

  Token read_token();
  Token read_word();
  bool skip_quoted(std::string& word);
  bool skip_inside_quotes(std::string& word);
  bool skip_substitution(std::string& word, char open, char close);
  void skip_space();
  void read_here_documents();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  int nesting_ = 0;  // of quotes and substitutions
  bool has_next_ = false;
  Token next_{};
  std::vector<HereDocument> here_documents_{};
};

}  // namespace cogbuild::configure
