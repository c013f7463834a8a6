#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/process/runner.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

namespace cogbuild::compose {

struct Services {
  store::BlobStore& blobs;
  store::KeyIndex& keys;
  http::Client& http;
  process::Runner& runner;
  clock::Clock& clock;
  progress::Reporter& reporter;
  int threads = 2;
  bool use_cache = true;
  bool offline = false;
};

}  // namespace cogbuild::compose
