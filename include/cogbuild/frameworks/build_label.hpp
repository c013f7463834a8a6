#pragma once

#include <cogbuild/frameworks/framework_table.hpp>
#include <cogbuild/python/version.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::frameworks {

// Which build of a release a local label names: `+cu118`, `+cpu`, `+rocm5.6`, or flash-attn's
// `+cu12torch2.5…`, which says CUDA's first number alone.
struct BuildLabel {
  enum class Kind { cpu, cuda, rocm, xpu };
  Kind kind = Kind::cpu;
  std::string build{};  // the name of its index; empty: the label does not say
  unsigned cuda_major = 0;
  std::optional<Cuda> cuda{};

  // None: no label, or one that names no build.
  static std::optional<BuildLabel> of(const python::Version& version);
  // `cpu`, `cu118`, `rocm6.2`, `xpu`: as indexes are named. None for anything else.
  static std::optional<BuildLabel> of_index(std::string_view name);
};

// Whether distributions of both can be in one image.
bool agree(const BuildLabel& a, const BuildLabel& b);

}  // namespace cogbuild::frameworks
