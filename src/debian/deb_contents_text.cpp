#include <cogbuild/debian/deb_contents.hpp>

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <limits>

// The form in the cache, made of two kinds of field:
//
//     number = decimal " "
//     text   = length in bytes ":" bytes
//
//     contents = "deb 1" LF name version architecture multi_arch_same stanza
//                count (name content)*          control
//                count (name content)*          contents
//                count (name content)*          conffiles
//                count entry*
//     entry    = path shipped type mode uid gid size_bytes link_target soname loader_flags
//
// Scripts and certificates stand as they are: nothing is escaped, nothing looked at twice.
namespace cogbuild::debian {

namespace {

constexpr std::string_view kHead = "deb 1\n";
// To be raised whenever unpacking gives other bytes or learns something else.
constexpr std::uint64_t kUnpackVersion = 2;

class Writer {
 public:
  explicit Writer(std::string_view head) : out_(head) {}
  void number(std::uint64_t value) { fmt::format_to(std::back_inserter(out_), "{} ", value); }
  void text(std::string_view value) {
    fmt::format_to(std::back_inserter(out_), "{}:", value.size());
    out_ += value;
  }
  void texts(const std::vector<NamedText>& values) {
    number(values.size());
    for (const auto& [name, content] : values) {
      text(name);
      text(content);
    }
  }
  std::string finish() && { return std::move(out_); }

 private:
  std::string out_;
};

// Once something is wrong every further field is empty, and `finished` tells.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kHead))
      rest_.remove_prefix(kHead.size());
    else
      broken();
  }

  std::uint64_t number(std::uint64_t limit = std::numeric_limits<std::uint64_t>::max()) {
    return field(' ', limit);
  }
  std::uint32_t number32() {
    return static_cast<std::uint32_t>(number(std::numeric_limits<std::uint32_t>::max()));
  }
  std::string text() {
    const auto length = static_cast<std::size_t>(field(':', rest_.size()));
    if (length > rest_.size()) {
      broken();
      return {};
    }
    std::string value(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return value;
  }
  // How many of something that takes at least one byte each.
  std::size_t count() { return static_cast<std::size_t>(number(rest_.size())); }
  std::vector<NamedText> texts() {
    std::vector<NamedText> values(count());
    for (auto& [name, content] : values) {
      name = text();
      content = text();
    }
    return values;
  }
  [[nodiscard]] bool finished() const { return !broken_ && rest_.empty(); }

 private:
  std::uint64_t field(char end, std::uint64_t limit) {
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || stop == rest_.data() + rest_.size() || *stop != end ||
        value > limit) {
      broken();
      return 0;
    }
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()) + 1);
    return value;
  }
  void broken() {
    broken_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool broken_ = false;
};

void write(Writer& out, const DebEntry& entry) {
  out.text(entry.path);
  out.text(entry.shipped);
  out.number(static_cast<std::uint64_t>(entry.type));
  out.number(entry.mode);
  out.number(entry.uid);
  out.number(entry.gid);
  out.number(entry.size_bytes);
  out.text(entry.link_target);
  out.text(entry.soname);
  out.number(entry.loader_flags);
}

DebEntry read_entry(Reader& in) {
  DebEntry entry;
  entry.path = in.text();
  entry.shipped = in.text();
  entry.type =
      static_cast<DebEntryType>(in.number(static_cast<std::uint64_t>(DebEntryType::hardlink)));
  entry.mode = in.number32();
  entry.uid = in.number32();
  entry.gid = in.number32();
  entry.size_bytes = in.number();
  entry.link_target = in.text();
  entry.soname = in.text();
  entry.loader_flags = in.number32();
  return entry;
}

}  // namespace

std::string to_text(const UnpackRules& rules) {
  Writer out("unpack ");
  out.number(kUnpackVersion);
  out.number(rules.keep_docs ? 1 : 0);
  out.number(rules.merged.size());
  for (const auto& directory : rules.merged) out.text(directory);
  out.number(rules.diversions.size());
  for (const auto& [from, to, owner] : rules.diversions) {
    out.text(from);
    out.text(to);
    out.text(owner);
  }
  for (const auto& path : rules.left_out) out.text(path);
  return std::move(out).finish();
}

std::string to_text(const DebContents& contents) {
  Writer out(kHead);
  out.text(contents.name);
  out.text(contents.version);
  out.text(contents.architecture);
  out.number(contents.multi_arch_same ? 1 : 0);
  out.text(contents.stanza);
  out.texts(contents.control);
  out.texts(contents.contents);
  out.texts(contents.conffiles);
  out.number(contents.entries.size());
  for (const auto& entry : contents.entries) write(out, entry);
  return std::move(out).finish();
}

Result<DebContents> parse_deb_contents(std::string_view text) {
  Reader in(text);
  DebContents contents;
  contents.name = in.text();
  contents.version = in.text();
  contents.architecture = in.text();
  contents.multi_arch_same = in.number(1) == 1;
  contents.stanza = in.text();
  contents.control = in.texts();
  contents.contents = in.texts();
  contents.conffiles = in.texts();
  contents.entries.resize(in.count());
  for (auto& entry : contents.entries) entry = read_entry(in);
  if (!in.finished())
    return fail(Error(ErrorKind::integrity, "the cached contents of a package are damaged"));
  return contents;
}

}  // namespace cogbuild::debian
