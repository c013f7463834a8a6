#include <cogbuild/pypi/index_config.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cogbuild::pypi {

namespace {

// Several values in one: divided by space or line breaks, as pip divides its variables.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return words;
    const auto end = std::min(text.find_first_of(" \t\r\n", first), text.size());
    words.emplace_back(text.substr(first, end - first));
    text.remove_prefix(end);
  }
}

// The values outside the project by their pip name: the environment's, else those of the files,
// where `install` goes before `global` and later files before earlier ones.
class Settings {
 public:
  explicit Settings(const IndexSources& sources) : variables_(sources.variables) {
    for (const char* section : {"global", "install"})
      for (const auto& [path, content] : sources.pip_files)
        for (const auto& [key, value] : parse_pip_config(content))
          if (key.starts_with(std::string(section) + "."))
            from_files_[key.substr(key.find('.') + 1)] = value;
  }

  [[nodiscard]] std::string variable(const std::string& name) const {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::string() : found->second;
  }
  [[nodiscard]] std::string from_files(const std::string& key) const {
    const auto found = from_files_.find(key);
    return found == from_files_.end() ? std::string() : found->second;
  }
  // The first variable that is set, else the files' value.
  [[nodiscard]] std::string value(const std::vector<std::string>& names,
                                  const std::string& key) const {
    for (const auto& name : names)
      if (auto text = variable(name); !text.empty()) return text;
    return from_files(key);
  }

 private:
  const std::map<std::string, std::string>& variables_;
  std::map<std::string, std::string> from_files_{};
};

bool is_true(const std::string& text) {
  return text == "1" || text == "true" || text == "True" || text == "yes" || text == "on";
}

// UV_INDEX may name its entries: `name=https://…`.
std::string without_name(const std::string& entry) {
  const auto equals = entry.find('=');
  return equals < entry.find(':') ? entry.substr(equals + 1) : entry;
}

Error located(Error error, const std::optional<SourceLocation>& location) {
  return location ? std::move(error).at(*location) : std::move(error);
}

class Chooser {
 public:
  explicit Chooser(const IndexSources& sources) : sources_(sources) {}

  Result<void> add_index(const std::string& text, const std::optional<SourceLocation>& location) {
    auto parsed = url::parse(text);
    if (!parsed) return fail(located(std::move(parsed).error(), location));
    url::Url index = *std::move(parsed);
    if (!index.path.ends_with('/')) index.path += '/';
    index.fragment.clear();
    TRY(check_transport(index, location));
    if (!index.has_credentials()) {
      auto entry = find_netrc_entry(sources_.netrc, index.host);
      index.username = std::move(entry.login);
      index.password = std::move(entry.password);
    }
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
};

Result<void> add_indexes(const python::IndexOptions& options, const IndexSources& sources,
                         const Settings& settings, Chooser& chooser) {
  if (options.no_index || is_true(settings.value({"PIP_NO_INDEX"}, "no-index"))) return {};
  if (options.index_url) {
    TRY(chooser.add_index(options.index_url->value, options.index_url->location));
  } else {
    std::string main =
        settings.value({"PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"}, "index-url");
    if (main.empty()) main = sources.default_index;
    if (!main.empty()) TRY(chooser.add_index(without_name(main), std::nullopt));
  }
  for (const auto& extra : options.extra_index_urls)
    TRY(chooser.add_index(extra.value, extra.location));
  if (options.index_url) return {};

  std::string others;
  for (const char* name : {"PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX"})
    others += settings.variable(name) + " ";
  if (split(others).empty()) others = settings.from_files("extra-index-url");
  for (const auto& extra : split(others)) TRY(chooser.add_index(without_name(extra), std::nullopt));
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
  const Settings settings(sources);
  Chooser chooser(sources);
  chooser.config.trusted_hosts = options.trusted_hosts;
  for (auto& host : split(settings.value({"PIP_TRUSTED_HOST"}, "trusted-host")))
    chooser.config.trusted_hosts.push_back(std::move(host));
  for (const auto& place : options.find_links)
    TRY(chooser.add_find_links(place.value, sources.project_root, place.location));
  for (const auto& place : split(settings.value({"PIP_FIND_LINKS", "UV_FIND_LINKS"}, "find-links")))
    TRY(chooser.add_find_links(place, sources.working_directory, std::nullopt));
  TRY(add_indexes(options, sources, settings, chooser));
  if (chooser.config.indexes.empty() && chooser.config.find_links.empty())
    return fail(Error(ErrorKind::config, "no package index is configured")
                    .hint("give one with --index-url in the requirements file, or set "
                          "PIP_INDEX_URL"));
  return std::move(chooser.config);
}

}  // namespace cogbuild::pypi
