#include <cogbuild/recipe/recipe.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace cogbuild::recipe {

namespace {

constexpr std::string_view kHeader = "recipe 1 ";
constexpr std::size_t kMaxLiteralBytes = std::size_t{256} * 1024 * 1024;

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (std::size_t i = 0; i < bytes.size();) {
    const char c = bytes[i];
    if (c == '\0') {
      std::size_t end = bytes.find_first_not_of('\0', i);
      if (end == std::string_view::npos) end = bytes.size();
      fmt::format_to(std::back_inserter(out), "%z{}.", end - i);
      i = end;
      continue;
    }
    if (c > ' ' && c <= '~' && c != '%') {
      out += c;
    } else {
      const auto value = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[value >> 4U];
      out += kDigits[value & 15U];
    }
    ++i;
  }
}

// Numbers blobs and files in order of first use, writing the line that names one when it is met.
class Printer {
 public:
  explicit Printer(std::string& out) : out_(out) {}

  void operator()(const Literal& literal) {
    out_ += "= ";
    append_escaped(out_, literal.bytes);
    out_ += '\n';
  }
  void operator()(const BlobRange& range) {
    const auto [entry, is_new] = blobs_.try_emplace(range.blob, blobs_.size());
    if (is_new) print("B {}\n", to_string(range.blob));
    print("b {} {} {}\n", entry->second, range.offset, range.size_bytes);
  }
  void operator()(const FileRange& range) {
    print("f {} {} {}\n", number(range.path, range.stamp), range.offset, range.size_bytes);
  }
  void operator()(const StoredFile& file) {
    print("s {} {}\n", number(file.path, file.stamp), file.content_bytes);
  }
  void operator()(const RemoteBlob& remote) {
    print("r {} {} ", to_string(remote.blob), remote.size_bytes);
    append_escaped(out_, remote.repository);
    out_ += '\n';
  }

 private:
  // One path may stand with two stamps; a reader then refuses one of them, here both are kept.
  std::size_t number(const std::filesystem::path& path, const io::FileStamp& stamp) {
    std::string named = fmt::format("F {} {} {} {} {} ", stamp.device, stamp.inode,
                                    stamp.size_bytes, stamp.mtime_ns, stamp.ctime_ns);
    append_escaped(named, path.native());
    const auto [entry, is_new] = files_.try_emplace(std::move(named), files_.size());
    if (is_new) print("{}\n", entry->first);
    return entry->second;
  }
  template <class... Values>
  void print(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Values>(values)...);
  }

  std::string& out_;
  std::map<digest::Digest, std::size_t> blobs_{};
  std::map<std::string, std::size_t> files_{};
};

