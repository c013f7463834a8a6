#pragma once

#include <cogbuild/python/package_name.hpp>

#include <map>
#include <string_view>

namespace cogbuild::resolve {

// Names read as other names, applied at the single point where requirements are read.
class Replacements {
 public:
  void add(const python::PackageName& name, const python::PackageName& replacement) {
    names_[name] = replacement;
  }
  [[nodiscard]] const python::PackageName& operator()(const python::PackageName& name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? name : found->second;
  }

 private:
  std::map<python::PackageName, python::PackageName> names_{};
};

// The four distributions that all install `cv2`; contrib holds everything of plain, headless needs
// no GUI libraries of the system.
namespace opencv {

inline constexpr std::string_view kPlain = "opencv-python";
inline constexpr std::string_view kContrib = "opencv-contrib-python";
inline constexpr std::string_view kPlainHeadless = "opencv-python-headless";
inline constexpr std::string_view kContribHeadless = "opencv-contrib-python-headless";

inline python::PackageName name(std::string_view text) {
  return python::PackageName::parse(text).value();
}

}  // namespace opencv
}  // namespace cogbuild::resolve
