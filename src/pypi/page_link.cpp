#include "page_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::pypi {

std::optional<digest::Digest> File::sha256() const {
  for (const auto& hash : hashes)
    if (auto digest = hash.sha256()) return digest;
  return std::nullopt;
}

namespace {

// Whether `url::resolve` leaves the path as it is: no character to escape, no segment that starts
// with a dot.
bool is_plain_path(std::string_view path) {
  static constexpr auto kIsPlain = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_/+%~."))
      table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  return !path.starts_with('.') && path.find("/.") == std::string_view::npos &&
         std::ranges::all_of(path, [](char c) { return kIsPlain[static_cast<unsigned char>(c)]; });
}

bool is_plain_fragment(std::string_view fragment) {
  return std::ranges::all_of(fragment, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '=';
  });
}

std::optional<python::FileHash> hash_of_fragment(std::string_view fragment) {
  if (fragment.empty()) return std::nullopt;
  auto hash = python::FileHash::parse(fragment);
  if (!hash) return std::nullopt;
  return *std::move(hash);
}

}  // namespace

Result<url::Url> LinkReader::resolve(std::string_view link) {
  if (!site_text_.empty() && link.starts_with(site_text_)) {
    const auto tail = link.substr(site_text_.size());
    const auto path = tail.substr(0, tail.find('#'));
    const auto fragment = tail.substr(std::min(path.size() + 1, tail.size()));
    if (is_plain_path(path) && is_plain_fragment(fragment)) {
      url::Url target = site_;
      target.path.reserve(path.size() + 1);
      target.path = '/';
      target.path += path;
      target.fragment = fragment;
      return target;
    }
  }
  TRY_ASSIGN(auto target, url::resolve(base_, link));
  const std::string site_text = target.scheme + "://" + target.authority() + "/";
  if (!target.has_credentials() && link.starts_with(site_text)) {
    site_text_ = site_text;
    site_ = {.scheme = target.scheme, .host = target.host, .port = target.port};
  }
  return target;
}

std::optional<File> LinkReader::file(std::string_view link) {
  auto target = resolve(link);
  if (!target) return std::nullopt;
  if (target->scheme == "file" && page_.scheme != "file") return std::nullopt;
  File file;
  file.url = *std::move(target);
  if (auto hash = hash_of_fragment(file.url.fragment)) file.hashes.push_back(*std::move(hash));
  file.url.fragment.clear();
  if (page_.has_credentials() && !file.url.has_credentials() && file.url.same_origin(page_)) {
    file.url.username = page_.username;
    file.url.password = page_.password;
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
