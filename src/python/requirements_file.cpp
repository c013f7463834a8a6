#include "ascii.hpp"
#include "file_options.hpp"
#include "logical_lines.hpp"
#include "project_path.hpp"
#include "requirement_location.hpp"

#include <cogbuild/python/requirements_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace cogbuild::python {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{8} * 1024 * 1024;
constexpr std::size_t kMaxIncludeDepth = 64;
constexpr std::size_t kMaxFindings = 50;

class FileReader {
 public:
  FileReader(const io::Tree& project, const Variables& variables)
      : project_(project), variables_(variables) {}

  // Reads one file; `including` is where it was named, with an empty file for the first.
  void read_file(const std::string& path, bool as_constraints, const SourceLocation& including,
                 std::size_t depth) {
    if (!visited_.emplace(path, as_constraints).second) return;
    if (depth > kMaxIncludeDepth) {
      report(Error(ErrorKind::config, "requirements files include each other too deeply")
                 .at(including));
      return;
    }
    auto bytes = project_.read(path, kMaxFileBytes);
    if (!bytes) {
      // That a file is missing is a mistake of who names it.
      const auto kind =
          bytes.error().kind() == ErrorKind::not_found ? ErrorKind::config : bytes.error().kind();
      Error error(kind, including.file.empty()
                            ? fmt::format("cannot read `{}`", path)
                            : fmt::format("cannot read `{}` (included from {}:{})", path,
                                          including.file, including.line));
      report(including.file.empty() ? std::move(error).during(bytes.error().message())
                                    : std::move(error).at(including));
      return;
    }
    auto text = decode_text(*bytes, path);
    if (!text) {
      report(std::move(text).error());
      return;
    }
    file_.files.emplace_back(path, *text);
    for (const LogicalLine& line : logical_lines(*text, path, variables_)) {
      read_line(line, as_constraints, depth);
    }
  }

  void read_line(const LogicalLine& line, bool as_constraints, std::size_t depth) {
    const auto options_start = find_options(line.text);
    const std::string_view text = line.text;
    const std::string_view requirement = trim(text.substr(0, options_start));
    auto options = parse_options(text.substr(options_start), line.location, file_.warnings);
    if (!options) {
      report(std::move(options).error());
      return;
    }
    if (requirement.empty()) {
      for (const GivenOption& option : *options) {
        apply(option, line.location, as_constraints, depth);
      }
      return;
    }
    RequirementLine parsed{.location = line.location};
    for (const GivenOption& option : *options) add_line_option(option, parsed);
    add_requirement(requirement, std::move(parsed), as_constraints);
  }

  void warn_of_lone_option(const LogicalLine& line) {
    warn("an option is no package, it applies to all of them; it belongs in a requirements file",
         line.location);
  }

  Result<RequirementsFile> finish() {
    if (forced_hash_mode_) file_.hash_mode = *forced_hash_mode_;
    if (findings_.empty()) return std::move(file_);
    Error first = std::move(findings_.front());
    for (std::size_t i = 1; i < findings_.size(); ++i) {
      first = std::move(first).also(std::move(findings_[i]));
    }
    return fail(std::move(first));
  }

 private:
  void report(Error error) {
    if (findings_.size() < kMaxFindings) findings_.push_back(std::move(error));
  }

  void warn(std::string message, const SourceLocation& location) {
    file_.warnings.push_back(Error(ErrorKind::config, std::move(message)).at(location));
  }

