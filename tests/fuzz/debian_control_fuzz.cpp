// room: debian
#include <cogbuild/debian/control.hpp>
#include <cogbuild/debian/package.hpp>
#include <cogbuild/debian/relation.hpp>
#include <cogbuild/debian/version.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace cogbuild::debian;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_relations(std::string_view text, RelationField field) {
  const auto relations = parse_relations(text, field);
  if (!relations) return;
  const std::string printed = to_string(*relations);
  const auto again = parse_relations(printed, field);
  require(again && to_string(*again) == printed);
  for (const Relation& relation : relations->flat())
    require(is_package_name(relation.name) && relation.satisfied_by(relation.version) !=
                                                  (relation.relation == VersionRelation::earlier ||
                                                   relation.relation == VersionRelation::later));
}

void check_package(const Package& package, std::string_view text) {
  require(is_package_name(package.name) && is_architecture(package.architecture));
  require(Version::parse(package.version).has_value());
  require(!package.file_name.starts_with('/') &&
          package.file_name.find("/../") == std::string_view::npos);
  require(text.find(package.stanza) != std::string_view::npos);
  for (const auto field : {package.pre_depends, package.depends})
    check_relations(field, RelationField::depends);
  for (const auto field : {package.conflicts, package.breaks, package.replaces})
    check_relations(field, RelationField::conflicts);
  check_relations(package.provides, RelationField::provides);
}

}  // namespace

// Any bytes as Packages, as status and as one field of relations.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto list = parse_packages(text, "Packages"))
    for (const Package& package : *list) check_package(package, text);
  for (const StatusFile form : {StatusFile::dpkg, StatusFile::one_each})
    if (const auto list = parse_status(text, "status", form))
      for (const Package& package : *list) check_package(package, text);
  if (const auto stanzas = read_stanzas(text, "text", Comments::allowed))
    for (const Stanza& stanza : *stanzas)
      for (const Field& field : stanza.fields) (void)value_lines(field.value);
  for (const auto field : {RelationField::depends, RelationField::conflicts,
                           RelationField::provides, RelationField::build_depends})
    check_relations(text, field);
  return 0;
}
