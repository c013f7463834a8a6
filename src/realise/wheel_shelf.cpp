#include "wheel_shelf.hpp"

#include "in_parallel.hpp"

namespace cogbuild::realise {

Result<std::shared_ptr<const OpenedWheel>> WheelShelf::open(const lock::LockedDistribution& wheel,
                                                            const plan::InstallScheme& scheme) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = wheels_.find(wheel.digest); known != wheels_.end()) return known->second;
  }
  TRY_ASSIGN(auto opened, open_wheel(wheel, scheme, services_));
  auto shared = std::make_shared<const OpenedWheel>(std::move(opened));
  const std::lock_guard lock(mutex_);
  return wheels_.emplace(wheel.digest, std::move(shared)).first->second;
}

Result<OpenedWheels> WheelShelf::open(const std::vector<const lock::LockedDistribution*>& wheels,
                                      const plan::InstallScheme& scheme) {
  constexpr int kDownloads = 8;
  OpenedWheels opened(wheels.size());
  TRY(in_parallel(wheels.size(), kDownloads, [&](std::size_t i) -> Result<void> {
    TRY_ASSIGN(opened[i], open(*wheels[i], scheme));
    return {};
  }));
  return opened;
}

}  // namespace cogbuild::realise
