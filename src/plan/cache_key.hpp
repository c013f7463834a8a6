#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/plan/image_plan.hpp>

#include <string>

namespace cogbuild::plan {

// The digest of everything that decides a layer's bytes: its content, where it goes, times,
// attributes of parents, and the identity of what compresses it. The title is not part of it.
digest::Digest cache_key(const LayerPlan& layer, const std::string& compressor_identity);

}  // namespace cogbuild::plan
