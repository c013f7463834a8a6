#pragma once

#include <cogbuild/python/version.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogbuild::frameworks {

// A CUDA release, as the names of builds tell it: `cu118` is 11.8.
struct Cuda {
  unsigned major = 0;
  unsigned minor = 0;
  // `12.1` or `12.1.1`, of which the first two numbers count. None for anything else.
  static std::optional<Cuda> parse(std::string_view text);
  friend auto operator<=>(const Cuda&, const Cuda&) = default;
};

std::string to_string(const Cuda& cuda);  // `11.8`
std::string build_tag(const Cuda& cuda);  // `cu118`

// Releases of the torch family that belong together, and the CUDA releases they are built for. Only
// an index is chosen by it: which versions fit each other, their own metadata says.
struct TorchRow {
  std::string_view torch{};
  std::string_view torchvision{};
  std::string_view torchaudio{};
  unsigned first_python_minor = 0;  // of CPython 3
  unsigned last_python_minor = 0;
  std::optional<Cuda> plain{};     // what the default index's build is for, where no index has it
  std::span<const Cuda> builds{};  // ascending; each has an index of its own
};

// Ascending by version.
std::span<const TorchRow> torch_rows();

// What a release of TensorFlow is built for.
struct TensorflowRow {
  std::string_view version{};
  Cuda cuda{};
  unsigned cudnn_major = 0;
};

// The row of exactly this version.
const TensorflowRow* find_tensorflow(const python::Version& version);

}  // namespace cogbuild::frameworks
