#include "listed_requirements.hpp"
#include "project_words.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "source_offset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace cogbuild::check {
namespace {

// `libtag1-dev>=1.9` and `ffmpeg=7:*` name a package first.
std::string_view package_name(std::string_view wish) {
  return wish.substr(0, wish.find_first_of("=<>:/ "));
}

// Bytes of a package's name in cog.yaml; nothing where the text there is another (escapes, folds).
std::optional<Edit> replacement(const Subject& subject, const config::Located<std::string>& wish,
                                std::string_view name, std::string_view by) {
  const std::string_view text = subject.config_text;
  const auto place = offset_of(text, wish.location);
  if (!place) return std::nullopt;
  auto begin = *place;
  if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) ++begin;
  if (begin > text.size() || !text.substr(begin).starts_with(name)) return std::nullopt;
  return Edit{.file = subject.config_file,
              .begin = begin,
              .end = begin + name.size(),
              .text = std::string(by)};
}

// Names that Debian and Ubuntu dropped, and what all releases since 2018 have instead.
struct Renamed {
  std::string_view old_name{};
  std::string_view name{};
};
constexpr std::array kRenamed = {Renamed{"libgl1-mesa-glx", "libgl1"},
                                 Renamed{"libegl1-mesa", "libegl1"}};

void find_renamed(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  for (const auto& wish : subject.config->system_packages) {
    const auto name = package_name(*wish);
    const auto found = std::ranges::find(kRenamed, name, &Renamed::old_name);
    if (found == kRenamed.end()) continue;
    report.at(wish.location,
              fmt::format("new releases of Debian and Ubuntu do not have `{}` any more", name),
              fmt::format("write `{}`, which all have", found->name));
    const bool is_there_already =
        std::ranges::any_of(subject.config->system_packages,
                            [&](const auto& other) { return package_name(*other) == found->name; });
    if (is_there_already) continue;
    if (auto edit = replacement(subject, wish, name, found->name))
      report.with_edit(*std::move(edit));
  }
}

void find_python_packages(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  constexpr auto kInterpreter = std::to_array<std::string_view>(
      {"python", "python3", "python-is-python3", "python3-pip", "python3-dev", "python3-venv",
       "python3-distutils", "python3-setuptools", "python3-wheel", "python3-full", "python-dev",
       "python-pip"});
  for (const auto& wish : subject.config->system_packages) {
    const auto name = package_name(*wish);
    const bool is_interpreter = std::ranges::find(kInterpreter, name) != kInterpreter.end();
    if (!is_interpreter && !name.starts_with("python3-") && !name.starts_with("python3.")) continue;
    report.at(wish.location,
              fmt::format("`{}` belongs to the Python of the distribution, which the model does "
                          "not run on",
                          name),
              is_interpreter || name.starts_with("python3.")
                  ? "remove it: `python_version` brings the interpreter"
                  : "list the package among the Python requirements");
  }
}

// Programs that only a command by their name can use.
void find_unused(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.listing || subject.config->system_packages.empty()) return;
  struct Program {
    std::string_view package{};
    std::array<std::string_view, 3> words{};  // a mention of any is a use
  };
  constexpr std::array kPrograms = {
      Program{"wget", {"wget"}},    Program{"curl", {"curl"}},
      Program{"unzip", {"unzip"}},  Program{"zip", {"zip"}},
      Program{"aria2", {"aria2c"}}, Program{"p7zip-full", {"7z", "7za", "p7zip"}},
      Program{"vim", {"vim"}},      Program{"nano", {"nano"}},
      Program{"htop", {"htop"}},    Program{"tmux", {"tmux"}},
      Program{"tree", {"tree"}},    Program{"less", {"less"}},
  };
  RuleReporter report(findings);
  for (const auto& wish : subject.config->system_packages) {
    const auto found = std::ranges::find(kPrograms, package_name(*wish), &Program::package);
    if (found == kPrograms.end()) continue;
    const bool is_used = std::ranges::any_of(found->words, [&](std::string_view word) {
      return !word.empty() && is_mentioned(subject, word);
    });
    // Scripts in other languages may call it.
    const bool has_scripts = std::ranges::any_of(subject.listing->files, [](const auto& file) {
      return file.path.ends_with(".sh") || file.path.starts_with("script/") ||
             file.path.starts_with("scripts/");
    });
    if (is_used || has_scripts) continue;
    report.at(wish.location,
              fmt::format("no code and no `run` command calls `{}`", package_name(*wish)),
              "remove it");
  }
}

