#include "page_source.hpp"

#include "framework_index.hpp"

#include <cogbuild/http/retry.hpp>

#include <fmt/format.h>

#include <chrono>
#include <utility>
#include <vector>

namespace cogbuild::pypi {

namespace {

std::string page_key(const url::Url& page) { return "index page " + url::to_string(page); }
std::string freshness_key(const url::Url& page) {
  return "index freshness " + url::to_string(page);
}

std::string what(const PageAddress& address) {
  return address.project.empty() ? "the list of files"
                                 : fmt::format("`{}`", address.project.value());
}

bool means_absent(const http::Response& response, const url::Url& page) {
  return response.status == 404 || response.status == 410 ||
         (response.status == 403 && is_framework_index(page));
}

Standing standing_of(const Result<http::Response>& outcome, const url::Url& page,
                     const StoredPage* cached) {
  if (!outcome) return Standing::failed;
  if (outcome->status == 200) return Standing::listed;
  if (outcome->status == 304 && cached != nullptr)
    return cached->head().exists ? Standing::listed : Standing::absent;
  return means_absent(*outcome, page) ? Standing::absent : Standing::failed;
}

GroupedFiles group(const PageAddress& address, std::vector<File> files) {
  return address.project.empty() ? GroupedFiles::ungrouped(std::move(files))
                                 : GroupedFiles(address.project, std::move(files));
}

std::shared_ptr<const StoredPage> read_page(std::string bytes, const url::Url& page) {
  auto stored = StoredPage::decode(std::move(bytes));
  if (!stored) return nullptr;
  if (page.has_credentials()) stored->lend_credentials(page);
  return std::make_shared<const StoredPage>(*std::move(stored));
}

}  // namespace

Error refusal(const http::Response& response, const std::string& asked) {
  const std::string place = url::to_display(response.url);
  if (response.status == 401 || response.status == 403 || response.status == 407)
    return Error(ErrorKind::auth,
                 fmt::format("{} refused access to {} (status {})", place, asked, response.status))
        .hint("put the credentials into the index URL or into ~/.netrc");
  return {ErrorKind::network,
          fmt::format("cannot get {} from {}: status {}", asked, place, response.status)};
}

PageSource::Known& PageSource::known(const url::Url& page) {
  const auto [entry, is_new] = known_.try_emplace(url::to_string(page));
  Known& known = entry->second;
  if (!is_new) return known;
  // An unreadable cache costs a request, no more.
  auto bytes = services_.keys.get(store::Table::response, page_key(page));
  if (!bytes || !*bytes) return known;
  known.cached = read_page(**std::move(bytes), page);
  if (!known.cached) return known;
  const auto text = services_.keys.get(store::Table::response, freshness_key(page));
  if (!text || !*text) return known;
  // Another run may have written one of the two in between.
  if (const auto freshness = parse_page_freshness(**text);
      freshness && freshness->etag == known.cached->head().etag)
    known.freshness = *freshness;
  return known;
}

bool PageSource::needs_request(const Known& known) const {
  if (services_.offline || known.asked) return false;
  return services_.refresh || !known.cached || !known.freshness.is_fresh(services_.clock.now());
}

http::Request PageSource::request_for(const url::Url& page, const Known& known) const {
  http::Request request{.url = page, .headers = {{"Accept", kAcceptedPages}}};
  if (known.cached && !known.cached->head().etag.empty())
    request.headers.emplace_back("If-None-Match", known.cached->head().etag);
  request.allow_insecure_tls = config_.trusts(page);
  return request;
}

Standing PageSource::prefetch(const PageAddress& address, const std::function<void()>& on_done) {
  Known& entry = known(address.url);
  if (entry.pending) {
    if (entry.pending->wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      return Standing::under_way;
    entry.outcome = entry.pending->get();
    entry.pending.reset();
  }
  if (entry.outcome) return standing_of(*entry.outcome, address.url, entry.cached.get());
  if (!needs_request(entry)) {
    if (!entry.cached) return Standing::failed;
    return entry.cached->head().exists ? Standing::listed : Standing::absent;
  }
  http::Request request = request_for(address.url, entry);
  request.on_done = on_done;
  entry.pending = services_.http.start(std::move(request));
  return Standing::under_way;
}

Result<http::Response> PageSource::response_for(const url::Url& page, Known& known) {
  const auto attempt = [&]() -> Result<http::Response> {
    if (known.outcome) return *std::exchange(known.outcome, std::nullopt);
    if (known.pending) return std::exchange(known.pending, std::nullopt)->get();
    return services_.http.send(request_for(page, known));
  };
  return http::with_retries(attempt, {}, services_.clock, services_.reporter,
                            url::to_display(page));
}

void PageSource::keep(const url::Url& page,
                      const std::vector<std::pair<std::string, std::string>>& entries) {
  if (auto kept = services_.keys.put_all(store::Table::response, entries); !kept)
    services_.reporter.explain(
        fmt::format("{} is not cached: {}", url::to_display(page), kept.error().message()));
}

Result<void> PageSource::ask(const PageAddress& address, Known& known) {
  TRY_ASSIGN(auto response, response_for(address.url, known));
  StoredPage::Head head;
  ProjectPage page;
  const bool is_unchanged = response.status == 304 && known.cached;
  if (response.status == 200) {
    TRY_ASSIGN(page, parser_.parse(http::header(response.headers, "content-type"),
                                   std::move(response.body), response.url));
    head = {.exists = true,
            .status = page.status,
            .status_reason = std::move(page.status_reason),
            .etag = std::string(http::header(response.headers, "etag"))};
  } else if (!is_unchanged && !means_absent(response, address.url)) {
    return fail(refusal(response, what(address)));
  }
  if (is_unchanged) head = known.cached->head();
  // Absence is remembered for --offline, and asked about anew otherwise.
  const PageFreshness freshness{.fetched = seconds_since_epoch(services_.clock.now()),
                                .max_age = head.exists ? max_age_of(response.headers) : 0,
                                .etag = head.etag};
  std::vector<std::pair<std::string, std::string>> entries = {
      {freshness_key(address.url), to_text(freshness)}};
  if (!is_unchanged)
    entries.emplace_back(page_key(address.url),
                         StoredPage::encode(head, group(address, std::move(page.files))));
  keep(address.url, entries);
  if (!is_unchanged) {
    known.cached = read_page(std::move(entries.back().second), address.url);
    if (!known.cached)
      return fail(Error(ErrorKind::integrity, fmt::format("{} cannot be kept: it is malformed",
                                                          url::to_display(address.url))));
  }
  known.freshness = freshness;
  known.asked = true;
  return {};
}

Result<std::shared_ptr<const StoredPage>> PageSource::page(const PageAddress& address) {
  Known& entry = known(address.url);
  if (services_.offline && !entry.cached)
    return fail(Error(ErrorKind::network,
                      fmt::format("{} is not in the cache, and --offline forbids to ask {}",
                                  what(address), url::to_display(address.url)))
                    .hint("run it once without --offline"));
  if (entry.pending || entry.outcome || needs_request(entry)) {
    TRY(ask(address, entry));
  } else {
    services_.reporter.explain(url::to_display(address.url) + " is taken from the cache");
  }
  if (!entry.cached->head().exists) return nullptr;
  return entry.cached;
}

}  // namespace cogbuild::pypi
