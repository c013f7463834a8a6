#pragma once

#include "cached_page.hpp"

#include <cogbuild/pypi/index.hpp>

#include <future>
#include <map>
#include <optional>
#include <string>

namespace cogbuild::pypi {

// Pages by URL, through the cache. One request per page and run; a started one is waited for.
class PageSource {
 public:
  PageSource(const IndexConfig& config, IndexServices services)
      : config_(config), services_(services) {}

  // Starts the request for a page unless it is fresh, known or under way.
  void prefetch(const url::Url& page);
  // The page, or nothing when the server has none. `what` is asked for, in messages: "`numpy`".
  Result<std::optional<ProjectPage>> page(const url::Url& page, const std::string& what);

 private:
  struct Known {
    std::optional<CachedPage> cached{};  // from an earlier run
    std::optional<std::future<Result<http::Response>>> pending{};
  };

  Known& known(const url::Url& page);
  [[nodiscard]] bool needs_request(const Known& known) const;
  [[nodiscard]] http::Request request_for(const url::Url& page, const Known& known) const;
  Result<http::Response> response_for(const url::Url& page, Known& known);
  Result<CachedPage> ask(const url::Url& page, Known& known, const std::string& what);

  const IndexConfig& config_;
  IndexServices services_;
  std::map<std::string, Known> known_{};  // by URL without user-info
};

// What a status means that is neither an answer nor "not there": auth with a hint, else network.
Error refusal(const http::Response& response, const std::string& what);

}  // namespace cogbuild::pypi