// One line being taken apart, field by field; every taker returns nothing when the text does not
// fit.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_(line) {}

  // The text up to the next space, or to the end.
  std::string_view word() {
    const auto space = rest_.find(' ');
    const auto taken = rest_.substr(0, space);
    rest_ = space == std::string_view::npos ? std::string_view{} : rest_.substr(space + 1);
    return taken;
  }
  template <class Number>
  std::optional<Number> number() {
    const auto text = word();
    Number value{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }
  std::optional<digest::Digest> digest() {
    auto parsed = digest::Digest::parse(word());
    if (!parsed) return std::nullopt;
    return *parsed;
  }
  // The rest of the line, unescaped, at most `limit` bytes.
  std::optional<std::string> bytes(std::size_t limit);
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::string> Fields::bytes(std::size_t limit) {
  std::string out;
  while (!rest_.empty()) {
    const auto percent = std::min(rest_.find('%'), rest_.size());
    if (percent > limit - out.size()) return std::nullopt;
    out += rest_.substr(0, percent);
    rest_.remove_prefix(percent);
    if (rest_.empty()) break;
    std::size_t count = 1;
    unsigned char value = 0;
    const char* const begin = rest_.data() + 1;
    const char* const end = rest_.data() + rest_.size();
    if (rest_.size() > 1 && *begin == 'z') {
      const auto [stop, code] = std::from_chars(begin + 1, end, count);
      if (code != std::errc() || stop == end || *stop != '.') return std::nullopt;
      rest_.remove_prefix(static_cast<std::size_t>(stop + 1 - rest_.data()));
    } else {
      if (rest_.size() < 3) return std::nullopt;
      const auto [stop, code] = std::from_chars(begin, begin + 2, value, 16);
      if (code != std::errc() || stop != begin + 2) return std::nullopt;
      rest_.remove_prefix(3);
    }
    if (count > limit - out.size()) return std::nullopt;
    out.append(count, static_cast<char>(value));
  }
  return out;
}

// The state of a parse: what the lines so far have named.
class Parser {
 public:
  // False when the line does not fit the grammar.
  bool line(std::string_view text);
  [[nodiscard]] std::uint64_t total_bytes() const { return total_bytes_; }
  std::vector<Segment> take() { return std::move(segments_); }

 private:
  bool add(Segment segment) {
    const std::uint64_t size = size_bytes(segment);
    if (size > std::numeric_limits<std::uint64_t>::max() - total_bytes_) return false;
    total_bytes_ += size;
    segments_.push_back(std::move(segment));
    return true;
  }
  bool literal(Fields fields);
  bool name_blob(Fields fields);
  bool name_file(Fields fields);
  bool range(Fields fields, char kind);
  bool stored_file(Fields fields);
  bool remote(Fields fields);

  std::vector<digest::Digest> blobs_{};
  std::vector<FileRange> files_{};  // without range
  std::vector<Segment> segments_{};
  std::uint64_t total_bytes_ = 0;
  std::size_t literal_bytes_ = 0;
};

bool Parser::line(std::string_view text) {
  if (text.size() < 2 || text[1] != ' ') return false;
  const Fields fields(text.substr(2));
  switch (text[0]) {
    case '=':
      return literal(fields);
    case 'B':
      return name_blob(fields);
    case 'F':
      return name_file(fields);
    case 'b':
    case 'f':
      return range(fields, text[0]);
    case 's':
      return stored_file(fields);
    case 'r':
      return remote(fields);
    default:
      return false;
  }
}

bool Parser::literal(Fields fields) {
  auto bytes = fields.bytes(kMaxLiteralBytes - literal_bytes_);
  if (!bytes) return false;
  literal_bytes_ += bytes->size();
  return add(Literal{.bytes = *std::move(bytes)});
}

bool Parser::name_blob(Fields fields) {
  const auto blob = fields.digest();
  if (!blob || !fields.at_end()) return false;
  blobs_.push_back(*blob);
  return true;
}

bool Parser::name_file(Fields fields) {
  const auto device = fields.number<std::uint64_t>();
  const auto inode = fields.number<std::uint64_t>();
  const auto size = fields.number<std::uint64_t>();
  const auto mtime = fields.number<std::int64_t>();
  const auto ctime = fields.number<std::int64_t>();
  const auto path = fields.bytes(kMaxLiteralBytes - literal_bytes_);
  if (!device || !inode || !size || !mtime || !ctime || !path) return false;
  literal_bytes_ += path->size();
  files_.push_back({.path = *path,
                    .stamp = {.device = *device,
                              .inode = *inode,
                              .size_bytes = *size,
                              .mtime_ns = *mtime,
                              .ctime_ns = *ctime}});
  return true;
}

bool Parser::range(Fields fields, char kind) {
  const auto number = fields.number<std::size_t>();
  const auto offset = fields.number<std::uint64_t>();
  const auto size = fields.number<std::uint64_t>();
  if (!number || !offset || !size || !fields.at_end()) return false;
  if (*size > std::numeric_limits<std::uint64_t>::max() - *offset) return false;
  if (kind == 'b')
    return *number < blobs_.size() &&
           add(BlobRange{.blob = blobs_[*number], .offset = *offset, .size_bytes = *size});
  if (*number >= files_.size()) return false;
  FileRange file = files_[*number];
  file.offset = *offset;
  file.size_bytes = *size;
  return add(std::move(file));
}

bool Parser::stored_file(Fields fields) {
  const auto number = fields.number<std::size_t>();
  const auto content = fields.number<std::uint64_t>();
  if (!number || !content || !fields.at_end() || *number >= files_.size()) return false;
  if (*content > std::numeric_limits<std::uint64_t>::max() / 2) return false;
  const FileRange& file = files_[*number];
  return add(StoredFile{.path = file.path, .content_bytes = *content, .stamp = file.stamp});
}

bool Parser::remote(Fields fields) {
  const auto blob = fields.digest();
  const auto size = fields.number<std::uint64_t>();
  auto repository = fields.bytes(kMaxLiteralBytes - literal_bytes_);
  if (!blob || !size || !repository) return false;
  literal_bytes_ += repository->size();
  return add(RemoteBlob{.repository = *std::move(repository), .blob = *blob, .size_bytes = *size});
}

Error malformed(std::size_t line) {
  return {ErrorKind::integrity, fmt::format("line {} of a recipe is malformed", line)};
}

}  // namespace

std::string to_string(const Recipe& recipe) {
  std::string out = fmt::format("{}{} {}\n", kHeader, to_string(recipe.digest), recipe.size_bytes);
  Printer printer(out);
  for (const auto& segment : recipe.segments) std::visit(printer, segment);
  return out;
}

Result<Recipe> parse(std::string_view text) {
  Recipe recipe;
  Parser parser;
  for (std::size_t number = 1; !text.empty() || number == 1; ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return fail(malformed(number));
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (number > 1) {
      if (!parser.line(line)) return fail(malformed(number));
      continue;
    }
    if (!line.starts_with(kHeader)) return fail(malformed(number));
    Fields fields(line.substr(kHeader.size()));
    const auto digest = fields.digest();
    const auto size = fields.number<std::uint64_t>();
    if (!digest || !size || !fields.at_end()) return fail(malformed(number));
    recipe.digest = *digest;
    recipe.size_bytes = *size;
  }
  if (parser.total_bytes() != recipe.size_bytes)
    return fail(
        Error(ErrorKind::integrity,
              fmt::format("the segments of recipe {} have {} bytes, expected {}",
                          to_string(recipe.digest), parser.total_bytes(), recipe.size_bytes)));
  recipe.segments = parser.take();
  return recipe;
}

}  // namespace cogbuild::recipe
