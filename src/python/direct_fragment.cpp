#include "ascii.hpp"

#include <cogbuild/python/direct_fragment.hpp>
#include <cogbuild/python/requirement.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::python {
namespace {

constexpr std::array<std::string_view, 6> kHashes = {"md5",    "sha1",   "sha224",
                                                     "sha256", "sha384", "sha512"};

Result<std::string> checked_subdirectory(std::string_view text) {
  const auto refuse = [] {
    return fail(Error(ErrorKind::config, "the subdirectory of a URL must lie within it"));
  };
  if (text.starts_with('/') || text.find('\\') != std::string_view::npos) return refuse();
  std::string path;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('/'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part == ".." || std::any_of(part.begin(), part.end(), [](char c) {
          return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        }))
      return refuse();
    if (part.empty() || part == ".") continue;
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

}  // namespace

Result<DirectFragment> DirectFragment::parse(std::string_view fragment) {
  DirectFragment parsed;
  while (!fragment.empty()) {
    const std::string_view pair = fragment.substr(0, fragment.find('&'));
    fragment.remove_prefix(std::min(pair.size() + 1, fragment.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = pair.substr(0, equals);
    const std::string value = url::percent_decode(pair.substr(equals + 1));
    if (key == "egg") {
      auto egg = Requirement::parse(value);
      if (!egg || egg->marker || !egg->url.empty() || !egg->specifiers.clauses().empty())
        return fail(Error(ErrorKind::config, "the `egg` of a URL must be a project's name"));
      parsed.egg = std::move(egg->name);
      parsed.extras = std::move(egg->extras);
    } else if (key == "subdirectory") {
      TRY_ASSIGN(parsed.subdirectory, checked_subdirectory(value));
    } else if (std::find(kHashes.begin(), kHashes.end(), key) != kHashes.end()) {
      TRY_ASSIGN(auto hash, FileHash::parse(fmt::format("{}={}", key, value)));
      parsed.hashes.push_back(std::move(hash));
    }
  }
  return parsed;
}

Result<DirectFragment> DirectFragment::of(std::string_view url) {
  const auto hash = url.find('#');
  return parse(hash == std::string_view::npos ? std::string_view() : url.substr(hash + 1));
}

}  // namespace cogbuild::python
