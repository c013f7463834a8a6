#include "flat_errors.hpp"
#include "signature_facts.hpp"

#include <cogbuild/check/subject.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cogbuild::check {
namespace {

constexpr std::uint64_t kLargestText = std::uint64_t{1} << 20;
constexpr std::size_t kMostPythonFiles = 5000;
constexpr std::size_t kMostPythonBytes = std::size_t{128} << 20;

void read_config(const io::Tree& project, Subject& subject) {
  const auto entry = project.stat(subject.config_file);
  // Anything but a file would make the reader wait, or fail without a word about its kind.
  if (entry && entry->type == io::FileType::regular)
    if (auto text = project.read(subject.config_file, kLargestText))
      subject.config_text = *std::move(text);
  if (auto read = config::read(project, subject.config_file)) {
    subject.config = std::move(read->config);
    for (const auto& warning : read->warnings) append_flat(warning, subject.config_warnings);
  } else {
    append_flat(read.error(), subject.config_faults);
  }
  if (auto read = config::read_settings(project)) {
    subject.settings = std::move(read->settings);
    for (const auto& warning : read->warnings) append_flat(warning, subject.config_warnings);
  } else {
    append_flat(read.error(), subject.config_faults);
  }
}

void read_listing(const io::Tree& project, Subject& subject) {
  auto listing = project::scan(project);
  if (!listing) {
    // What a second look lets pass were pointers alone.
    Error fault = std::move(listing).error();
    listing = project::scan(project, {.allow_lfs_pointers = true});
    if (listing)
      append_flat(fault, subject.lfs_pointers);
    else
      append_flat(listing.error(), subject.listing_faults);
  }
  if (listing) subject.listing = *std::move(listing);
}

void read_python(const io::Tree& project, Subject& subject) {
  if (!subject.listing) return;
  std::size_t bytes = 0;
  for (const auto& file : subject.listing->files) {
    if (file.type != io::FileType::regular || !file.path.ends_with(".py") ||
        file.stamp.size_bytes > kLargestText)
      continue;
    if (subject.python.size() == kMostPythonFiles || bytes > kMostPythonBytes) return;
    auto text = project.read(file.path, kLargestText);
    if (!text) {
      append_flat(text.error(), subject.listing_faults);
      continue;
    }
    bytes += text->size();
    subject.python.push_back(std::make_unique<PythonFile>(file.path, *std::move(text)));
  }
}

void read_requirements(const io::Tree& project, Subject& subject) {
  if (!subject.config) return;
  const auto& config = *subject.config;
  std::vector<python::OptionValue> lines;
  for (const auto& package : config.python_packages) lines.push_back({*package, package.location});
  auto read = config.python_requirements->empty()
                  ? python::read_requirement_lines(project, lines)
                  : python::read_requirements_file(project, *config.python_requirements);
  if (read)
    subject.requirements = *std::move(read);
  else
    append_flat(read.error(), subject.requirement_faults);
}

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

void read_readme(const io::Tree& project, const std::vector<io::TreeEntry>& root,
                 Subject& subject) {
  const io::TreeEntry* best = nullptr;
  for (const auto& entry : root) {
    if (entry.type != io::FileType::regular) continue;
    const auto name = lowered(entry.name);
    if (name != "readme" && !name.starts_with("readme.")) continue;
    if (best == nullptr || name == "readme.md") best = &entry;
  }
  if (best == nullptr) return;
  if (auto text = project.read(best->name, kLargestText)) subject.readme = *std::move(text);
}

}  // namespace

Result<Subject> read_subject(const io::Tree& project, const std::string& config_file) {
  TRY_ASSIGN(const auto root, project.list(""));
  Subject subject;
  subject.tree = &project;
  subject.config_file = config_file;
  read_config(project, subject);
  read_listing(project, subject);
  read_python(project, subject);
  read_requirements(project, subject);
  read_signatures(project, subject);
  read_readme(project, root, subject);
  return subject;
}

}  // namespace cogbuild::check
