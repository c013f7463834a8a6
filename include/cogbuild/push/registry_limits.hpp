#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cogbuild::push {

// The largest layer in bytes that a registry host is known to take (as published by its operator);
// nothing for hosts without a known limit.
std::optional<std::uint64_t> largest_layer_bytes(std::string_view registry);

}  // namespace cogbuild::push
