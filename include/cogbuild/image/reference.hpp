#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::image {

// `registry/name[:tag][@digest]`; distribution-spec, "Pulling manifests", and Docker's defaults:
// the first component is a host iff it holds `.` or `:` or is `localhost`; otherwise docker.io, and
// a single component there lies below `library/`. A digest wins over a tag.
struct Reference {
  std::string registry{};    // `docker.io`, `r8.im`, `127.0.0.1:5000`
  std::string repository{};  // `library/python`
  std::string tag{};         // empty when only a digest was given; `latest` when neither was
  std::optional<digest::Digest> digest{};

  friend bool operator==(const Reference&, const Reference&) = default;
};

Result<Reference> parse_reference(std::string_view text);
// In full, as parse reads it: `docker.io/library/python:3.11-slim`.
std::string to_string(const Reference& reference);

}  // namespace cogbuild::image
