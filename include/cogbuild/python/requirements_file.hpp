#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/python/file_hash.hpp>
#include <cogbuild/python/requirement.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::python {

// One requirement as a requirements file gives it.
struct RequirementLine {
  enum class Kind {
    named,      // `requirement` from an index, or `name @ URL`
    location,   // a bare URL or path of a wheel, a source archive or a directory
    versioned,  // a bare `git+…`, `hg+…`, `svn+…`, `bzr+…`
  };
  Kind kind = Kind::named;
  Requirement
      requirement{};  // named; for a wheel's location, name and extras (version in the name)
  std::string location_text{};  // location and versioned: URL as written, or path relative to the
                                // project root. May hold credentials: never print it
  bool editable = false;
  std::vector<FileHash> hashes{};
  SourceLocation location{};
  friend bool operator==(const RequirementLine&, const RequirementLine&) = default;
};

// A global option's value with its line.
struct OptionValue {
  std::string value{};
  SourceLocation location{};
  friend bool operator==(const OptionValue&, const OptionValue&) = default;
};

// `--no-binary`, `--only-binary`, `--all-releases`, `--only-final`: all, or the named ones.
struct NameSelection {
  bool all = false;
  std::vector<std::string> names{};  // normalized, sorted, each once
  [[nodiscard]] bool contains(const PackageName& name) const;
  friend bool operator==(const NameSelection&, const NameSelection&) = default;
};

struct IndexOptions {
  std::optional<OptionValue> index_url{};  // the last one given
  std::vector<OptionValue> extra_index_urls{};
  std::vector<OptionValue> find_links{};  // URL, or path relative to the project root
  std::vector<std::string> trusted_hosts{};
  bool no_index = false;
  bool prefer_binary = false;
  bool prereleases = false;  // `--pre`
  NameSelection no_binary{};
  NameSelection only_binary{};
  NameSelection all_releases{};
  NameSelection only_final{};
  friend bool operator==(const IndexOptions&, const IndexOptions&) = default;
};

struct RequirementsFile {
  std::vector<RequirementLine> requirements{};  // in reading order, included files in place
  std::vector<RequirementLine> constraints{};
  IndexOptions options{};
  bool hash_mode = false;         // any `--hash`, or `--require-hashes`
  std::vector<Error> warnings{};  // located
  // Every file that was read: path and decoded content, in reading order.
  std::vector<std::pair<std::string, std::string>> files{};
};

// Values for `${NAME}`; an unset or empty one leaves the text alone.
using Variables = std::map<std::string, std::string>;

// Reads a requirements file and all it includes, in pip's order: decode, join continued lines,
// strip comments, expand variables, parse. `path` is relative to the project root. Every finding is
// reported (Error::others). Errors: config; not_found (`cannot read …`); unsupported.
Result<RequirementsFile> read_requirements_file(const io::Tree& project, const std::string& path,
                                                const Variables& variables = {});

// The same for several files, read one after the other, and for files of constraints.
Result<RequirementsFile> read_requirements_files(const io::Tree& project,
                                                 const std::vector<std::string>& requirements,
                                                 const std::vector<std::string>& constraints,
                                                 const Variables& variables = {});

// The same for lines that stand elsewhere, such as `python_packages` of cog.yaml: each is one line
// of a requirements file at the project's root.
Result<RequirementsFile> read_requirement_lines(const io::Tree& project,
                                                const std::vector<OptionValue>& lines,
                                                const Variables& variables = {});

}  // namespace cogbuild::python
