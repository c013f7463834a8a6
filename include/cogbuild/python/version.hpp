#pragma once

#include <cogbuild/error/result.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// A version: `[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]`; PEP 440, "Version scheme".
// Ordered as PEP 440 says: release segments compare zero-padded, so 1.0 == 1.0.0, although each
// prints as it was written. An integer outside 64 bits is refused (local segments have no bound).
class Version {
 public:
  enum class PreKind { alpha, beta, rc };
  struct Pre {
    PreKind kind = PreKind::alpha;
    std::uint64_t number = 0;
    friend auto operator<=>(const Pre&, const Pre&) = default;
    friend bool operator==(const Pre&, const Pre&) = default;
  };

  Version() : release_{0} {}
  // Accepts every spelling of PEP 440, "Normalization". Error: config.
  static Result<Version> parse(std::string_view text);

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] const std::vector<std::uint64_t>& release() const { return release_; }
  // The n-th release segment, 0 past the end.
  [[nodiscard]] std::uint64_t segment(std::size_t n) const {
    return n < release_.size() ? release_[n] : 0;
  }
  [[nodiscard]] const std::optional<Pre>& pre() const { return pre_; }
  [[nodiscard]] const std::optional<std::uint64_t>& post() const { return post_; }
  [[nodiscard]] const std::optional<std::uint64_t>& dev() const { return dev_; }
  // Normalized segments; empty: no local label.
  [[nodiscard]] const std::vector<std::string>& local() const { return local_; }

  // `a`, `b`, `rc` or `dev`.
  [[nodiscard]] bool is_prerelease() const { return pre_.has_value() || dev_.has_value(); }
  // Epoch and release alone; everything but the local label.
  [[nodiscard]] Version base() const;
  [[nodiscard]] Version without_local() const;

  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }

 private:
  friend class VersionParser;
  std::uint64_t epoch_ = 0;
  std::vector<std::uint64_t> release_{};
  std::optional<Pre> pre_{};
  std::optional<std::uint64_t> post_{};
  std::optional<std::uint64_t> dev_{};
  std::vector<std::string> local_{};
};

// The canonical spelling; keeps release zeros.
std::string to_string(const Version& version);

}  // namespace cogbuild::python
