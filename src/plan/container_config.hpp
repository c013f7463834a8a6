#pragma once

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/plan/plan_image.hpp>

namespace cogbuild::plan {

// The image config that Cog would write (spec/cog.md, sections 2.1 and 2.2) on top of the base's.
image::ImageConfig container_config(const PlanInputs& inputs, const PlanOptions& options);

// `1980-01-01T00:00:00Z`; RFC 3339, in UTC.
std::string rfc3339(std::int64_t seconds);

}  // namespace cogbuild::plan
