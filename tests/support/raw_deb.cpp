#include "raw_deb.hpp"

#include <fmt/format.h>

namespace cogbuild::test {

std::string raw_ar(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out = "!<arch>\n";
  for (const auto& [name, content] : members) {
    out += fmt::format("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", name, 0, 0, 0, "100644",
                       content.size());
    out += content;
    if (content.size() % 2 == 1) out += '\n';
  }
  return out;
}

std::string raw_deb(const std::string& control_tar, const std::string& data_tar) {
  return raw_ar({{"debian-binary", "2.0\n"}, {"control.tar", control_tar}, {"data.tar", data_tar}});
}

}  // namespace cogbuild::test
