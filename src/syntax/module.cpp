#include <cogbuild/syntax/module.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <tree_sitter/api.h>
#include <utility>

// The grammar's one symbol; it has no header.
extern "C" const TSLanguage* tree_sitter_python();

namespace cogbuild::syntax {
namespace {

// Ordinary files parse at 10 MB/s: only text made to be slow comes near.
constexpr std::uint64_t kMaxParseMicroseconds = 5'000'000;

// A longer line is no help to a reader, and a place in it would copy it all.
constexpr std::size_t kMaxLineBytes = 1000;

struct ParserDeleter {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

bool is_word_byte(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_' ||
         static_cast<unsigned char>(letter) >= 0x80;
}

bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  bool in_word = false;
  for (const char letter : text) {
    const bool word = is_word_byte(letter);
    if (word ? !in_word : !is_space(letter)) ++count;
    in_word = word;
  }
  return count;
}

// Moving in the tree at a cost that does not depend on where one is.
class TreeCursor {
 public:
  explicit TreeCursor(const TSNode& node) : cursor_(ts_tree_cursor_new(node)) {}
  TreeCursor(const TreeCursor&) = delete;
  TreeCursor& operator=(const TreeCursor&) = delete;
  ~TreeCursor() { ts_tree_cursor_delete(&cursor_); }

  [[nodiscard]] TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  bool to_first_child() { return ts_tree_cursor_goto_first_child(&cursor_); }
  bool to_next_sibling() { return ts_tree_cursor_goto_next_sibling(&cursor_); }
  void to_parent() { ts_tree_cursor_goto_parent(&cursor_); }

