#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/filetree/file_tree.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/realise/layer.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <functional>
#include <vector>

namespace cogbuild::realise {

// Where and with which credentials a distribution's wheel is fetched when the store lacks it.
// Called from several threads.
using WantedWheel = std::function<Result<fetch::Wanted>(const lock::LockedDistribution&)>;

struct Services {
  const io::Tree& project;
  store::BlobStore& blobs;
  store::KeyIndex& keys;
  fetch::Services fetch;
  WantedWheel wanted;
  clock::Clock& clock;
  progress::Reporter& reporter;
  int threads = 2;
  bool use_cache = true;
};

// Turns every layer plan into a blob, in parallel; the result is in the plan's order. Layers whose
// key is known are taken from the index without reading anything. The first error stops the rest.
// `base` is only asked whether a wheel would hide something of it.
// Errors: conflict (two wheels own one path with different content, or a path of the base);
// integrity; network; io.
Result<std::vector<Layer>> realise(const plan::ImagePlan& plan, const filetree::FileTree& base,
                                   const Services& services);

}  // namespace cogbuild::realise
