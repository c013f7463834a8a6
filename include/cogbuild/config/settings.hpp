#pragma once

#include <cogbuild/config/located.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::config {

// Where packages come from, and what may be done with them.
struct DebianSettings {
  // Lines of apt's one-line form; `{suite}` stands for the suite that is asked for.
  std::vector<Located<std::string>> sources{};
  Located<std::string> snapshot{};                   // root of a snapshot service, a URL
  std::vector<Located<std::string>> skip_scripts{};  // packages whose scripts need not run
  bool allow_unsigned = false;                       // `sources` may be used without a signature
  Located<std::string> suite{};  // of the native base where nothing else decides it
  friend bool operator==(const DebianSettings&, const DebianSettings&) = default;
};

// A standalone build of CPython of the user's own.
struct PythonArchive {
  Located<std::string> version{};  // `3.12.11`
  Located<std::string> url{};
  Located<digest::Digest> sha256{};
  friend bool operator==(const PythonArchive&, const PythonArchive&) = default;
};

struct PythonSettings {
  Located<std::string> mirror{};  // URL in place of the default download location
  std::optional<PythonArchive> archive{};
  friend bool operator==(const PythonSettings&, const PythonSettings&) = default;
};

// What `cogbuild check` says of this project. Rules are named by id, known or not.
struct CheckSettings {
  std::vector<Located<std::string>> ignore{};   // rules whose findings are not listed
  std::vector<Located<std::string>> enable{};   // rules that are off by default
  std::vector<Located<std::string>> exclude{};  // patterns of files and directories (project)
  friend bool operator==(const CheckSettings&, const CheckSettings&) = default;
};

// cogbuild.yaml: what cog.yaml has no word for; values as written. Empty means absent throughout.
struct Settings {
  DebianSettings debian{};
  PythonSettings python{};
  Located<std::string> base{};                        // as --base
  std::vector<Located<std::string>> base_packages{};  // as --base-packages
  std::optional<bool> keep_docs{};                    // as --keep-docs
  CheckSettings check{};
  friend bool operator==(const Settings&, const Settings&) = default;
};

struct SettingsResult {
  Settings settings{};
  std::vector<Error> warnings{};  // unknown keys (with a did-you-mean); located
};

// Reads `file` (relative to the tree's root); without it all is absent. Findings, limits and
// locations as of `read` (config.hpp). Error: config; io.
Result<SettingsResult> read_settings(const io::Tree& project,
                                     const std::string& file = "cogbuild.yaml");

}  // namespace cogbuild::config
