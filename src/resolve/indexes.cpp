#include "indexes.hpp"

#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

constexpr std::string_view kFrameworkSite = "https://download.pytorch.org/whl/";

Result<url::Url> framework_index(const std::string& site, const std::string& build,
                                 const Inputs& inputs, const pypi::IndexConfig& config) {
  auto parsed = url::parse(site);
  if (!parsed) return fail(Error(std::move(parsed).error()).during("reading --torch-index"));
  url::Url index = *std::move(parsed);
  if (!index.path.ends_with('/')) index.path += '/';
  index.path += build + "/";
  index.query.clear();
  index.fragment.clear();
  if (index.scheme == "http" && !index.is_loopback() && !config.trusts(index))
    return fail(
        Error(ErrorKind::usage,
              fmt::format("--torch-index: {} is plain http, so anybody on the way could "
                          "change what is installed",
                          url::to_display(index)))
            .hint(fmt::format("use https, or accept it with --trusted-host {}", index.host)));
  if (!index.has_credentials()) {
    auto entry = pypi::find_netrc_entry(inputs.index_sources.netrc, index.host);
    index.username = std::move(entry.login);
    index.password = std::move(entry.password);
  }
  return index;
}

// Where the best version of all indexes is taken, the order of further ones says nothing: sorted,
// two ways to write the same settings give the same lock.
void settle_order(pypi::IndexConfig& config) {
  if (config.strategy == pypi::IndexStrategy::first_index || config.indexes.size() < 3) return;
  std::sort(config.indexes.begin() + 1, config.indexes.end(),
            [](const url::Url& a, const url::Url& b) { return to_string(a) < to_string(b); });
}

}  // namespace

Result<Indexes> choose_indexes(const Inputs& inputs, const Request& request) {
  Indexes indexes;
  TRY_ASSIGN(indexes.config, pypi::choose_indexes(request.options, inputs.index_sources));
  if (inputs.options.index_strategy) indexes.config.strategy = *inputs.options.index_strategy;
  settle_order(indexes.config);
  const std::string site =
      inputs.options.torch_index.empty() ? std::string(kFrameworkSite) : inputs.options.torch_index;
  TRY_ASSIGN(indexes.framework, choose_framework_index({.roots = request.roots,
                                                        .constraints = request.constraints,
                                                        .gpu = inputs.config.gpu,
                                                        .cuda = inputs.config.cuda,
                                                        .target = inputs.target,
                                                        .indexes = indexes.config,
                                                        .backend = inputs.options.torch_backend,
                                                        .site = site}));
  if (indexes.framework.build.empty()) return indexes;
  TRY_ASSIGN(indexes.config.framework_index,
             framework_index(site, indexes.framework.build, inputs, indexes.config));
  return indexes;
}

}  // namespace cogbuild::resolve
