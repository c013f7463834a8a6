#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::apt {

// The distribution of a root: os-release(5).
struct Distribution {
  std::string id{};        // `debian` or `ubuntu`, of a derivative what it derives from
  std::string codename{};  // of that: `bookworm`
};

// Nothing when the text names neither.
std::optional<Distribution> parse_os_release(std::string_view text);

// `debian` or `ubuntu`, where the suite is known to be one of its releases; else empty.
std::string_view distribution_of_suite(std::string_view suite);

// True for a suite that gets its fixes itself: there is no `-updates` or `-security` beside it.
bool is_rolling(std::string_view suite);

// What stands behind the name of the distribution's release in a suite's name: ``, `-updates`,
// `-security` (also of `X/updates`). Nothing for other suites, among them `-backports`. It may
// borrow the suite.
std::optional<std::string_view> suffix_of_suite(std::string_view suite, const Distribution& host);

}  // namespace cogbuild::apt