  // The offset of the first space-separated word that starts with `-`.
  static std::size_t find_options(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '-' && (at == 0 || text[at - 1] == ' ')) return at;
    }
    return text.size();
  }

  // pip ignores other options on a requirement's line, Cog moves those of indexes to the top;
  // projects rely on the latter.
  static bool chooses_indexes(Option option) {
    return option == Option::index_url || option == Option::extra_index_url ||
           option == Option::find_links || option == Option::trusted_host;
  }

  void add_line_option(const GivenOption& option, RequirementLine& line) {
    if (option.option == Option::hash) {
      auto hash = FileHash::parse(option.value);
      if (!hash) {
        report(std::move(hash).error().at(line.location));
        return;
      }
      line.hashes.push_back(*std::move(hash));
      file_.hash_mode = true;
    } else if (chooses_indexes(option.option)) {
      warn(fmt::format("option `{}` cannot apply to one package, it applies to the whole file; it "
                       "belongs on its own line of a requirements file",
                       option.name),
           line.location);
      GivenOption moved = option;
      // As the main index it would hide every other package's: what is meant is one more.
      if (moved.option == Option::index_url) moved.option = Option::extra_index_url;
      apply(moved, line.location, false, 0);
    } else if (option.option == Option::ignored_value) {
      warn(fmt::format("option `{}` has no effect: nothing is built from source", option.name),
           line.location);
    } else {
      warn(fmt::format(
               "option `{}` has no effect on a requirement's line; it belongs on its own line",
               option.name),
           line.location);
    }
  }

  void add_requirement(std::string_view text, RequirementLine line, bool as_constraints) {
    auto complete = complete_requirement(text, std::move(line), project_);
    if (!complete) {
      report(std::move(complete).error());
      return;
    }
    if (!as_constraints) {
      file_.requirements.push_back(*std::move(complete));
      return;
    }
    const auto refuse = [&](std::string_view why) {
      report(Error(ErrorKind::config, fmt::format("a constraint {}", why)).at(complete->location));
    };
    if (complete->editable) return refuse("cannot be editable");
    if (complete->requirement.name.empty()) return refuse("must have a name");
    if (!complete->requirement.extras.empty()) return refuse("cannot have extras");
    file_.constraints.push_back(*std::move(complete));
  }

  void include(const std::string& value, const SourceLocation& location, bool as_constraints,
               std::size_t depth) {
    if (value.find("://") != std::string::npos) {
      report(Error(ErrorKind::unsupported, "a requirements file cannot be included from a URL")
                 .at(location)
                 .hint("download it into the project and include that file"));
      return;
    }
    auto path = project_path(project_, parent_of(location.file), value);
    if (!path) {
      report(std::move(path).error().at(location));
      return;
    }
    read_file(*path, as_constraints, location, depth + 1);
  }

  void add_editable(const std::string& value, const SourceLocation& location, bool as_constraints) {
    if (value == "." || value == "./") {
      warn("`-e .` is skipped: the project's own files are in the image anyway", location);
      return;
    }
    if (is_version_controlled(value)) {
      report(Error(ErrorKind::unsupported, "editable VCS checkouts cannot exist in an image")
                 .at(location)
                 .hint("use `name @ git+…@COMMIT`"));
      return;
    }
    add_requirement(value, {.editable = true, .location = location}, as_constraints);
  }

  void add_find_links(const std::string& value, const SourceLocation& location) {
    if (value.find("://") != std::string::npos) {
      file_.options.find_links.push_back({.value = value, .location = location});
      return;
    }
    auto path = existing_project_path(project_, parent_of(location.file), value);
    if (!path) {
      report(std::move(path).error().at(location));
      return;
    }
    file_.options.find_links.push_back({.value = *std::move(path), .location = location});
  }

  void apply(const GivenOption& option, const SourceLocation& location, bool as_constraints,
             std::size_t depth) {
    IndexOptions& options = file_.options;
    NameSelection none;
    switch (option.option) {
      case Option::requirement_file:
        // In a constraints file everything is a constraint, as uv reads it.
        return include(option.value, location, as_constraints, depth);
      case Option::constraint_file:
        return include(option.value, location, true, depth);
      case Option::editable:
        return add_editable(option.value, location, as_constraints);
      case Option::index_url:
        options.index_url = OptionValue{.value = option.value, .location = location};
        return;
      case Option::extra_index_url:
        options.extra_index_urls.push_back({.value = option.value, .location = location});
        return;
      case Option::no_index:
        options.no_index = true;
        return;
      case Option::find_links:
        return add_find_links(option.value, location);
      case Option::no_binary:
        return select_names(option.value, options.no_binary, options.only_binary);
      case Option::only_binary:
        return select_names(option.value, options.only_binary, options.no_binary);
      case Option::prefer_binary:
        options.prefer_binary = true;
        return;
      case Option::prereleases:
        options.prereleases = true;
        return;
      case Option::all_releases:
        return select_names(option.value, options.all_releases, options.only_final);
      case Option::only_final:
        return select_names(option.value, options.only_final, options.all_releases);
      case Option::hash:
        report(Error(ErrorKind::config, "`--hash` stands without a requirement").at(location));
        return;
      case Option::require_hashes:
        forced_hash_mode_ = true;
        return;
      case Option::no_require_hashes:
        forced_hash_mode_ = false;
        return;
      case Option::trusted_host:
        options.trusted_hosts.push_back(option.value);
        return;
      case Option::ignored:
      case Option::ignored_value:
        warn(fmt::format("option `{}` has no effect", option.name), location);
        return;
    }
  }

  const io::Tree& project_;
  const Variables& variables_;
  RequirementsFile file_{};
  std::optional<bool> forced_hash_mode_{};
  std::vector<Error> findings_{};
  std::set<std::pair<std::string, bool>> visited_{};
};

}  // namespace

bool NameSelection::contains(const PackageName& name) const {
  return all || std::binary_search(names.begin(), names.end(), to_string(name));
}

Result<RequirementsFile> read_requirements_file(const io::Tree& project, const std::string& path,
                                                const Variables& variables) {
  return read_requirements_files(project, {path}, {}, variables);
}

Result<RequirementsFile> read_requirements_files(const io::Tree& project,
                                                 const std::vector<std::string>& requirements,
                                                 const std::vector<std::string>& constraints,
                                                 const Variables& variables) {
  FileReader reader(project, variables);
  for (const auto* paths : {&requirements, &constraints}) {
    for (const auto& path : *paths) {
      TRY_ASSIGN(const auto normal, project_path(project, "", path));
      reader.read_file(normal, paths == &constraints, {}, 0);
    }
  }
  return reader.finish();
}

Result<RequirementsFile> read_requirement_lines(const io::Tree& project,
                                                const std::vector<OptionValue>& lines,
                                                const Variables& variables) {
  FileReader reader(project, variables);
  for (const OptionValue& line : lines) {
    LogicalLine logical{.text = expand_variables(strip_comment(line.value), variables),
                        .location = line.location};
    if (logical.text.starts_with('-')) reader.warn_of_lone_option(logical);
    if (!logical.text.empty()) reader.read_line(logical, false, 0);
  }
  return reader.finish();
}

}  // namespace cogbuild::python
