#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cogbuild::registry {

// How a blob's bytes travel once an upload has begun (distribution-spec, "Pushing blobs").
enum class UploadMode {
  whole_put,    // one PUT with everything
  whole_patch,  // one PATCH with everything, then an empty PUT
  chunks,       // PATCHes with Content-Range, then an empty PUT
};

// What is known of a registry's ways (spec/oci.md, section 5.2).
struct Profile {
  // To be tried in order; never empty.
  std::vector<UploadMode> modes{UploadMode::whole_patch, UploadMode::chunks, UploadMode::whole_put};
  // Blobs larger than this go in chunks of this size from the start; 0: no such limit is known.
  std::uint64_t chunk_bytes = 0;
  // Ranged PATCHes never exceed this; 0: no such limit is known.
  std::uint64_t largest_chunk_bytes = 0;
  bool takes_ranges = true;        // false: PATCH with Content-Range is refused, so nothing resumes
  bool tells_ranges = true;        // false: `Range` in its answers says nothing
  bool last_chunk_in_put = false;  // an empty PUT after chunks fails
};

// By the host of the API, `r8.im` or `registry.example.com:5000`.
Profile profile_for(std::string_view registry);

}  // namespace cogbuild::registry
