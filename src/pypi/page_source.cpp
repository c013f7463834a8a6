#include "page_source.hpp"

#include "framework_index.hpp"

#include <cogbuild/http/retry.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::pypi {

namespace {

std::string cache_key(const url::Url& page) { return "index page " + url::to_string(page); }

// Links were stored without user-info; it goes along within the page's origin, as when they were
// read.
void lend_credentials(ProjectPage& page, const url::Url& from) {
  if (!from.has_credentials()) return;
  for (auto& file : page.files) {
    if (!file.url.same_origin(from)) continue;
    file.url.username = from.username;
    file.url.password = from.password;
  }
}

bool means_absent(const http::Response& response, const url::Url& page) {
  return response.status == 404 || response.status == 410 ||
         (response.status == 403 && is_framework_index(page));
}

}  // namespace

Error refusal(const http::Response& response, const std::string& what) {
  const std::string place = url::to_display(response.url);
  if (response.status == 401 || response.status == 403 || response.status == 407)
    return Error(ErrorKind::auth,
                 fmt::format("{} refused access to {} (status {})", place, what, response.status))
        .hint("put the credentials into the index URL or into ~/.netrc");
  return {ErrorKind::network,
          fmt::format("cannot get {} from {}: status {}", what, place, response.status)};
}

PageSource::Known& PageSource::known(const url::Url& page) {
  const auto [entry, is_new] = known_.try_emplace(url::to_string(page));
  if (is_new) {
    // An unreadable cache costs a request, no more.
    if (const auto text = services_.keys.get(store::Table::response, cache_key(page));
        text && *text)
      entry->second.cached = parse_cached_page(**text);
    if (entry->second.cached) lend_credentials(entry->second.cached->page, page);
  }
  return entry->second;
}

bool PageSource::needs_request(const Known& known) const {
  if (services_.offline) return false;
  return services_.refresh || !known.cached || !known.cached->is_fresh(services_.clock.now());
}

http::Request PageSource::request_for(const url::Url& page, const Known& known) const {
  http::Request request{.url = page, .headers = {{"Accept", kAcceptedPages}}};
  if (known.cached && !known.cached->etag.empty())
    request.headers.emplace_back("If-None-Match", known.cached->etag);
  request.allow_insecure_tls = config_.trusts(page);
  return request;
}

void PageSource::prefetch(const url::Url& page) {
  Known& entry = known(page);
  if (entry.pending || !needs_request(entry)) return;
  entry.pending = services_.http.start(request_for(page, entry));
}

Result<http::Response> PageSource::response_for(const url::Url& page, Known& known) {
  const auto attempt = [&]() -> Result<http::Response> {
    if (!known.pending) return services_.http.send(request_for(page, known));
    auto pending = std::move(*known.pending);
    known.pending.reset();
    return pending.get();
  };
  return http::with_retries(attempt, {}, services_.clock, services_.reporter,
                            url::to_display(page));
}

Result<CachedPage> PageSource::ask(const url::Url& page, Known& known, const std::string& what) {
  TRY_ASSIGN(const auto response, response_for(page, known));
  CachedPage answer;
  if (response.status == 304 && known.cached) {
    answer = *known.cached;
  } else if (response.status == 200) {
    TRY_ASSIGN(answer.page, parse_page(http::header(response.headers, "content-type"),
                                       response.body, response.url));
    answer.exists = true;
    answer.etag = http::header(response.headers, "etag");
  } else if (!means_absent(response, page)) {
    return fail(refusal(response, what));
  }
  // Absence is remembered for --offline, and asked about anew otherwise.
  answer.max_age = answer.exists ? max_age_of(response.headers) : 0;
  answer.fetched =
      std::chrono::duration_cast<std::chrono::seconds>(services_.clock.now().time_since_epoch())
          .count();
  if (auto kept = services_.keys.put(store::Table::response, cache_key(page), to_text(answer));
      !kept)
    services_.reporter.explain(
        fmt::format("{} is not cached: {}", url::to_display(page), kept.error().message()));
  return answer;
}

Result<std::optional<ProjectPage>> PageSource::page(const url::Url& page, const std::string& what) {
  Known& entry = known(page);
  if (services_.offline && !entry.cached)
    return fail(Error(ErrorKind::network,
                      fmt::format("{} is not in the cache, and --offline forbids to ask {}", what,
                                  url::to_display(page)))
                    .hint("run it once without --offline"));
  if (entry.pending || needs_request(entry)) {
    TRY_ASSIGN(entry.cached, ask(page, entry, what));
  } else {
    services_.reporter.explain(url::to_display(page) + " is taken from the cache");
  }
  if (!entry.cached->exists) return std::nullopt;
  return entry.cached->page;
}

}  // namespace cogbuild::pypi
