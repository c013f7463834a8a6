#include "shell_syntax.hpp"

#include "shell_lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::configure {
namespace {

constexpr int kMaxDepth = 100;

bool ends_list(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kWords{"then", "else", "elif", "fi",
                                                          "do",   "done", "esac", "}"};
  return std::ranges::find(kWords, word) != kWords.end();
}

// Descends by the grammar; the first trouble ends everything.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Script read() {
    Script script;
    script.body = list();
    if (trouble_.empty() && lexer_.peek().type != TokenType::end)
      complain("unexpected `" + lexer_.peek().text + "`");
    fill_here_documents(script.body);
    script.trouble = trouble_;
    script.trouble_line = trouble_line_;
    return script;
  }

 private:
  void complain(std::string what) {
    if (!trouble_.empty()) return;
    trouble_ = std::move(what);
    trouble_line_ = lexer_.peek().line;
  }
  bool failed() {
    if (trouble_.empty() && lexer_.peek().type == TokenType::trouble) complain(lexer_.peek().text);
    return !trouble_.empty();
  }
  bool at_op(std::string_view op) {
    return lexer_.peek().type == TokenType::op && lexer_.peek().text == op;
  }
  bool at_word(std::string_view word) {
    return lexer_.peek().type == TokenType::word && lexer_.peek().text == word;
  }
  bool take_op(std::string_view op) {
    if (!at_op(op)) return false;
    lexer_.take();
    return true;
  }
  void expect_word(std::string_view word) {
    if (failed()) return;
    if (!at_word(word)) return complain("`" + std::string(word) + "` is missing");
    lexer_.take();
  }
  void skip_newlines() {
    while (lexer_.peek().type == TokenType::newline) lexer_.take();
  }
  Statement make(StatementType type) { return {.type = type, .line = lexer_.peek().line}; }

  Statement list() {
    Statement all = make(StatementType::sequence);
    if (++depth_ > kMaxDepth) complain("it is nested too deeply");
    while (!failed()) {
      while (lexer_.peek().type == TokenType::newline || at_op(";") || at_op("&")) lexer_.take();
      const auto& token = lexer_.peek();
      if (token.type == TokenType::end || at_op(")") || at_op(";;") ||
          (token.type == TokenType::word && ends_list(token.text)))
        break;
      Statement one = and_or();
      if (failed()) break;  // it may lack its parts
      all.children.push_back(std::move(one));
    }
    --depth_;
    return all;
  }

  Statement and_or() {
    Statement left = pipeline();
    for (int length = 0; !failed() && (at_op("&&") || at_op("||")); ++length) {
      if (length == kMaxDepth) complain("a chain of commands is too long");
      Statement joined = make(at_op("&&") ? StatementType::both : StatementType::either);
      lexer_.take();
      skip_newlines();
      joined.children.push_back(std::move(left));
      joined.children.push_back(pipeline());
      left = std::move(joined);
    }
    return left;
  }

  Statement pipeline() {
    if (at_word("!")) {
      Statement negation = make(StatementType::negation);
      lexer_.take();
      if (++depth_ > kMaxDepth) complain("it is nested too deeply");
      negation.children.push_back(failed() ? Statement{} : pipeline());
      --depth_;
      return negation;
    }
    Statement first = command();
    if (failed() || !at_op("|")) return first;
    Statement all = make(StatementType::pipeline);
    all.children.push_back(std::move(first));
    while (!failed() && take_op("|")) {
      skip_newlines();
      all.children.push_back(command());
    }
    return all;
  }

  Statement command() {
    if (failed()) return {};
    Statement statement = compound();
    while (!failed() && redirection(statement)) {
    }
    return statement;
  }

  Statement compound() {
    if (at_op("(")) {
      lexer_.take();
      Statement body = list();
      if (!failed() && !take_op(")")) complain("`)` is missing");
      return body;
    }
    if (lexer_.peek().type == TokenType::word) {
      const std::string word = lexer_.peek().text;
      if (word == "{") {
        lexer_.take();
        Statement body = list();
        expect_word("}");
        return body;
      }
      if (word == "if") return branch();
      if (word == "case") return choice();
      if (word == "for") return each();
      if (word == "while" || word == "until") return loop();
    }
    return simple();
  }

  Statement branch() {
    Statement statement = make(StatementType::branch);
    lexer_.take();  // if, elif
    statement.children.push_back(list());
    expect_word("then");
    statement.children.push_back(list());
    if (failed()) return statement;
    if (at_word("elif")) {
      Statement otherwise = make(StatementType::sequence);
      if (++depth_ > kMaxDepth) complain("it is nested too deeply");
      otherwise.children.push_back(branch());
      --depth_;
      statement.children.push_back(std::move(otherwise));
      return statement;
    }
    if (at_word("else")) {
      lexer_.take();
      statement.children.push_back(list());
    } else {
      statement.children.push_back(make(StatementType::sequence));
    }
    expect_word("fi");
    return statement;
  }

  Statement choice() {
    Statement statement = make(StatementType::choice);
    lexer_.take();
    statement.words.push_back(lexer_.take().text);
    skip_newlines();
    expect_word("in");
    while (!failed()) {
      skip_newlines();
      if (at_word("esac")) break;
      take_op("(");
      std::vector<std::string> patterns;
      do patterns.push_back(lexer_.take().text);
      while (take_op("|"));
      if (!take_op(")")) {
        complain("`)` is missing");
        break;
      }
      statement.arms.push_back(std::move(patterns));
      statement.children.push_back(list());
      if (!take_op(";;") && !at_word("esac")) complain("`;;` is missing");
    }
    expect_word("esac");
    return statement;
  }

  Statement each() {
    Statement statement = make(StatementType::each);
    lexer_.take();
    statement.words.push_back(lexer_.take().text);
    skip_newlines();
    if (at_word("in")) {
      lexer_.take();
      while (lexer_.peek().type == TokenType::word) statement.words.push_back(lexer_.take().text);
    } else {
      statement.words.emplace_back("\"$@\"");
    }
    take_op(";");
    skip_newlines();
    expect_word("do");
    statement.children.push_back(list());
    expect_word("done");
    return statement;
  }

  Statement loop() {
    Statement statement = make(StatementType::loop);
    lexer_.take();
    statement.children.push_back(list());
    expect_word("do");
    statement.children.push_back(list());
    expect_word("done");
    return statement;
  }

  // `> file`, `2>&1`, `<< EOF`; the number is gone.
  bool redirection(Statement& statement) {
    const auto& token = lexer_.peek();
    if (token.type != TokenType::op || (token.text.front() != '<' && token.text.front() != '>'))
      return false;
    Redirection one{.op = lexer_.take().text};
    if (lexer_.peek().type != TokenType::word) {
      complain("a redirection names no file");
      return false;
    }
    one.target = lexer_.take().text;
    if (one.op == "<<" || one.op == "<<-") {
      one.target = std::to_string(lexer_.expect_here_document(one.target, one.op == "<<-"));
      one.op = "<<";
    }
    statement.redirections.push_back(std::move(one));
    return true;
  }

  Statement simple() {
    Statement statement = make(StatementType::command);
    while (!failed()) {
      if (redirection(statement)) continue;
      if (lexer_.peek().type != TokenType::word) break;
      std::string word = lexer_.take().text;
      if (statement.words.empty() && at_op("(")) {
        lexer_.take();
        if (!take_op(")")) complain("`)` is missing");
        skip_newlines();
        statement.type = StatementType::function;
        statement.words.push_back(std::move(word));
        statement.children.push_back(command());
        return statement;
      }
      if (!statement.text.empty()) statement.text += ' ';
      statement.text += word;
      statement.words.push_back(std::move(word));
    }
    // Nothing was taken: what stands here begins no command.
    if (statement.words.empty() && statement.redirections.empty())
      complain("unexpected `" + lexer_.peek().text + "`");
    return statement;
  }

  void fill_here_documents(Statement& statement) {
    for (auto& one : statement.redirections)
      if (one.op == "<<") one.target = lexer_.here_document(std::stoul(one.target));
    for (auto& child : statement.children) fill_here_documents(child);
  }

  ShellLexer lexer_;
  int depth_ = 0;
  std::string trouble_{};
  std::size_t trouble_line_ = 0;
};

}  // namespace

Script read_script(std::string_view text) { return Parser(text).read(); }

}  // namespace cogbuild::configure
