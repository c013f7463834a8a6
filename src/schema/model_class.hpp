#pragma once

#include "models.hpp"

#include <string>
#include <vector>

namespace cogbuild::schema {

// What stands in the parentheses of a class.
struct BaseClasses {
  bool base_model = false;            // BaseModel itself is among them
  bool typed_dict = false;            // TypedDict itself is
  bool total = true;                  // no `total=False`
  std::vector<std::string> others{};  // as written
};
BaseClasses base_classes(const syntax::Node& definition, const ImportTable& imports);

// The annotated names in the body. As Cog reads, one whose annotation it cannot read is left out.
std::vector<ModelField> own_fields(const syntax::Node& definition, const ImportTable& imports,
                                   const BaseClasses& bases, bool typed_dict, Reading reading);

}  // namespace cogbuild::schema
