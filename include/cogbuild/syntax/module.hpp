#pragma once

#include <cogbuild/error/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::syntax {

class Module;

// One node of the syntax tree of a Python file; a view, valid as long as its Module lives where it
// is. Names of types and fields are those of the grammar (tree-sitter-python): `call`,
// `argument_list`, … A default-made Node is "no node": false, of type "", without children.
class Node {
 public:
  Node() = default;

  explicit operator bool() const { return id_ != nullptr; }
  // The same node of the same tree.
  friend bool operator==(const Node& left, const Node& right) {
    return left.id_ == right.id_ && left.tree_ == right.tree_;
  }

  [[nodiscard]] std::string_view type() const;
  [[nodiscard]] bool is(std::string_view type_name) const { return type() == type_name; }
  [[nodiscard]] std::string_view text() const;  // its bytes in the source
  [[nodiscard]] std::size_t begin() const;      // offsets in bytes
  [[nodiscard]] std::size_t end() const;
  // Where it begins, with its line's text: a few string copies, so for findings only.
  [[nodiscard]] SourceLocation location() const;
  [[nodiscard]] std::size_t line() const;  // counted from 1
  [[nodiscard]] const Module& module() const { return *module_; }

  [[nodiscard]] Node field(std::string_view name) const;
  [[nodiscard]] Node parent() const;
  [[nodiscard]] Node next_named_sibling() const;
  [[nodiscard]] Node previous_named_sibling() const;
  // Comments are named children like others.
  [[nodiscard]] std::vector<Node> named_children() const;
  // Punctuation and keywords too.
  [[nodiscard]] std::vector<Node> children() const;
  [[nodiscard]] Node first_named_child() const;
  // It, or something below it, could not be parsed.
  [[nodiscard]] bool has_error() const;

  struct Access;  // between Node and the parser's own type, in the sources alone

 private:
  std::array<std::uint32_t, 4> context_{};
  const void* id_ = nullptr;
  const void* tree_ = nullptr;
  const Module* module_ = nullptr;
};

// A Python file and its syntax tree. The parser never fails on bad syntax: what it cannot read
// stands in ERROR nodes. Not copied, not moved: nodes point into it.
class Module {
 public:
  // `file` is the name that locations give. Errors: config where the text has more than
  // kMaxSourceBytes or kMaxSourceWords, or takes seconds to parse; nothing else.
  static Result<std::unique_ptr<Module>> parse(std::string file, std::string text);

  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] Node root() const;
  // The first place that is not Python; no node where all was understood.
  [[nodiscard]] Node first_error() const;
  // Line and column (in bytes) count from 1; without the text of a line of more than 1,000 bytes.
  [[nodiscard]] SourceLocation location_at(std::size_t offset) const;

 private:
  Module(std::string file, std::string text) : file_(std::move(file)), text_(std::move(text)) {}

  std::string file_;
  std::string text_;
  void* tree_ = nullptr;  // owned
};

inline constexpr std::size_t kMaxSourceBytes = std::size_t{4} << 20U;
// Names, numbers and signs of a text, those in strings and comments among them: an upper bound of
// its tokens. tree-sitter 0.20 overruns its memory where 65,535 tokens are open at once.
inline constexpr std::size_t kMaxSourceWords = 60'000;

// Every named node below and with `top`, in the order of the source, parents first. `visit` returns
// whether to go below the node it is given. No recursion: depth costs no stack.
void walk(const Node& top, const std::function<bool(const Node&)>& visit);

}  // namespace cogbuild::syntax
