#include <cogbuild/debian/successors.hpp>

#include <algorithm>
#include <array>

namespace cogbuild::debian {
namespace {

using Kind = SuccessorKind;

constexpr std::array kSuccessors = {
    Successor{"libgl1-mesa-glx", "libgl1", Kind::certain, "libgl1 brings the Mesa driver along"},
    Successor{"libegl1-mesa", "libegl1", Kind::certain, "libegl1 brings the Mesa driver along"},
    Successor{"libgconf-2-4", "", Kind::not_needed, "only old Electron programs used GConf"},
    Successor{"python3-distutils", "", Kind::gone,
              "distutils left Python in 3.12; add setuptools to python_packages"},
    Successor{"libatlas-base-dev", "libopenblas-dev", Kind::suggestion,
              "ATLAS is gone, OpenBLAS has the same interfaces"},
    Successor{"libncurses5", "libncurses6", Kind::suggestion, "its ABI is another"},
    Successor{"libtinfo5", "libtinfo6", Kind::suggestion, "its ABI is another"},
    Successor{"libssl1.1", "libssl3", Kind::suggestion, "its ABI is another"},
    Successor{"libffi7", "libffi8", Kind::suggestion, "its ABI is another"},
    Successor{"libtiff5", "libtiff6", Kind::suggestion, "its ABI is another"},
    Successor{"libjasper-dev", "", Kind::gone, "OpenCV builds without JasPer"},
    Successor{"libavresample4", "libswresample-dev", Kind::suggestion,
              "FFmpeg 5 dropped libavresample for libswresample"},
    Successor{"libavresample-dev", "libswresample-dev", Kind::suggestion,
              "FFmpeg 5 dropped libavresample for libswresample"},
    Successor{"python", "python-is-python3", Kind::suggestion, "there is no Python 2 any more"},
    Successor{"python-dev", "python3-dev", Kind::suggestion, "there is no Python 2 any more"},
    Successor{"python-pip", "python3-pip", Kind::suggestion, "there is no Python 2 any more"},
    Successor{"openjdk-8-jre-headless", "default-jre-headless", Kind::suggestion,
              "each suite has its own Java"},
    Successor{"openjdk-11-jre-headless", "default-jre-headless", Kind::suggestion,
              "each suite has its own Java"},
    Successor{"openjdk-17-jre-headless", "default-jre-headless", Kind::suggestion,
              "each suite has its own Java"},
    Successor{"openjdk-21-jre-headless", "default-jre-headless", Kind::suggestion,
              "each suite has its own Java"},
    Successor{"openjdk-8-jdk", "default-jdk", Kind::suggestion, "each suite has its own Java"},
    Successor{"openjdk-11-jdk", "default-jdk", Kind::suggestion, "each suite has its own Java"},
    Successor{"openjdk-17-jdk", "default-jdk", Kind::suggestion, "each suite has its own Java"},
    Successor{"openjdk-21-jdk", "default-jdk", Kind::suggestion, "each suite has its own Java"},
    Successor{"cuda-", "", Kind::gone,
              "it is in NVIDIA's archive, which must be named as a source"},
};

}  // namespace

std::span<const Successor> known_successors() { return kSuccessors; }

const Successor* find_successor(std::string_view name) {
  const auto found = std::find_if(kSuccessors.begin(), kSuccessors.end(), [name](const auto& one) {
    return one.name.ends_with('-') ? name.starts_with(one.name) : name == one.name;
  });
  return found == kSuccessors.end() ? nullptr : &*found;
}

}  // namespace cogbuild::debian
