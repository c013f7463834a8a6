#include <cogbuild/pypi/simple_index.hpp>

#include <fmt/format.h>

#include <string>
#include <utility>

namespace cogbuild::pypi {

namespace {

// `Text/HTML; charset=utf-8` -> `text/html`.
std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  for (char& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  return type;
}

}  // namespace

Result<ProjectPage> PageParser::parse(std::string_view content_type, std::string body,
                                      const url::Url& page) {
  const std::string type = media_type(content_type);
  if (type == "application/vnd.pypi.simple.v1+json") return parse_json(std::move(body), page);
  if (type == "application/vnd.pypi.simple.v1+html" || type == "text/html")
    return parse_html_page(body, page);
  return fail(Error(ErrorKind::unsupported,
                    fmt::format("{} answered with content of type `{}`, which is no index page",
                                url::to_display(page), content_type))
                  .hint("check that the index URL ends where the list of projects is, often in "
                        "`/simple/`"));
}

Result<ProjectPage> parse_page(std::string_view content_type, std::string body,
                               const url::Url& page) {
  return PageParser().parse(content_type, std::move(body), page);
}

}  // namespace cogbuild::pypi