 private:
  TSTreeCursor cursor_;
};

// Every node below and with `top`, parents first; `visit` says whether to go below one.
template <class Visit>
void walk_all(const TSNode& top, Visit visit) {
  TreeCursor cursor(top);
  std::size_t depth = 0;
  while (true) {
    if (visit(cursor.node()) && cursor.to_first_child()) {
      ++depth;
      continue;
    }
    while (depth > 0 && !cursor.to_next_sibling()) {
      cursor.to_parent();
      --depth;
    }
    if (depth == 0) return;
  }
}

}  // namespace

struct Node::Access {
  static Node wrap(const TSNode& node, const Module* module) {
    Node out;
    if (ts_node_is_null(node)) return out;
    std::copy(std::begin(node.context), std::end(node.context), out.context_.begin());
    out.id_ = node.id;
    out.tree_ = node.tree;
    out.module_ = module;
    return out;
  }
  static TSNode unwrap(const Node& node) {
    TSNode out{};
    std::copy(node.context_.begin(), node.context_.end(), std::begin(out.context));
    out.id = node.id_;
    out.tree = static_cast<const TSTree*>(node.tree_);
    return out;
  }
};

std::string_view Node::type() const {
  return id_ == nullptr ? std::string_view() : ts_node_type(Access::unwrap(*this));
}

std::string_view Node::text() const {
  if (id_ == nullptr) return {};
  return std::string_view(module_->text()).substr(begin(), end() - begin());
}

std::size_t Node::begin() const {
  return id_ == nullptr ? 0 : ts_node_start_byte(Access::unwrap(*this));
}

std::size_t Node::end() const {
  return id_ == nullptr ? 0 : ts_node_end_byte(Access::unwrap(*this));
}

std::size_t Node::line() const {
  return id_ == nullptr ? 0 : std::size_t{ts_node_start_point(Access::unwrap(*this)).row} + 1;
}

SourceLocation Node::location() const {
  return id_ == nullptr ? SourceLocation{} : module_->location_at(begin());
}

Node Node::field(std::string_view name) const {
  if (id_ == nullptr) return {};
  return Access::wrap(ts_node_child_by_field_name(Access::unwrap(*this), name.data(),
                                                  static_cast<std::uint32_t>(name.size())),
                      module_);
}

Node Node::parent() const {
  return id_ == nullptr ? Node() : Access::wrap(ts_node_parent(Access::unwrap(*this)), module_);
}

Node Node::next_named_sibling() const {
  if (id_ == nullptr) return {};
  return Access::wrap(ts_node_next_named_sibling(Access::unwrap(*this)), module_);
}

Node Node::previous_named_sibling() const {
  if (id_ == nullptr) return {};
  return Access::wrap(ts_node_prev_named_sibling(Access::unwrap(*this)), module_);
}

Node Node::first_named_child() const {
  if (id_ == nullptr) return {};
  return Access::wrap(ts_node_named_child(Access::unwrap(*this), 0), module_);
}

std::vector<Node> Node::children() const {
  std::vector<Node> out;
  if (id_ == nullptr) return out;
  TreeCursor cursor(Access::unwrap(*this));
  for (bool more = cursor.to_first_child(); more; more = cursor.to_next_sibling())
    out.push_back(Access::wrap(cursor.node(), module_));
  return out;
}

std::vector<Node> Node::named_children() const {
  std::vector<Node> out = children();
  std::erase_if(out, [](const Node& child) { return !ts_node_is_named(Access::unwrap(child)); });
  return out;
}

bool Node::has_error() const { return id_ != nullptr && ts_node_has_error(Access::unwrap(*this)); }

Result<std::unique_ptr<Module>> Module::parse(std::string file, std::string text) {
  if (text.size() > kMaxSourceBytes)
    return fail(
        Error(ErrorKind::config,
              fmt::format("`{}` has {} bytes: more than the {} that are read of a Python file",
                          file, text.size(), kMaxSourceBytes))
            .hint("move data out of the source into a file beside it"));
  if (const std::size_t words = count_words(text); words > kMaxSourceWords)
    return fail(
        Error(ErrorKind::config,
              fmt::format("`{}` has {} words and signs: more than the {} that are read of a "
                          "Python file",
                          file, words, kMaxSourceWords))
            .hint("move data out of the source into a file beside it"));
  const std::unique_ptr<TSParser, ParserDeleter> parser(ts_parser_new());
  ts_parser_set_language(parser.get(), tree_sitter_python());
  ts_parser_set_timeout_micros(parser.get(), kMaxParseMicroseconds);
  std::unique_ptr<Module> out(new Module(std::move(file), std::move(text)));
  out->tree_ = ts_parser_parse_string(parser.get(), nullptr, out->text_.data(),
                                      static_cast<std::uint32_t>(out->text_.size()));
  if (out->tree_ == nullptr)
    return fail(Error(ErrorKind::config, fmt::format("`{}` could not be read within {} seconds",
                                                     out->file_, kMaxParseMicroseconds / 1'000'000))
                    .hint("is it really Python?"));
  return out;
}

Module::~Module() {
  if (tree_ != nullptr) ts_tree_delete(static_cast<TSTree*>(tree_));
}

Node Module::root() const {
  return Node::Access::wrap(ts_tree_root_node(static_cast<const TSTree*>(tree_)), this);
}

Node Module::first_error() const {
  Node found;
  // A missing sign has no name.
  walk_all(ts_tree_root_node(static_cast<const TSTree*>(tree_)), [&](const TSNode& node) {
    if (found || !ts_node_has_error(node)) return false;
    if (ts_node_is_missing(node) || std::string_view(ts_node_type(node)) == "ERROR")
      found = Node::Access::wrap(node, this);
    return true;
  });
  return found;
}

SourceLocation Module::location_at(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const std::string_view before = std::string_view(text_).substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  std::size_t line_end = text_.find('\n', offset);
  if (line_end == std::string::npos) line_end = text_.size();
  std::string line_text;
  if (line_end - line_begin <= kMaxLineBytes)
    line_text = text_.substr(line_begin, line_end - line_begin);
  if (line_text.ends_with('\r')) line_text.pop_back();
  return SourceLocation{
      .file = file_,
      .line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
      .column = offset - line_begin + 1,
      .line_text = std::move(line_text)};
}

void walk(const Node& top, const std::function<bool(const Node&)>& visit) {
  if (!top) return;
  walk_all(Node::Access::unwrap(top), [&](const TSNode& node) {
    return ts_node_is_named(node) && visit(Node::Access::wrap(node, &top.module()));
  });
}

}  // namespace cogbuild::syntax
