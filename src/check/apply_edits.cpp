#include <cogbuild/check/check.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace cogbuild::check {
namespace {

// Insertions are in front of what begins at the same place.
bool stands_before(const Edit& left, const Edit& right) {
  return std::pair(left.begin, left.end) < std::pair(right.begin, right.end);
}

bool overlap(const Edit& left, const Edit& right) {
  if (left.begin == right.begin) return true;
  return left.begin < right.begin ? left.end > right.begin : right.end > left.begin;
}

using EditsByFile = std::map<std::string, std::vector<const Edit*>, std::less<>>;

// A finding is fixed as a whole or not at all: half of its edits may mean something else.
bool fits(const Finding& finding, const EditsByFile& taken) {
  return std::none_of(finding.edits.begin(), finding.edits.end(), [&](const Edit& edit) {
    const auto file = taken.find(edit.file);
    return file != taken.end() &&
           std::any_of(file->second.begin(), file->second.end(),
                       [&](const Edit* other) { return overlap(*other, edit); });
  });
}

Result<std::string> edited(const std::string& path, const std::string& content,
                           std::vector<const Edit*> edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const Edit* left, const Edit* right) {
    return stands_before(*left, *right);
  });
  std::string out;
  std::size_t at = 0;
  for (const Edit* edit : edits) {
    // Within one finding too: a rule that overlaps itself would else garble the file.
    if (edit->begin < at || edit->end < edit->begin || edit->end > content.size())
      return fail(Error(ErrorKind::conflict, fmt::format("`{}` changed while it was read", path))
                      .hint("run the command again"));
    out.append(content, at, edit->begin - at);
    out += edit->text;
    at = edit->end;
  }
  out.append(content, at);
  return out;
}

}  // namespace

Result<std::vector<FixedFile>> apply_edits(const io::Tree& project,
                                           const std::vector<Finding>& findings) {
  EditsByFile taken;
  for (const auto& finding : findings) {
    if (!fits(finding, taken)) continue;
    for (const auto& edit : finding.edits) taken[edit.file].push_back(&edit);
  }
  constexpr std::uint64_t kLargestFile = std::uint64_t{16} << 20;
  std::vector<FixedFile> out;
  for (auto& [path, edits] : taken) {
    TRY_ASSIGN(const auto content, project.read(path, kLargestFile));
    const auto count = edits.size();
    TRY_ASSIGN(auto fixed, edited(path, content, std::move(edits)));
    if (fixed != content) out.push_back({path, std::move(fixed), count});
  }
  return out;
}

}  // namespace cogbuild::check
