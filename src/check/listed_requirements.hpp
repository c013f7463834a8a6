#pragma once

#include <cogbuild/check/finding.hpp>
#include <cogbuild/check/subject.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// A requirement that the project lists by name and that counts in the image.
struct ListedRequirement {
  const python::RequirementLine* line = nullptr;
  std::string written{};  // its name as the user spells it

  [[nodiscard]] const std::string& name() const { return line->requirement.name.value(); }
  [[nodiscard]] const python::Requirement& requirement() const { return line->requirement; }
};

// Those whose markers hold on Linux with the project's Python, in reading order.
std::vector<ListedRequirement> listed_requirements(const Subject& subject);

// Whether the project lists a distribution of that normalized name.
bool lists(const std::vector<ListedRequirement>& listed, std::string_view name);

// The name with its extras and specifiers: `torch>=2.0`.
std::string text_of(const ListedRequirement& listed);

// Whether a lock file pins what the requirements leave open.
bool has_python_lock(const Subject& subject);

// Where the name begins: the line's own place, or the name in it.
SourceLocation location_of(const ListedRequirement& listed);

// The offset in its file's text where the name begins; nothing where the text there is another.
std::optional<std::size_t> offset_of(const Subject& subject, const ListedRequirement& listed);

// The text of the file that requirements stand in; empty for a file that was not read.
std::string_view text_of_file(const Subject& subject, std::string_view file);

}  // namespace cogbuild::check
