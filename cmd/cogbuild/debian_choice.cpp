#include "debian_choice.hpp"

#include <cogbuild/debian/choose.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <utility>

namespace cogbuild::cmd {
namespace {

// Milliseconds of this process's own time since the last call.
class Lap {
 public:
  double next() {
    constexpr double kMillisecond = 1000;
    const auto now = std::clock();
    return kMillisecond * static_cast<double>(now - std::exchange(last_, now)) / CLOCKS_PER_SEC;
  }

 private:
  std::clock_t last_ = std::clock();
};

}  // namespace

Result<std::string> answer_debian_question(const DebianQuestion& question) {
  Lap lap;
  std::vector<debian::SuitePackages> suites;
  for (const std::string& file : question.packages_files) {
    TRY_ASSIGN(auto text, io::read_file(file));
    TRY_ASSIGN(auto packages, debian::parse_packages(std::move(text), file));
    suites.push_back({.packages = std::move(packages),
                      .suite = std::filesystem::path(file).filename().string()});
  }
  debian::PackageList installed;
  if (!question.status_file.empty()) {
    TRY_ASSIGN(auto text, io::read_file(question.status_file));
    TRY_ASSIGN(installed, debian::parse_status(std::move(text), question.status_file));
  }
  std::vector<debian::Wish> wishes;
  for (const std::string& text : question.wishes) {
    TRY_ASSIGN(auto wish, debian::parse_wish(text));
    wishes.push_back(std::move(wish));
  }
  const double reading = lap.next();
  TRY_ASSIGN(const auto index, debian::PackageIndex::of(std::move(suites), question.architecture));
  const double indexing = lap.next();
  TRY_ASSIGN(const auto choice,
             debian::choose({.index = index, .installed = installed.packages(), .wishes = wishes}));
  const double choosing = lap.next();

  std::string answer;
  for (const debian::Candidate& one : choice.packages)
    answer += fmt::format("{} {}\n", one.package->name, one.package->version);
  if (!question.times) return answer;
  answer +=
      fmt::format("# read {:.1f}\n# index {:.1f}\n# choose {:.1f}\n", reading, indexing, choosing);
  for (const std::string& dropped : choice.dropped)
    answer += fmt::format("# dropped {}\n", dropped);
  return answer;
}

}  // namespace cogbuild::cmd
