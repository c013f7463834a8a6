#include "find_links.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace cogbuild::pypi {

namespace {

url::Url file_url(const std::filesystem::path& path) {
  url::Url url{.scheme = "file"};
  for (const auto& part : path.relative_path())
    url.path += "/" + url::percent_encode(part.string());
  return url;
}

Result<std::vector<File>> read_directory(const std::filesystem::path& directory) {
  TRY_ASSIGN(const auto entries, io::DiskTree(directory).list(""));
  std::vector<File> files;
  for (const auto& entry : entries) {
    if (project_of(entry.name).empty()) continue;
    files.push_back({.file_name = entry.name, .url = file_url(directory / entry.name)});
    if (entry.type == io::FileType::regular) files.back().size_bytes = entry.stamp.size_bytes;
  }
  return files;
}

}  // namespace

python::PackageName project_of(const std::string& file_name) {
  if (python::is_wheel_file_name(file_name)) {
    const auto wheel = python::WheelName::parse(file_name);
    return wheel ? wheel->name : python::PackageName();
  }
  if (python::is_source_archive_file_name(file_name)) {
    const auto sdist = python::SdistName::parse(file_name);
    return sdist ? sdist->name : python::PackageName();
  }
  return {};
}

Result<std::vector<File>> read_find_links(const std::string& place, PageSource& pages) {
  if (place.find("://") != std::string::npos) {
    TRY_ASSIGN(const auto url, url::parse(place));
    TRY_ASSIGN(const auto page, pages.page({.url = url}));
    if (!page)
      return fail(
          Error(ErrorKind::not_found, fmt::format("there is no page at {}", url::to_display(url))));
    return page->files(0);
  }
  const std::filesystem::path path(place);
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) return read_directory(path);
  auto text = io::read_file(path);
  if (!text)
    return fail(
        std::move(text).error().hint("--find-links takes a directory, an HTML file or a URL"));
  TRY_ASSIGN(auto page, parse_html_page(*text, file_url(path)));
  return std::move(page.files);
}

}  // namespace cogbuild::pypi
