#pragma once

#include "annotations.hpp"
#include "source_files.hpp"

namespace cogbuild::schema {

// The names of types as if everything had been imported under its own name: what plain() leaves.
ImportTable plain_imports();

// The annotation as Python would take it, in plain names: `Opt[int]` of `from typing import
// Optional as Opt` becomes `Optional[int]`, `CogPath` becomes `Path`, names that stand for types
// are replaced by them, a bare `list` holds Any, `Annotated` without Opaque is gone, unions are
// flat. `file` is where the annotation stands.
Annotation plain(const Annotation& annotation, const SourceFile& file);

}  // namespace cogbuild::schema