bool may_need_gl(std::string_view name) {
  constexpr auto kUsers = std::to_array<std::string_view>({"open3d",
                                                           "pyrender",
                                                           "vtk",
                                                           "pyvista",
                                                           "trimesh",
                                                           "moderngl",
                                                           "pyglet",
                                                           "pyopengl",
                                                           "glfw",
                                                           "vispy",
                                                           "bpy",
                                                           "mayavi",
                                                           "pymeshlab",
                                                           "nvdiffrast",
                                                           "kaolin",
                                                           "pyqt5",
                                                           "pyqt6",
                                                           "pyside2",
                                                           "pyside6",
                                                           "mujoco",
                                                           "panda3d",
                                                           "mediapipe",
                                                           "xatlas",
                                                           "weasyprint",
                                                           "dlib",
                                                           "manim",
                                                           "pycairo",
                                                           "cairosvg",
                                                           "pytorch3d",
                                                           "bpy-cuda",
                                                           "pygame",
                                                           "taichi",
                                                           "gymnasium",
                                                           "gym",
                                                           "pybullet",
                                                           "playwright",
                                                           "selenium",
                                                           "pyppeteer",
                                                           "gmsh",
                                                           "pygobject",
                                                           "cadquery",
                                                           "kaleido",
                                                           "face-recognition",
                                                           "python-doctr",
                                                           "mapbox-earcut",
                                                           "pyav",
                                                           "imgui",
                                                           "vedo"});
  return std::ranges::find(kUsers, name) != kUsers.end();
}

void find_needless_gl(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || subject.config->system_packages.empty() || !subject.requirements) return;
  constexpr auto kForWindows = std::to_array<std::string_view>(
      {"libgl1-mesa-glx", "libgl1", "libglib2.0-0", "libsm6", "libxext6", "libxrender1",
       "libxrender-dev", "libgl1-mesa-dri"});
  const auto listed = listed_requirements(subject);
  if (std::ranges::any_of(listed, [](const auto& one) { return may_need_gl(one.name()); })) return;
  // What comes by other ways than the list may need them.
  if (subject.tree->stat(".gitmodules")) return;
  for (const auto& step : subject.config->run_steps)
    if (step->command.find("pip install") != std::string::npos ||
        step->command.find("git clone") != std::string::npos ||
        step->command.find("setup.py") != std::string::npos)
      return;
  if (std::ranges::any_of(subject.config->system_packages, [](const auto& wish) {
        const auto name = package_name(*wish);
        return name.starts_with("xvfb") || name.starts_with("mesa-") || name == "blender" ||
               name.starts_with("libegl") || name.starts_with("libosmesa") ||
               name.starts_with("chromium") || name.ends_with("-dev") ||
               name.starts_with("libpango") || name.starts_with("libcairo");
      }))
    return;
  RuleReporter report(findings);
  for (const auto& wish : subject.config->system_packages) {
    const auto name = package_name(*wish);
    if (std::ranges::find(kForWindows, name) == kForWindows.end()) continue;
    report.at(wish.location,
              fmt::format("`{}` serves OpenCV's build for desktops, which cogbuild replaces", name),
              "remove it, unless something else needs it");
  }
}

constexpr std::array kRules = {
    Rule{.id = "system-package-renamed",
         .group = Group::dependencies,
         .severity = Severity::hint,
         .fixable = true,
         .summary = "a system package that new releases of Debian dropped",
         .why = "The name works on old bases only: the day the base changes, the build fails with "
                "`has no installation candidate`.",
         .bad = "system_packages:\n  - libgl1-mesa-glx",
         .good = "system_packages:\n  - libgl1",
         .find = find_renamed},
    Rule{.id = "system-package-python",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .summary = "a system package for a Python that the model does not run on",
         .why = "A model runs on the interpreter of `python_version`. Packages such as "
                "python3-opencv install into the distribution's own Python, which it never sees.",
         .bad = "system_packages:\n  - python3-opencv",
         .good = "python_packages:\n  - opencv-python-headless==4.10.0.84",
         .find = find_python_packages},
    Rule{.id = "system-package-unused",
         .group = Group::dependencies,
         .severity = Severity::hint,
         .summary = "a command-line program that nothing calls",
         .why = "wget, curl and their kin are for commands that name them. Without one they are "
                "only larger images and more to patch.",
         .bad = "system_packages:\n  - wget  # and nobody calls it",
         .good = "system_packages: []",
         .find = find_unused},
    Rule{.id = "system-package-for-windows",
         .group = Group::dependencies,
         .severity = Severity::hint,
         .on_by_default = false,
         .summary = "libgl1 and its kin, which only OpenCV's build for desktops needs",
         .why = "Most lists have them from another model's list. cogbuild installs the headless "
                "build of OpenCV, which needs none of them. Off unless asked for: some other "
                "package may load them.",
         .bad = "system_packages:\n  - libgl1-mesa-glx\n  - libglib2.0-0",
         .good = "system_packages: []",
         .find = find_needless_gl},
};

}  // namespace

std::span<const Rule> system_package_rules() { return kRules; }

}  // namespace cogbuild::check
