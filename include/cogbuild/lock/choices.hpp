#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::lock {

// What the user said beside the project's files of how to choose. What was not said is empty; given
// to `cogbuild lock`, it is kept in cogbuild.lock and holds until it is said anew.
struct Choices {
  std::optional<std::string> base{};
  std::optional<std::vector<std::string>> base_packages{};
  std::optional<bool> keep_docs{};
  std::optional<bool> use_cog_base_image{};
  std::optional<std::string> use_cuda_base_image{};  // `auto`, `true`, `false`
  std::optional<std::string> index_url{};
  std::optional<std::vector<std::string>> extra_index_urls{};
  std::optional<std::vector<std::string>> find_links{};
  std::optional<bool> no_index{};
  std::optional<std::string> index_strategy{};  // `first-index`, `unsafe-best-match`
  std::optional<std::string> resolution{};      // `highest`, `lowest`, `lowest-direct`
  std::optional<bool> prereleases{};
  std::optional<bool> prefer_binary{};
  std::optional<std::string> exclude_newer{};             // RFC 3339; "": no cutoff
  std::optional<std::vector<std::string>> no_binary{};    // names, or `:all:`
  std::optional<std::vector<std::string>> only_binary{};  // the same
  std::optional<std::vector<std::string>> constraint_files{};
  std::optional<std::vector<std::string>> override_files{};
  std::optional<std::string> torch_backend{};
  std::optional<std::string> torch_index{};
  std::optional<bool> opencv_headless{};
  friend bool operator==(const Choices&, const Choices&) = default;
};

// What `newer` says, else what `older` says.
Choices merge(Choices newer, const Choices& older);
// The same without user-info in any URL: what may be written down.
Choices without_credentials(Choices choices);

}  // namespace cogbuild::lock
