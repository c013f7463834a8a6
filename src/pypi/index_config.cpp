#include "index_settings.hpp"

#include <cogbuild/pypi/index_config.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cogbuild::pypi {

namespace {

Error located(Error error, const std::optional<SourceLocation>& location) {
  return location ? std::move(error).at(*location) : std::move(error);
}

class Chooser {
 public:
  Chooser(const IndexSources& sources, const IndexSettings& settings)
      : sources_(sources), settings_(settings) {}

  Result<void> add_index(const IndexMention& mention,
                         const std::optional<SourceLocation>& location) {
    auto parsed = url::parse(mention.url);
    if (!parsed) return fail(located(std::move(parsed).error(), location));
    url::Url index = *std::move(parsed);
    if (!index.path.ends_with('/')) index.path += '/';
    index.fragment.clear();
    TRY(check_transport(index, location));
    find_credentials(index, mention.name);
    const bool seen = std::ranges::any_of(config.indexes, [&](const url::Url& other) {
      return url::to_string(other) == url::to_string(index);
    });
    if (!seen) config.indexes.push_back(std::move(index));
    return {};
  }

  Result<void> add_find_links(const std::string& text, const std::filesystem::path& directory,
                              const std::optional<SourceLocation>& location) {
    std::string place = text;
    if (text.find("://") == std::string::npos && !text.starts_with("file:")) {
      place = (directory / text).lexically_normal().string();
    } else {
      auto url = url::parse(text);
      if (!url) return fail(located(std::move(url).error(), location));
      TRY(check_transport(*url, location));
      if (url->scheme == "file") place = url::percent_decode(url->path);
    }
    if (std::ranges::find(config.find_links, place) == config.find_links.end())
      config.find_links.push_back(std::move(place));
    return {};
  }

  IndexConfig config{};

 private:
  // Where the URL is silent: the variables of the index's name, netrc, then the keyring.
  void find_credentials(url::Url& index, const std::string& name) const {
    if (index.password.empty()) take(index, settings_.login_of(name));
    if (index.password.empty()) take(index, find_netrc_entry(sources_.netrc, index.host));
    // Keyrings answer for a user, so one has to be named.
    if (!index.password.empty() || index.username.empty() || !settings_.uses_keyring() ||
        !sources_.ask_keyring)
      return;
    for (const std::string& place : {url::to_string(index), index.authority()}) {
      if (auto password = sources_.ask_keyring(place, index.username)) {
        index.password = *std::move(password);
        return;
      }
    }
  }
  // A password for another user than the URL's is none for it.
  static void take(url::Url& index, NetrcEntry entry) {
    if (!index.username.empty() && index.username != entry.login) return;
    index.username = std::move(entry.login);
    index.password = std::move(entry.password);
  }

  [[nodiscard]] Result<void> check_transport(const url::Url& index,
                                             const std::optional<SourceLocation>& location) const {
    if (index.scheme != "http" || index.is_loopback() || config.trusts(index)) return {};
    return fail(located(
        Error(ErrorKind::config, fmt::format("{} is plain http, so anybody on the way could change "
                                             "what is installed",
                                             url::to_display(index)))
            .hint(fmt::format("use https, or accept it with --trusted-host {}", index.host)),
        location));
  }

  const IndexSources& sources_;
  const IndexSettings& settings_;
};

Result<void> add_indexes(const python::IndexOptions& options, const IndexSources& sources,
                         const IndexSettings& settings, Chooser& chooser) {
  if (options.no_index || settings.no_index()) return {};
  if (options.index_url) {
    TRY(chooser.add_index({.url = options.index_url->value}, options.index_url->location));
  } else if (const auto main = settings.main()) {
    TRY(chooser.add_index(*main, std::nullopt));
  } else if (!sources.default_index.empty()) {
    TRY(chooser.add_index({.url = sources.default_index}, std::nullopt));
  }
  for (const auto& extra : options.extra_index_urls)
    TRY(chooser.add_index({.url = extra.value}, extra.location));
  if (options.index_url) return {};
  for (const auto& extra : settings.further()) TRY(chooser.add_index(extra, std::nullopt));
  return {};
}

}  // namespace

bool IndexConfig::trusts(const url::Url& url) const {
  return std::ranges::any_of(trusted_hosts, [&](const std::string& host) {
    return host == url.host || host == fmt::format("{}:{}", url.host, url.effective_port());
  });
}

Result<IndexConfig> choose_indexes(const python::IndexOptions& options,
                                   const IndexSources& sources) {
  TRY_ASSIGN(const auto settings, IndexSettings::read(sources));
  Chooser chooser(sources, settings);
  TRY_ASSIGN(chooser.config.strategy, settings.strategy());
  chooser.config.trusted_hosts = options.trusted_hosts;
  for (auto& host : settings.trusted_hosts())
    chooser.config.trusted_hosts.push_back(std::move(host));
  for (const auto& place : options.find_links)
    TRY(chooser.add_find_links(place.value, sources.project_root, place.location));
  for (const auto& place : settings.find_links())
    TRY(chooser.add_find_links(place, sources.working_directory, std::nullopt));
  TRY(add_indexes(options, sources, settings, chooser));
  const bool is_empty = chooser.config.indexes.empty() && chooser.config.find_links.empty();
  if (is_empty && (options.no_index || settings.no_index()))
    return fail(Error(ErrorKind::config, "no package index is to be asked, and no find-links given")
                    .hint("name a place of wheels by --find-links"));
  if (is_empty)
    return fail(Error(ErrorKind::config, "no package index is configured")
                    .hint("give one with --index-url in the requirements file, or set "
                          "PIP_INDEX_URL"));
  return std::move(chooser.config);
}

}  // namespace cogbuild::pypi
