#include "flat_errors.hpp"

#include <utility>

namespace cogbuild::check {

void append_flat(const Error& error, std::vector<Error>& out) {
  Error alone(error.kind(), error.message());
  if (error.location()) alone = std::move(alone).at(*error.location());
  for (const auto& line : error.story()) alone = std::move(alone).tell(line);
  for (const auto& step : error.steps()) alone = std::move(alone).during(step);
  for (const auto& hint : error.hints()) alone = std::move(alone).hint(hint);
  out.push_back(std::move(alone));
  for (const auto& other : error.others()) append_flat(other, out);
}

}  // namespace cogbuild::check
