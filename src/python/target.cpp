#include <cogbuild/python/target.hpp>

#include <fmt/format.h>

#include <charconv>

namespace cogbuild::python {
namespace {

bool read_number(std::string_view& text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

Result<Libc> Libc::parse(std::string_view text) {
  Libc libc;
  std::string_view rest = text;
  if (rest.starts_with("glibc ")) {
    rest.remove_prefix(6);
  } else if (rest.starts_with("musl ")) {
    libc.kind = Kind::musl;
    rest.remove_prefix(5);
  }
  bool valid = rest.size() != text.size() && read_number(rest, libc.major) && rest.starts_with(".");
  if (valid) {
    rest.remove_prefix(1);
    valid =
        read_number(rest, libc.minor) && (rest.empty() || rest.front() == '.') && libc.minor < 1000;
  }
  if (!valid) {
    return fail(
        Error(ErrorKind::config, fmt::format("`{}` is not a libc such as `glibc 2.36`", text)));
  }
  return libc;
}

std::string to_string(const Libc& libc) {
  return fmt::format("{} {}.{}", libc.kind == Libc::Kind::glibc ? "glibc" : "musl", libc.major,
                     libc.minor);
}

std::string describe(const Target& target) {
  return fmt::format("CPython {}.{}{} on linux {}, {}", target.python.segment(0),
                     target.python.segment(1), target.free_threaded ? "t" : "", target.architecture,
                     to_string(target.libc));
}

}  // namespace cogbuild::python
