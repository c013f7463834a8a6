#include <cogbuild/filetree/file_tree.hpp>
#include <cogbuild/filetree/text_field.hpp>

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace cogbuild::filetree {

namespace {

constexpr std::string_view kTypeLetters = "dflo";  // in the order of NodeType

bool parse_number(std::string_view text, std::uint32_t& number, int base) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return code == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string to_text(const FileTree& tree) {
  std::string text;
  for (const auto& [path, node] : tree.entries()) {
    fmt::format_to(std::back_inserter(text), "{}{:o}\t{}\t{}\t",
                   kTypeLetters[static_cast<std::size_t>(node.type)], node.mode, node.uid,
                   node.gid);
    append_field(text, path);
    if (node.type == NodeType::symlink) {
      text += '\t';
      append_field(text, node.link_target);
    }
    text += '\n';
  }
  return text;
}

Result<FileTree> parse_text(std::string_view text) {
  FileTree tree;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    std::string_view line = take_until(text, '\n');
    const auto malformed = [&] {
      return fail(
          Error(ErrorKind::integrity, fmt::format("line {} of a file tree is malformed", number)));
    };
    std::string_view head = take_until(line, '\t');
    const auto type = head.empty() ? std::string_view::npos : kTypeLetters.find(head.front());
    if (type == std::string_view::npos) return malformed();
    head.remove_prefix(1);
    Node node{.type = static_cast<NodeType>(type)};
    if (!parse_number(head, node.mode, 8) || !parse_number(take_until(line, '\t'), node.uid, 10) ||
        !parse_number(take_until(line, '\t'), node.gid, 10))
      return malformed();
    auto path = parse_field(take_until(line, '\t'));
    if (!path || path->empty()) return malformed();
    if (node.type == NodeType::symlink) {
      auto target = parse_field(take_until(line, '\t'));
      if (!target) return malformed();
      node.link_target = std::move(*target);
    }
    if (!line.empty()) return malformed();
    const std::size_t before = tree.entries_.size();
    // Sorted text appends at the end without a search.
    tree.entries_.emplace_hint(tree.entries_.end(), std::move(*path), std::move(node));
    if (tree.entries_.size() == before) return malformed();
  }
  return tree;
}

}  // namespace cogbuild::filetree
