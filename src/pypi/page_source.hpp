#pragma once

#include "page_freshness.hpp"
#include "stored_page.hpp"

#include <cogbuild/pypi/index.hpp>

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::pypi {

// A page to ask for: that of one project on an index, or a list of files of many (no name).
struct PageAddress {
  url::Url url{};
  python::PackageName project{};
};

// What is known of a page without waiting.
enum class Standing {
  under_way,  // its request is
  listed,     // there is such a page
  absent,     // there is none
  failed,     // the request failed, or --offline forbids it: asking for the page says why
};

// Pages by URL, through the cache. One request per page and run; a started one is waited for.
class PageSource {
 public:
  PageSource(const IndexConfig& config, IndexServices services)
      : config_(config), services_(services) {}

  // Starts the request for a page unless it is fresh, known or under way. `on_done` is called as
  // http::Request says, if a request is started.
  Standing prefetch(const PageAddress& address, const std::function<void()>& on_done);
  // The page, or null when the server has none.
  Result<std::shared_ptr<const StoredPage>> page(const PageAddress& address);

 private:
  struct Known {
    std::shared_ptr<const StoredPage> cached{};  // the newest that we have, of whatever run
    PageFreshness freshness{};                   // of `cached`
    std::optional<std::future<Result<http::Response>>> pending{};
    std::optional<Result<http::Response>> outcome{};  // of the request that was pending
    bool asked = false;                               // in this run, with success
  };

  Known& known(const url::Url& page);
  [[nodiscard]] bool needs_request(const Known& known) const;
  [[nodiscard]] http::Request request_for(const url::Url& page, const Known& known) const;
  Result<http::Response> response_for(const url::Url& page, Known& known);
  Result<void> ask(const PageAddress& address, Known& known);
  void keep(const url::Url& page, const std::vector<std::pair<std::string, std::string>>& entries);

  const IndexConfig& config_;
  IndexServices services_;
  PageParser parser_{};
  std::map<std::string, Known> known_{};  // by URL without user-info
};

// What a status means that is neither an answer nor "not there": auth with a hint, else network.
Error refusal(const http::Response& response, const std::string& what);

}  // namespace cogbuild::pypi
