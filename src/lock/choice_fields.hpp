#pragma once

#include <cogbuild/lock/choices.hpp>

namespace cogbuild::lock {

// Calls `visit(key, member)` for each choice, in the order in which they are written.
template <class Visit>
void for_each_choice(Visit visit) {
  visit("base", &Choices::base);
  visit("base-packages", &Choices::base_packages);
  visit("keep-docs", &Choices::keep_docs);
  visit("use-cog-base-image", &Choices::use_cog_base_image);
  visit("use-cuda-base-image", &Choices::use_cuda_base_image);
  visit("index-url", &Choices::index_url);
  visit("extra-index-url", &Choices::extra_index_urls);
  visit("find-links", &Choices::find_links);
  visit("no-index", &Choices::no_index);
  visit("index-strategy", &Choices::index_strategy);
  visit("resolution", &Choices::resolution);
  visit("prereleases", &Choices::prereleases);
  visit("prefer-binary", &Choices::prefer_binary);
  visit("exclude-newer", &Choices::exclude_newer);
  visit("no-binary", &Choices::no_binary);
  visit("only-binary", &Choices::only_binary);
  visit("constraints", &Choices::constraint_files);
  visit("overrides", &Choices::override_files);
  visit("torch-backend", &Choices::torch_backend);
  visit("torch-index", &Choices::torch_index);
  visit("opencv-headless", &Choices::opencv_headless);
}

}  // namespace cogbuild::lock
