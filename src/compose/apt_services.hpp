#pragma once

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/compose/services.hpp>

namespace cogbuild::compose {

inline apt::Services apt_services(const Services& services) {
  return {.http = services.http,
          .blobs = services.blobs,
          .keys = services.keys,
          .runner = services.runner,
          .clock = services.clock,
          .reporter = services.reporter,
          .offline = services.offline,
          .refresh = !services.use_cache};
}

}  // namespace cogbuild::compose
