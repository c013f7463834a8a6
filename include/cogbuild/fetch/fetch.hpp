#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/store/blob_store.hpp>

namespace cogbuild::fetch {

struct Wanted {
  std::string label{};     // for progress and messages
  std::string location{};  // http(s) URL without credentials, or a path
  std::optional<digest::Digest> digest{};  // verified when given
  std::optional<std::uint64_t> size_bytes{};
};

}  // namespace cogbuild::fetch
