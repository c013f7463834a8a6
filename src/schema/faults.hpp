#pragma once

#include <cogbuild/error/error.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace cogbuild::schema {

// The errors of one signature, found one after the other and told together.
class Faults {
 public:
  // What comes after a hundred is not kept: nobody reads on.
  void add(Error error) {
    if (errors_.size() < 100) errors_.push_back(std::move(error));
  }
  [[nodiscard]] bool any() const { return !errors_.empty(); }
  [[nodiscard]] std::size_t size() const { return errors_.size(); }
  // The first, with the others in it. Requires any().
  Error take();

 private:
  std::vector<Error> errors_{};
};

}  // namespace cogbuild::schema
