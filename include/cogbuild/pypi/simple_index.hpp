#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/python/file_hash.hpp>
#include <cogbuild/url/url.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::pypi {

// One file of a project as an index page lists it.
struct File {
  std::string file_name{};
  url::Url url{};  // http, https or file, no fragment; user-info when the page's goes along
  std::vector<python::FileHash> hashes{};  // sha256, sha384, sha512; others are left out
  std::optional<std::uint64_t> size_bytes{};
  std::string requires_python{};  // as written; empty: any
  bool yanked = false;
  std::string yanked_reason{};
  std::string upload_time{};  // RFC 3339, as written; empty: unknown
  bool has_metadata = false;  // `<url>.metadata` exists (PEP 658, PEP 714)
  std::optional<digest::Digest> metadata_digest{};

  [[nodiscard]] std::optional<digest::Digest> sha256() const;
  friend bool operator==(const File&, const File&) = default;
};

enum class ProjectStatus { active, archived, deprecated, quarantined };  // PEP 792

struct ProjectPage {
  std::vector<File> files{};  // in the page's order; unusable entries are left out
  ProjectStatus status = ProjectStatus::active;
  std::string status_reason{};
  friend bool operator==(const ProjectPage&, const ProjectPage&) = default;
};

// What a project page is asked for with.
inline constexpr const char* kAcceptedPages =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
    "text/html;q=0.01";

// Reads pages, one after another; what it needs of memory for one serves the next.
class PageParser {
 public:
  PageParser();
  ~PageParser();
  PageParser(const PageParser&) = delete;
  PageParser& operator=(const PageParser&) = delete;

  // A page by its Content-Type: JSON or HTML, else ErrorKind::unsupported quoting the type. `page`
  // is the URL after redirects: links resolve against it, and its user-info goes along within its
  // origin. Links to files of this machine count only on a page that is one. Error: integrity, when
  // malformed.
  Result<ProjectPage> parse(std::string_view content_type, std::string body, const url::Url& page);
  // Simple repository API, JSON (PEP 691, 700, 714, 792). Another major API version is unsupported.
  Result<ProjectPage> parse_json(std::string body, const url::Url& page);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

// With a parser of their own.
Result<ProjectPage> parse_page(std::string_view content_type, std::string body,
                               const url::Url& page);
Result<ProjectPage> parse_json_page(std::string body, const url::Url& page);
// Simple repository API, HTML (PEP 503, 592, 629, 658, 714): every `<a href>`. Tolerant: never
// malformed.
Result<ProjectPage> parse_html_page(std::string_view body, const url::Url& page);

}  // namespace cogbuild::pypi
