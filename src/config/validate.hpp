#pragma once

#include "findings.hpp"

#include <cogbuild/config/config.hpp>
#include <cogbuild/io/tree.hpp>

namespace cogbuild::config {

// Where keys stand whose place a Config does not keep.
struct Places {
  SourceLocation build{};                // the key; line 0: there is none
  bool python_version_is_wrong = false;  // given, but not as text: reported already
  SourceLocation python_packages{};      // the key
  SourceLocation concurrency{};          // the key
  SourceLocation concurrency_max{};      // its value
  SourceLocation weights{};              // the key
  Located<std::string> run{};            // Config::predict is one of these two
  Located<std::string> predict{};
};

// Cog's rules that take more than one key, and whether `python_requirements` exists in `project`.
void validate(const Config& config, const Places& places, const io::Tree& project,
              Findings& findings);

}  // namespace cogbuild::config
