#include "field_names.hpp"

#include <array>

namespace cogbuild::lock {
namespace {

constexpr std::array kGroups = {Group::project, Group::runtime};
constexpr std::array kForms = {Form::wheel, Form::source_archive, Form::version_control,
                               Form::directory};

template <class Values>
auto find(const Values& values, std::string_view text)
    -> std::optional<typename Values::value_type> {
  for (const auto value : values)
    if (text == to_string(value)) return value;
  return std::nullopt;
}

}  // namespace

const char* to_string(Group group) { return group == Group::project ? "project" : "runtime"; }

const char* to_string(Form form) {
  switch (form) {
    case Form::source_archive:
      return "source-archive";
    case Form::version_control:
      return "version-control";
    case Form::directory:
      return "directory";
    case Form::wheel:
      break;
  }
  return "wheel";
}

std::optional<Group> parse_group(std::string_view text) { return find(kGroups, text); }
std::optional<Form> parse_form(std::string_view text) { return find(kForms, text); }

}  // namespace cogbuild::lock
