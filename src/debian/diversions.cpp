#include <cogbuild/debian/deb_contents.hpp>

#include <fmt/format.h>

#include <array>

namespace cogbuild::debian {

Result<std::vector<Diversion>> parse_diversions(std::string_view text, std::string_view origin) {
  std::vector<Diversion> diversions;
  std::size_t line = 0;
  const auto wrong = [&](std::string_view why) {
    return fail(Error(ErrorKind::config, fmt::format("the diversions {}", why))
                    .at({.file = std::string(origin), .line = line}));
  };
  while (!text.empty()) {
    std::array<std::string_view, 3> fields{};
    for (auto& field : fields) {
      ++line;
      if (text.empty()) return wrong("end within a diversion of three lines");
      const auto end = text.find('\n');
      field = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    auto [from, to, owner] = fields;
    if (!from.starts_with('/') || !to.starts_with('/') || owner.empty())
      return wrong("hold something else than two absolute paths and an owner");
    diversions.push_back({.from = std::string(from.substr(1)),
                          .to = std::string(to.substr(1)),
                          .owner = std::string(owner == ":" ? "" : owner)});
  }
  return diversions;
}

}  // namespace cogbuild::debian
