#include "ascii.hpp"
#include "quoted.hpp"

#include <cogbuild/debian/choose.hpp>
#include <cogbuild/debian/relation.hpp>
#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {
namespace {

Error wrong(std::string_view text, std::string_view why) {
  return {ErrorKind::config, fmt::format("{} is not a system package: {}", quoted(text), why)};
}

// A codename, a suite name, or one with a suffix: `bookworm-backports`, `stable/updates`.
bool is_suite(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '/';
  });
}

}  // namespace

Result<Wish> parse_wish(std::string_view text) {
  text = trim(text);
  if (text.empty()) return fail(wrong(text, "it is empty"));
  if (text.front() == '-')
    return fail(wrong(text, "it looks like an option")
                    .hint("system packages are names alone; options of apt have no meaning here"));
  std::string_view rest = text;
  next_word(rest);
  if (!trim(rest).empty())
    return fail(wrong(text, "it has white space in it").hint("list each package on its own"));
  if (text.find_first_of("<>~!") != std::string_view::npos &&
      text.find_first_of("<>~!") < std::min(text.find('='), text.size()) + 1)
    return fail(wrong(text, "versions are asked for with `=` alone")
                    .hint(fmt::format("write {}, or `name=version` for one version",
                                      quoted(text.substr(0, text.find_first_of("<>~!="))))));

  const auto name_end = std::min(text.find_first_of("=/:"), text.size());
  Wish wish;
  wish.name = text.substr(0, name_end);
  if (name_end < text.size() && text[name_end] == ':')
    return fail(wrong(text, "it names an architecture")
                    .hint(fmt::format("write {}: packages are of the image's own architecture",
                                      quoted(wish.name))));
  if (!is_package_name(wish.name))
    return fail(wrong(text, "a name has letters, digits and `+-._`"));
  if (wish.name.ends_with('-'))
    return fail(wrong(text, "a `-` at the end asks apt to remove a package")
                    .hint("packages of the base cannot be removed"));
  if (name_end == text.size()) return wish;

  const auto value = text.substr(name_end + 1);
  if (text[name_end] == '=') {
    if (value.empty()) return fail(wrong(text, "a version is expected after `=`"));
    if (const auto checked = check_version(value); !checked)
      return fail(wrong(text, checked.error().message()));
    wish.version = value;
  } else {
    if (!is_suite(value)) return fail(wrong(text, "the name of a suite is expected after `/`"));
    wish.suite = value;
  }
  return wish;
}

std::string to_string(const Wish& wish) {
  if (!wish.version.empty()) return wish.name + "=" + wish.version;
  if (!wish.suite.empty()) return wish.name + "/" + wish.suite;
  return wish.name;
}

}  // namespace cogbuild::debian
