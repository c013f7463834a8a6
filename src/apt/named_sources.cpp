#include "apt_files.hpp"

#include <cogbuild/apt/host_sources.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::apt {

namespace {

std::string with_suite(std::string_view line, std::string_view suite) {
  constexpr std::string_view kPlace = "{suite}";
  std::string out;
  for (auto at = line.find(kPlace); at != std::string_view::npos; at = line.find(kPlace)) {
    out.append(line.substr(0, at)).append(suite);
    line.remove_prefix(at + kPlace.size());
  }
  return out.append(line);
}

Result<void> check_keyrings(const debian::Source& source, const Files& files) {
  for (const auto& path : source.signed_by.keyrings)
    if (!files.contains(key_of(path)))
      return fail(
          Error(ErrorKind::not_found, fmt::format("the keyring `{}` cannot be read", path))
              .hint("`signed-by` names a file of this machine: put the archive's key there"));
  return {};
}

}  // namespace

Result<SourceSet> named_sources(std::span<const std::string> lines, std::string_view suite,
                                std::string_view origin, const std::filesystem::path& root) {
  SourceSet set{.origin = std::string(origin), .allow_unsigned = true};
  Files files = read_apt_files(root);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string step = fmt::format("reading source {} of {}", i + 1, origin);
    auto sources = debian::parse_sources_list(with_suite(lines[i], suite), "");
    if (!sources) {
      // Where in its file the line stands is not known here.
      Error error(sources.error().kind(), sources.error().message());
      for (const auto& hint : sources.error().hints()) error = std::move(error).hint(hint);
      return fail(std::move(error).during(step));
    }
    read_named_keyrings(*sources, root, files);
    for (auto& source : *sources) {
      if (auto checked = check_keyrings(source, files); !checked)
        return fail(std::move(checked).error().during(step));
      source.file = origin;
      source.line = 0;
      set.sources.push_back(std::move(source));
    }
  }
  for (auto& [path, content] : files) {
    bool is_named = false;
    for (const auto& source : set.sources)
      for (const auto& keyring : source.signed_by.keyrings) is_named |= key_of(keyring) == path;
    if (is_named || is_distribution_keyring(path)) set.keyrings.emplace(path, std::move(content));
  }
  return set;
}

}  // namespace cogbuild::apt
