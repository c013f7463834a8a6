#include "find_links.hpp"
#include "framework_index.hpp"
#include "metadata_source.hpp"
#include "page_source.hpp"

#include <cogbuild/pypi/index.hpp>

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace cogbuild::pypi {

namespace {

url::Url page_of(const url::Url& index, const python::PackageName& name) {
  url::Url page = index;
  page.path += name.value() + "/";
  return page;
}

std::string status_text(ProjectStatus status) {
  switch (status) {
    case ProjectStatus::archived:
      return "archived";
    case ProjectStatus::deprecated:
      return "deprecated";
    case ProjectStatus::quarantined:
      return "quarantined";
    case ProjectStatus::active:
      break;
  }
  return "active";
}

}  // namespace

struct Index::State {
  State(IndexConfig given, IndexServices given_services, ReadWheelMetadata read_wheel)
      : config(std::move(given)),
        services(given_services),
        pages(config, services),
        metadata(config, services, std::move(read_wheel)) {
    for (const auto& place : config.find_links) {
      const auto url = url::parse(place);
      names.push_back(url ? url::to_display(*url) : place);
    }
    for (const auto& index : config.indexes) names.push_back(url::to_display(index));
  }

  // Whether an index is to be asked about a project.
  [[nodiscard]] bool consults(std::size_t position, const python::PackageName& name) const {
    const bool is_main = position == 0;
    return is_main || !is_framework_index(config.indexes[position]) ||
           framework_index_publishes(name);
  }

  // Plain http is no danger to a file whose digest came over a safe way.
  [[nodiscard]] bool is_safe(const File& file) const {
    if (file.url.scheme != "http" || file.sha256() || file.url.is_loopback() ||
        config.trusts(file.url))
      return true;
    services.reporter.warn(fmt::format(
        "{} is ignored: it is offered over plain http without a digest", file.file_name));
    return false;
  }

  Result<void> read_all_find_links() {
    if (links) return {};
    std::map<python::PackageName, std::vector<ProjectFile>> found;
    for (std::size_t i = 0; i < config.find_links.size(); ++i) {
      TRY_ASSIGN(auto files, read_find_links(config.find_links[i], pages));
      for (auto& file : files)
        if (const auto name = project_of(file.file_name); !name.empty())
          found[name].push_back({.file = std::move(file), .source = i});
    }
    links = std::move(found);
    return {};
  }

  void warn_of_status(const python::PackageName& name, const ProjectPage& page) {
    if (page.status == ProjectStatus::active) return;
    services.reporter.warn(
        fmt::format("`{}` is {} on its index{}", name.value(), status_text(page.status),
                    page.status_reason.empty() ? "" : ": " + page.status_reason));
  }

  Result<Project> read_project(const python::PackageName& name) {
    TRY(read_all_find_links());
    Project project{.name = name};
    std::set<std::string> seen;
    const auto add = [&](ProjectFile file) {
      if (!is_safe(file.file)) return;
      if (seen.insert(file.file.file_name).second) project.files.push_back(std::move(file));
    };
    if (const auto found = links->find(name); found != links->end()) {
      project.known = true;
      for (const auto& file : found->second) add(file);
    }
    for (std::size_t i = 0; i < config.indexes.size(); ++i) {
      if (!consults(i, name)) continue;
      TRY_ASSIGN(auto page,
                 pages.page(page_of(config.indexes[i], name), fmt::format("`{}`", name.value())));
      if (!page) continue;
      project.known = true;
      warn_of_status(name, *page);
      if (page->status == ProjectStatus::quarantined) continue;
      for (auto& file : page->files)
        add({.file = std::move(file), .source = config.find_links.size() + i});
    }
    return project;
  }

  IndexConfig config;
  IndexServices services;
  PageSource pages;
  MetadataSource metadata;
  std::vector<std::string> names{};
  std::optional<std::map<python::PackageName, std::vector<ProjectFile>>> links{};
  std::map<python::PackageName, std::shared_ptr<const Project>> projects{};
};

Index::Index(IndexConfig config, IndexServices services, ReadWheelMetadata read_wheel_metadata)
    : state_(std::make_unique<State>(std::move(config), services, std::move(read_wheel_metadata))) {
}
Index::~Index() = default;

const std::vector<std::string>& Index::sources() const { return state_->names; }

Result<std::shared_ptr<const Project>> Index::project(const python::PackageName& name) {
  auto& entry = state_->projects[name];
  if (!entry) {
    TRY_ASSIGN(auto project, state_->read_project(name));
    entry = std::make_shared<const Project>(std::move(project));
  }
  return entry;
}

void Index::prefetch(const std::vector<python::PackageName>& names) {
  for (const auto& name : names) {
    if (const auto known = state_->projects.find(name);
        known != state_->projects.end() && known->second)
      continue;
    for (std::size_t i = 0; i < state_->config.indexes.size(); ++i)
      if (state_->consults(i, name))
        state_->pages.prefetch(page_of(state_->config.indexes[i], name));
  }
}

Result<std::string> Index::metadata(const ProjectFile& file) {
  return state_->metadata.metadata(file.file);
}

void Index::prefetch_metadata(const std::vector<ProjectFile>& files) {
  for (const auto& file : files) state_->metadata.prefetch(file.file);
}

fetch::Wanted Index::wanted(const ProjectFile& file) const {
  return wanted_file(file.file, state_->config);
}

Result<fetch::Fetched> Index::fetch(const ProjectFile& file) {
  const auto& services = state_->services;
  return fetch::fetch(wanted(file), {services.http, services.blobs, services.clock,
                                     services.reporter, services.offline});
}

}  // namespace cogbuild::pypi
