#pragma once

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/url/url.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cogbuild::apt {

// A file below the root of an archive: every part is percent-encoded.
url::Url below(const url::Url& root, std::string_view path);

// What an answer said of its content, to ask whether that is still so.
struct Validators {
  std::string etag{};
  std::string last_modified{};
  friend bool operator==(const Validators&, const Validators&) = default;
};

struct Answer {
  enum class State { content, unchanged, absent };
  State state = State::absent;
  std::string content{};
  Validators validators{};
};

// A file of a mirror (http, https or file) as it is now. Errors: network (unreachable, stalled, cut
// off, after retries), auth, integrity (longer than `limit_bytes`), io.
Result<Answer> get_file(const url::Url& file, std::uint64_t limit_bytes,
                        const Validators& validators, const Services& services);

// As above for a larger file, whose size is known: with progress under `label`. A file of another
// size is an integrity error.
Result<Answer> get_large_file(const url::Url& file, std::uint64_t size_bytes,
                              const std::string& label, const Services& services);

}  // namespace cogbuild::apt
