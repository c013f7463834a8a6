#pragma once

#include "request.hpp"

#include <cogbuild/config/located.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/python/target.hpp>

#include <string>
#include <vector>

namespace cogbuild::resolve {

// Everything that decides which builds of torch and its family are taken.
struct FrameworkQuestion {
  const std::vector<Root>& roots;
  const std::vector<Root>& constraints;
  bool gpu = false;
  const config::Located<std::string>& cuda;  // of the config; empty: not said
  const python::Target& target;
  const pypi::IndexConfig& indexes;  // those that the user names
  const std::string& backend;        // of the options: `auto`, `none`, `cpu`, `cu118`, …
  const std::string& site;           // URL below which the builds' indexes are
};

struct FrameworkChoice {
  std::string build{};   // `cpu`, `cu118`, …: which of the site's indexes; empty: none of them
  std::string reason{};  // one line
  bool notable = false;  // whether the user should hear the reason unasked
  std::vector<Error> warnings{};
};

// Chooses an index of builds, never a version. torch, torchvision, torchaudio, xformers and
// flash-attn are one family with one CUDA. What the user says decides: an index or a wheel he names
// himself, hashes, a local label (`+cu118`); then `gpu` and `cuda` do. Errors: usage (an unknown
// backend), config (labels that contradict each other or the backend).
Result<FrameworkChoice> choose_framework_index(const FrameworkQuestion& question);

}  // namespace cogbuild::resolve
