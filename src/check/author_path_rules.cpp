#include "live_code.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "text_lines.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace cogbuild::check {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

// The path behind a quote if it lies in somebody's home: `/home/jane/…`, `/Users/jane/…`.
std::string_view home_path(std::string_view text) {
  for (const std::string_view root : {"/home/", "/Users/"}) {
    if (!text.starts_with(root)) continue;
    auto end = root.size();
    while (end < text.size() && is_name_character(text[end])) ++end;
    const auto user = text.substr(root.size(), end - root.size());
    // Users of images rather than people, and stand-ins.
    for (const std::string_view other :
         {"user", "ubuntu", "root", "cog", "app", "appuser", "you", "username", "your_username",
          "me", "path", "USER", "jovyan", "runner", "docker", "nobody"})
      if (user == other) return {};
    if (user.empty() || end >= text.size() || text[end] != '/') return {};
    return text.substr(0, text.find_first_of("'\"", end));
  }
  return {};
}

void find_author_paths(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const PythonFile* file : live_code(subject).files()) {
    if (!file->mentions({"/home/", "/Users/"})) continue;
    for_each_line(file->text(), [&](const TextLine& line) {
      const auto comment = line.text.find('#');
      for (auto at = line.text.find_first_of("'\""); at < comment && at != std::string_view::npos;
           at = line.text.find_first_of("'\"", at + 1)) {
        const auto path = home_path(line.text.substr(at + 1));
        if (path.empty() || !live_code(subject).is_live(file->path(), line.begin + at)) continue;
        report.at(line.at(file->path(), at),
                  fmt::format("`{}` lies on the author's machine, not in the image", path),
                  "use a path relative to the project, and keep the file in it");
        return;
      }
    });
  }
}

constexpr std::array kRules = {
    Rule{.id = "path-of-the-author",
         .group = Group::files,
         .severity = Severity::warning,
         .summary = "a path in somebody's home directory",
         .why = "In the image there is no such directory: the code fails, or quietly takes another "
                "way.",
         .bad = "torch.load(\"/home/jane/models/best.pth\")",
         .good = "torch.load(\"weights/best.pth\")",
         .find = find_author_paths},
};

}  // namespace

std::span<const Rule> author_path_rules() { return kRules; }

}  // namespace cogbuild::check
