#pragma once

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/realise/layer.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <functional>
#include <span>
#include <vector>

namespace cogbuild::realise {

// Where and with which credentials a distribution's wheel is fetched when the store lacks it.
// Called from several threads.
using WantedWheel = std::function<Result<fetch::Wanted>(const lock::LockedDistribution&)>;

// Makes packages that the store lacks blobs of it, all in one call.
using FetchDebs = std::function<Result<void>(std::span<const lock::LockedDeb>)>;

// Where a standalone CPython is fetched when the store lacks it.
using WantedPython = std::function<Result<fetch::Wanted>(const lock::LockedPython&)>;

struct Services {
  const io::Tree& project;
  store::BlobStore& blobs;
  store::KeyIndex& keys;
  fetch::Services fetch;
  WantedWheel wanted;
  FetchDebs fetch_debs{};
  WantedPython wanted_python{};
  clock::Clock& clock;
  progress::Reporter& reporter;
  int threads = 2;
  bool use_cache = true;
};

// Turns every layer plan into a blob, in parallel; the result is in the plan's order. Layers whose
// key is known are taken from the index without reading anything. The first error stops the rest.
// Of `base` paths follow the links; configuring packages reads its files.
// Errors: conflict (two wheels or packages own one path with different content, or a path of the
// base); integrity; unsupported (a package that cannot be configured natively); network; io.
Result<std::vector<Layer>> realise(const plan::ImagePlan& plan, const base::TreeSummary& base,
                                   const Services& services);

}  // namespace cogbuild::realise
