#pragma once

#include <cogbuild/config/located.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::config {

struct SecretMount {
  std::string type{};
  std::string id{};
  std::string target{};
  friend bool operator==(const SecretMount&, const SecretMount&) = default;
};

struct RunStep {
  std::string command{};
  std::vector<SecretMount> mounts{};
  friend bool operator==(const RunStep&, const RunStep&) = default;
};

struct WeightSource {
  std::string uri{};
  std::vector<std::string> include{};
  std::vector<std::string> exclude{};
  friend bool operator==(const WeightSource&, const WeightSource&) = default;
};

struct Weight {
  Located<std::string> name{};
  std::string target{};
  std::vector<WeightSource> sources{};
  friend bool operator==(const Weight&, const Weight&) = default;
};

// cog.yaml, every key of Cog 0.22 including deprecated ones, validated; values as written (a bare
// `3.10` stays "3.10"). Empty means absent throughout.
struct Config {
  bool gpu = false;
  Located<std::string> python_version{};
  Located<std::string> cuda{};
  Located<std::string> cudnn{};
  Located<std::string> python_requirements{};  // path as written, relative to the root
  std::vector<Located<std::string>> python_packages{};
  std::vector<Located<std::string>> system_packages{};
  std::vector<Located<RunStep>> run_steps{};
  std::vector<Located<std::string>> pre_install{};
  Located<std::string> sdk_version{};
  Located<std::string> image{};
  Located<std::string> model{};
  Located<std::string> predict{};  // `run` or the deprecated `predict`: one meaning
  Located<std::string> train{};
  std::optional<int> concurrency_max{};
  std::vector<std::pair<std::string, std::string>> environment{};  // sorted by name
  std::vector<Weight> weights{};

  friend bool operator==(const Config&, const Config&) = default;
};

struct ReadResult {
  Config config{};
  std::vector<Error> warnings{};  // unknown keys (with a did-you-mean), deprecated keys; located
};

// Reads `file` (relative to the tree's root) and validates it by Cog's rules, among them that the
// file of `python_requirements` exists. All findings are reported together (Error::others), by
// line. Error: config, also when there is no such file. At most 1 MiB; only the first YAML
// document counts; an empty file is valid. A location points at the first byte of a value: its
// quote, if it has one.
Result<ReadResult> read(const io::Tree& project, const std::string& file);

// Whether the files that `run`/`predict` and `train` name exist; the hint names the nearest one.
// Error: config.
Result<void> check_entry_points(const io::Tree& project, const Config& config);

// The directory of `file` in `start` or its nearest parent that has it (Cog: at most 100 levels).
// Errors: config where there is none; io.
Result<std::filesystem::path> find_project_root(const std::filesystem::path& start,
                                                const std::string& file);

// The name of the image when neither -t, `image` nor `model` gives one: `cog-<directory>`.
std::string default_image_name(const std::string& directory_name);

// The JSON of label run.cog.config (spec: key order, omitted empties, Go's escaping of <, >, &).
std::string to_label_json(const Config& config);

}  // namespace cogbuild::config
