#include <cogbuild/config/config.hpp>

namespace cogbuild::config {

// Cog's rule (spec, "Image name"), except that a name which would end in `-` loses it: no registry
// takes such a repository.
std::string default_image_name(const std::string& directory_name) {
  constexpr std::size_t kLongest = 26;
  constexpr std::string_view kPrefix = "cog-";
  std::string name;
  for (const char c : directory_name) {
    if (name.size() == kLongest) break;
    if (c >= 'A' && c <= 'Z')
      name += static_cast<char>(c - 'A' + 'a');
    else if (c == ' ')
      name += '-';
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
      name += c;
  }
  while (name.ends_with('-')) name.pop_back();
  if (name.empty()) name = "model";
  return name.starts_with(kPrefix) ? name : std::string(kPrefix) + name;
}

}  // namespace cogbuild::config
