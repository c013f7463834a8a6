#include <cogbuild/debian/deb_contents.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {

namespace {

const std::string* find_text(const std::vector<NamedText>& texts, std::string_view name) {
  const auto found = std::ranges::find(texts, name, &NamedText::name);
  return found == texts.end() ? nullptr : &found->content;
}

}  // namespace

const std::string* DebContents::find_control(std::string_view file) const {
  return find_text(control, file);
}

const std::string* DebContents::find_content(std::string_view path) const {
  return find_text(contents, path);
}

std::string database_name(const DebContents& package) {
  return package.multi_arch_same ? fmt::format("{}:{}", package.name, package.architecture)
                                 : package.name;
}

}  // namespace cogbuild::debian
