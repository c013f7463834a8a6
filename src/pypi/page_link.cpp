#include "page_link.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::pypi {

std::optional<digest::Digest> File::sha256() const {
  for (const auto& hash : hashes)
    if (auto digest = hash.sha256()) return digest;
  return std::nullopt;
}

std::optional<File> file_of_link(std::string_view link, const url::Url& base,
                                 const url::Url& page) {
  auto target = url::resolve(base, link);
  if (!target) return std::nullopt;
  if (target->scheme == "file" && page.scheme != "file") return std::nullopt;
  File file;
  file.url = *std::move(target);
  file.file_name = file.url.file_name();
  if (!is_plain_file_name(file.file_name)) return std::nullopt;
  if (auto hash = python::FileHash::parse(file.url.fragment))
    file.hashes.push_back(*std::move(hash));
  file.url.fragment.clear();
  if (!file.url.has_credentials() && file.url.same_origin(page)) {
    file.url.username = page.username;
    file.url.password = page.password;
  }
  return file;
}

bool is_plain_file_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && std::ranges::all_of(name, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '/' && c != '\\';
  });
}

ProjectStatus parse_project_status(std::string_view text) {
  if (text == "archived") return ProjectStatus::archived;
  if (text == "deprecated") return ProjectStatus::deprecated;
  if (text == "quarantined") return ProjectStatus::quarantined;
  return ProjectStatus::active;
}

Result<void> check_api_version(std::string_view version, const url::Url& page) {
  if (version.empty() || version == "1" || version.starts_with("1.")) return {};
  return fail(Error(ErrorKind::unsupported,
                    fmt::format("{} speaks version `{}` of the index API, cogbuild knows version 1",
                                url::to_display(page), version)));
}

}  // namespace cogbuild::pypi
