#include "resolve_flags.hpp"

#include "comma_list.hpp"

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/lock/cutoff.hpp>

#include <CLI/CLI.hpp>

#include <optional>

namespace cogbuild::cmd {

namespace {

template <class T>
std::optional<T> if_said(const T& value) {
  return value.empty() ? std::nullopt : std::optional(value);
}
std::optional<bool> if_set(bool value) { return value ? std::optional(true) : std::nullopt; }

}  // namespace

void add_resolve_flags(CLI::App& command, ResolveFlags& flags) {
  command.add_option("--index-url", flags.index_url, "Python package index");
  command.add_option("--extra-index-url", flags.extra_index_urls, "Further package index");
  command.add_option("--find-links", flags.find_links, "Directory or page with wheels");
  command.add_flag("--no-index", flags.no_index, "Ask no index, only --find-links");
  command.add_option("--index-strategy", flags.index_strategy,
                     "unsafe-best-match (the best version of all indexes) or first-index");
  command.add_option("--resolution", flags.resolution, "highest, lowest or lowest-direct");
  command.add_flag("--pre", flags.prereleases, "Pre-releases count like releases");
  command.add_flag("--prefer-binary", flags.prefer_binary,
                   "An older wheel rather than a newer source archive");
  command.add_option("--exclude-newer", flags.exclude_newer,
                     "Nothing uploaded later: a date, a timestamp, or a span such as `7 days`; "
                     "none: no limit");
  command.add_option("--no-binary", flags.no_binary, "No wheels of NAME (:all: of any)");
  command.add_option("--only-binary", flags.only_binary, "Only wheels of NAME (:all: of any)");
  command.add_flag("--no-build", flags.no_build, "Only wheels: --only-binary :all:");
  command.add_option("-c,--constraint", flags.constraint_files,
                     "File that limits the versions of what is needed");
  command.add_option("--override", flags.override_files,
                     "File whose requirements replace all others of the same names");
  command.add_option("--torch-backend", flags.torch_backend,
                     "Builds of torch: auto (by `gpu` and `cuda`), none (as the indexes have it), "
                     "cpu, cu126, …, rocm6.4, xpu");
  command.add_option("--torch-index", flags.torch_index,
                     "Where the indexes of torch builds are (default: its own site)");
  command.add_flag("--no-opencv-headless", flags.no_opencv_headless,
                   "Keep opencv-python instead of its headless build");
  command.add_flag("--opencv-headless", flags.opencv_headless,
                   "The headless build of opencv-python, after all");
}

Result<lock::Choices> to_choices(const ResolveFlags& flags) {
  lock::Choices choices;
  choices.index_url = if_said(flags.index_url);
  choices.extra_index_urls = if_said(flags.extra_index_urls);
  choices.find_links = if_said(flags.find_links);
  choices.no_index = if_set(flags.no_index);
  choices.index_strategy = if_said(flags.index_strategy);
  choices.resolution = if_said(flags.resolution);
  choices.prereleases = if_set(flags.prereleases);
  choices.prefer_binary = if_set(flags.prefer_binary);
  if (flags.exclude_newer == "none") {
    choices.exclude_newer = "";
  } else if (!flags.exclude_newer.empty()) {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock::SystemClock().now());
    TRY_ASSIGN(choices.exclude_newer, lock::parse_cutoff(flags.exclude_newer, now));
  }
  choices.no_binary = if_said(split_commas(flags.no_binary));
  choices.only_binary =
      flags.no_build ? std::vector<std::string>{":all:"} : split_commas(flags.only_binary);
  if (choices.only_binary->empty()) choices.only_binary.reset();
  choices.constraint_files = if_said(flags.constraint_files);
  choices.override_files = if_said(flags.override_files);
  choices.torch_backend = if_said(flags.torch_backend);
  choices.torch_index = if_said(flags.torch_index);
  if (flags.no_opencv_headless || flags.opencv_headless)
    choices.opencv_headless = !flags.no_opencv_headless;
  return choices;
}

}  // namespace cogbuild::cmd
