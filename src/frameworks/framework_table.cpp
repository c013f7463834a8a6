#include <cogbuild/frameworks/framework_table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cogbuild::frameworks {
namespace {

constexpr Cuda k11_7{11, 7};
constexpr Cuda k11_8{11, 8};
constexpr Cuda k12_1{12, 1};
constexpr Cuda k12_4{12, 4};
constexpr Cuda k12_6{12, 6};
constexpr Cuda k12_8{12, 8};
constexpr Cuda k12_9{12, 9};
constexpr Cuda k13_0{13, 0};

constexpr std::array k2_0{k11_8};
constexpr std::array k2_1{k11_8, k12_1};
constexpr std::array k2_4{k11_8, k12_1, k12_4};
constexpr std::array k2_6{k11_8, k12_4, k12_6};
constexpr std::array k2_7{k11_8, k12_6, k12_8};
constexpr std::array k2_8{k12_6, k12_8, k12_9};
constexpr std::array k2_9{k12_6, k12_8, k13_0};
constexpr std::array k2_11{k12_6, k12_8, k12_9, k13_0};

constexpr std::array kTorchRows = {
    TorchRow{"2.0.0", "0.15.1", "2.0.1", 8, 11, k11_7, k2_0},
    TorchRow{"2.0.1", "0.15.2", "2.0.2", 8, 11, k11_7, k2_0},
    TorchRow{"2.1.0", "0.16.0", "2.1.0", 8, 11, {}, k2_1},
    TorchRow{"2.1.1", "0.16.1", "2.1.1", 8, 11, {}, k2_1},
    TorchRow{"2.1.2", "0.16.2", "2.1.2", 8, 11, {}, k2_1},
    TorchRow{"2.2.0", "0.17.0", "2.2.0", 8, 12, {}, k2_1},
    TorchRow{"2.2.1", "0.17.1", "2.2.1", 8, 12, {}, k2_1},
    TorchRow{"2.2.2", "0.17.2", "2.2.2", 8, 12, {}, k2_1},
    TorchRow{"2.3.0", "0.18.0", "2.3.0", 8, 12, {}, k2_1},
    TorchRow{"2.3.1", "0.18.1", "2.3.1", 8, 12, {}, k2_1},
    TorchRow{"2.4.0", "0.19.0", "2.4.0", 8, 12, {}, k2_4},
    TorchRow{"2.4.1", "0.19.1", "2.4.1", 8, 12, {}, k2_4},
    TorchRow{"2.5.0", "0.20.0", "2.5.0", 9, 12, {}, k2_4},
    TorchRow{"2.5.1", "0.20.1", "2.5.1", 9, 12, {}, k2_4},
    TorchRow{"2.6.0", "0.21.0", "2.6.0", 9, 13, {}, k2_6},
    TorchRow{"2.7.0", "0.22.0", "2.7.0", 9, 13, {}, k2_7},
    TorchRow{"2.7.1", "0.22.1", "2.7.1", 9, 13, {}, k2_7},
    TorchRow{"2.8.0", "0.23.0", "2.8.0", 9, 13, {}, k2_8},
    TorchRow{"2.9.0", "0.24.0", "2.9.0", 10, 14, {}, k2_9},
    TorchRow{"2.9.1", "0.24.1", "2.9.1", 10, 14, {}, k2_9},
    TorchRow{"2.10.0", "0.25.0", "2.10.0", 10, 14, {}, k2_9},
    TorchRow{"2.11.0", "0.26.0", "2.11.0", 10, 14, {}, k2_11},
};

constexpr std::array kTensorflowRows = {
    TensorflowRow{"2.12.0", {11, 8}, 8}, TensorflowRow{"2.13.0", {11, 8}, 8},
    TensorflowRow{"2.14.0", {11, 8}, 8}, TensorflowRow{"2.15.0", {12, 2}, 8},
    TensorflowRow{"2.16.1", {12, 3}, 8}, TensorflowRow{"2.17.0", {12, 3}, 8},
    TensorflowRow{"2.18.0", {12, 5}, 9}, TensorflowRow{"2.19.0", {12, 5}, 9},
    TensorflowRow{"2.20.0", {12, 5}, 9}, TensorflowRow{"2.21.0", {12, 5}, 9},
};

}  // namespace

std::optional<Cuda> Cuda::parse(std::string_view text) {
  Cuda cuda;
  const char* const end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, cuda.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, cuda.minor);
  if (minor.ec != std::errc() || (minor.ptr != end && *minor.ptr != '.')) return std::nullopt;
  return cuda;
}

std::string to_string(const Cuda& cuda) { return fmt::format("{}.{}", cuda.major, cuda.minor); }
std::string build_tag(const Cuda& cuda) { return fmt::format("cu{}{}", cuda.major, cuda.minor); }

std::span<const TorchRow> torch_rows() { return kTorchRows; }

const TensorflowRow* find_tensorflow(const python::Version& version) {
  const auto row = std::ranges::find_if(kTensorflowRows, [&](const TensorflowRow& candidate) {
    const auto known = python::Version::parse(candidate.version);
    return known && *known == version.without_local();
  });
  return row == kTensorflowRows.end() ? nullptr : &*row;
}

}  // namespace cogbuild::frameworks
