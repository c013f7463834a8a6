#include "html_tag.hpp"
#include "page_link.hpp"

#include <cogbuild/pypi/simple_index.hpp>

namespace cogbuild::pypi {

namespace {

// PEP 658 and PEP 714: `true`, or `sha256=<hex>`; the newer attribute goes first.
void take_metadata(const HtmlTag& tag, File& file) {
  auto value = tag.attribute("data-core-metadata");
  if (!value) value = tag.attribute("data-dist-info-metadata");
  if (!value || *value == "false") return;
  file.has_metadata = true;
  if (const auto hash = python::FileHash::parse(*value)) file.metadata_digest = hash->sha256();
}

Result<void> take_meta(const HtmlTag& tag, const url::Url& page_url, ProjectPage& page) {
  const std::string name = tag.attribute("name").value_or("");
  const std::string content = tag.attribute("content").value_or("");
  if (name == "pypi:repository-version") return check_api_version(content, page_url);
  if (name == "pypi:project-status") page.status = parse_project_status(content);
  if (name == "pypi:project-status-reason") page.status_reason = content;
  return {};
}

void take_link(const HtmlTag& tag, LinkReader& links, ProjectPage& page) {
  const auto href = tag.attribute("href");
  if (!href) return;
  auto file = links.file(*href);
  if (!file) return;
  file->file_name = file->url.file_name();
  if (!is_plain_file_name(file->file_name)) return;
  file->requires_python = tag.attribute("data-requires-python").value_or("");
  if (auto reason = tag.attribute("data-yanked")) {
    file->yanked = true;
    file->yanked_reason = *std::move(reason);
  }
  take_metadata(tag, *file);
  page.files.push_back(*std::move(file));
}

}  // namespace

Result<ProjectPage> parse_html_page(std::string_view body, const url::Url& page) {
  ProjectPage out;
  url::Url base = page;
  LinkReader links(base, page);
  bool has_base = false;
  while (const auto tag = next_tag(body)) {
    if (tag->name == "a") {
      take_link(*tag, links, out);
    } else if (tag->name == "meta") {
      TRY(take_meta(*tag, page, out));
    } else if (tag->name == "base" && !has_base) {
      const auto href = tag->attribute("href");
      if (!href) continue;
      if (auto resolved = url::resolve(page, *href)) base = *std::move(resolved);
      has_base = true;
    }
  }
  return out;
}

}  // namespace cogbuild::pypi
