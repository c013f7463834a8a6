#include "faults.hpp"

namespace cogbuild::schema {

Error Faults::take() {
  Error out = std::move(errors_.front());
  for (std::size_t at = 1; at < errors_.size(); ++at)
    out = std::move(out).also(std::move(errors_[at]));
  errors_.clear();
  return out;
}

}  // namespace cogbuild::schema
