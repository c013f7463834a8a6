#pragma once

#include <cogbuild/debian/choose.hpp>
#include <cogbuild/debian/package_index.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Archives of a few packages, one a line:
//
//     name version[ architecture]; Field: value; Field: value
namespace cogbuild::debian::test {

inline std::string stanzas(std::string_view text, std::string_view more) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    line.erase(0, begin);
    const auto name_end = line.find(' ');
    const auto version_end = std::min(line.find_first_of(" ;", name_end + 1), line.size());
    const auto fields = std::min(line.find(';'), line.size());
    const std::string name = line.substr(0, name_end);
    std::string architecture = "amd64";
    if (version_end < fields) architecture = line.substr(version_end + 1, fields - version_end - 1);
    out += fmt::format("Package: {}\nVersion: {}\nArchitecture: {}\n{}", name,
                       line.substr(name_end + 1, version_end - name_end - 1), architecture, more);
    for (std::size_t at = fields; at < line.size();) {
      const auto next = std::min(line.find(';', at + 1), line.size());
      const auto value = line.find_first_not_of(' ', at + 1);
      if (value < next) out += line.substr(value, next - value) + "\n";
      at = next;
    }
    out += "\n";
  }
  return out;
}

inline PackageList packages(std::string_view text) {
  auto list = parse_packages(
      stanzas(text, fmt::format("Filename: pool/x.deb\nSize: 1\nSHA256: {:064}\n", 0)), "Packages");
  REQUIRE_MESSAGE(list, (list ? "" : render(list.error())));
  return *std::move(list);
}

inline PackageList status(std::string_view text) {
  auto list = parse_status(stanzas(text, "Status: install ok installed\n"), "status");
  REQUIRE_MESSAGE(list, (list ? "" : render(list.error())));
  return *std::move(list);
}

inline PackageIndex index_of(std::vector<SuitePackages> suites) {
  auto index = PackageIndex::of(std::move(suites), "amd64");
  REQUIRE_MESSAGE(index, (index ? "" : render(index.error())));
  return *std::move(index);
}

inline PackageIndex index_of(std::string_view text) {
  return index_of({{.packages = packages(text), .suite = "bookworm", .also = "oldstable"}});
}

inline std::vector<Wish> wishes(const std::vector<std::string>& texts) {
  std::vector<Wish> parsed;
  for (const std::string& text : texts) {
    auto wish = parse_wish(text);
    REQUIRE_MESSAGE(wish, (wish ? "" : render(wish.error())));
    parsed.push_back(*std::move(wish));
  }
  return parsed;
}

// `name=version` of what is chosen, separated by spaces; an error as it is rendered.
inline std::string chosen(const PackageIndex& index, const std::vector<std::string>& names,
                          std::string_view installed = {}) {
  const auto present = status(installed);
  const auto asked = wishes(names);
  const auto choice = choose({.index = index, .installed = present.packages(), .wishes = asked});
  if (!choice) return render(choice.error());
  std::string text;
  for (const Candidate& one : choice->packages)
    text +=
        fmt::format("{}{}={}", text.empty() ? "" : " ", one.package->name, one.package->version);
  return text;
}

inline std::string chosen(std::string_view archive, const std::vector<std::string>& names,
                          std::string_view installed = {}) {
  return chosen(index_of(archive), names, installed);
}

}  // namespace cogbuild::debian::test
