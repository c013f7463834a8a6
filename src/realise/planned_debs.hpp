#pragma once

#include "deb_shelf.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/realise/realise.hpp>

#include <cstddef>
#include <vector>

namespace cogbuild::realise {

// The Debian packages of a plan: checked against each other, and unpacked where a layer needs it.
class PlannedDebs {
 public:
  // All must outlive the object.
  PlannedDebs(const plan::ImagePlan& plan, const filetree::FileTree& base, const Services& services)
      : plan_(plan), services_(services), shelf_(base, services), order_(plan.layers.size()) {}

  // What building the layers at `missing` needs, and the check of all packages whenever their
  // combination is new. Error: conflict (writing_order), and those of unpacking.
  Result<void> prepare(const std::vector<std::size_t>& missing);

  // Of a layer that was missing: its packages in the order in which their files are written.
  [[nodiscard]] const std::vector<WantedDeb>& order(std::size_t layer) const {
    return order_[layer];
  }
  [[nodiscard]] const DebShelf& shelf() const { return shelf_; }

 private:
  [[nodiscard]] std::string check_key() const;
  Result<void> settle_order(const std::vector<std::size_t>& layers);

  const plan::ImagePlan& plan_;
  const Services& services_;
  DebShelf shelf_;
  std::vector<std::vector<WantedDeb>> order_;
};

}  // namespace cogbuild::realise
