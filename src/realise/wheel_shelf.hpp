#pragma once

#include "build_layer.hpp"

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <map>
#include <memory>
#include <mutex>

namespace cogbuild::realise {

// The wheels of one run, each opened and laid out at most once: checking for conflicts and making
// the layers need the same. Safe from several threads.
class WheelShelf {
 public:
  explicit WheelShelf(const Services& services) : services_(services) {}

  // Fetches what the store lacks, several at once: downloads wait on the network, not on a core.
  Result<OpenedWheels> open(const std::vector<const lock::LockedDistribution*>& wheels,
                            const plan::InstallScheme& scheme);

 private:
  Result<std::shared_ptr<const OpenedWheel>> open(const lock::LockedDistribution& wheel,
                                                  const plan::InstallScheme& scheme);

  const Services& services_;
  std::mutex mutex_{};
  std::map<digest::Digest, std::shared_ptr<const OpenedWheel>> wheels_{};
};

}  // namespace cogbuild::realise
