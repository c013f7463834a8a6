#include <cogbuild/schema/signature.hpp>

namespace cogbuild::schema {

bool Input::is_nullable() const {
  // `token: Secret = Input(default=None)` is the idiom for a credential that may be left out; of
  // every other type None only says that the code makes a value up.
  const bool secret_or_none = type.kind == InputType::Kind::primitive &&
                              type.primitive == Primitive::secret && default_value &&
                              default_value->is_none();
  return type.nullable || secret_or_none;
}

bool Input::is_required() const {
  const bool has_default = default_value && (!default_value->is_none() || is_nullable());
  return !has_default && (!type.nullable || type.kind == InputType::Kind::one_of);
}

}  // namespace cogbuild::schema
