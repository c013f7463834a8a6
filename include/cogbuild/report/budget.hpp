#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/report/model.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::report {

// A bound that an image must keep. `subject` is one of
//   total            all that a pull reads
//   unpacked         all layers unpacked, as far as known
//   layer, layer:K   each layer (of kind K), compressed
//   a kind           all layers of the kind together, compressed: base system python runtime run
//   weights code package, package:N   each package (named N), unpacked growth           the pull
//   size against the image compared with; a percentage is of that image
struct Budget {
  std::string subject{};
  std::uint64_t allowed_bytes = 0;
  std::optional<std::uint64_t> allowed_percent{};  // growth only, instead of bytes
  friend bool operator==(const Budget&, const Budget&) = default;
};

// `total=1.5GB,layer=500MB,growth=10%`. A `*` selects all: `package:*` is `package`. Error: usage.
Result<std::vector<Budget>> parse_budgets(std::string_view text);

struct Violation {
  std::string budget{};  // the subject
  std::uint64_t allowed_bytes = 0;
  std::uint64_t actual_bytes = 0;
  std::string cause{};  // the largest thing that counts: `python torch 2.3.1, 812.4 MB`
  friend bool operator==(const Violation&, const Violation&) = default;
};

// The budgets that `image` exceeds, in the order given. `before` is the image compared with;
// without one, budgets on growth are not checked.
std::vector<Violation> check_budgets(const std::vector<Budget>& budgets, const ImageSummary& image,
                                     const ImageSummary* before);

// `budget total: 1158.0 MB, allowed 900.0 MB; largest: python torch 2.3.1, 812.4 MB`.
std::string to_string(const Violation& violation);

// The violation as a GitHub workflow command, which CI shows beside the change. One line with LF.
std::string ci_annotation(const Violation& violation);

// Error: budget, naming every violation.
Result<void> require_none(const std::vector<Violation>& violations);

}  // namespace cogbuild::report
