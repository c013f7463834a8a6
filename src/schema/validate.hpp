#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/schema/signature.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::schema {

// As validate_openapi, of a document that several signatures went into.
Result<void> validate_document(std::string_view document, const std::string& file,
                               const std::vector<const Signature*>& signatures);

}  // namespace cogbuild::schema
