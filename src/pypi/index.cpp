#include "arrival_queue.hpp"
#include "find_links.hpp"
#include "framework_index.hpp"
#include "merged_project.hpp"
#include "metadata_source.hpp"
#include "page_source.hpp"

#include <cogbuild/pypi/index.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace cogbuild::pypi {

namespace {

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

// Sources that are asked together; those of the first stage that knows a project supply all of it.
using Stage = std::vector<std::size_t>;

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
    if (config.framework_index) names.push_back(url::to_display(*config.framework_index));
  }

  [[nodiscard]] std::size_t framework_source() const {
    return config.find_links.size() + config.indexes.size();
  }
  [[nodiscard]] bool is_find_links(std::size_t source) const {
    return source < config.find_links.size();
  }
  [[nodiscard]] const url::Url& index_of(std::size_t source) const {
    return source == framework_source() ? *config.framework_index
                                        : config.indexes.at(source - config.find_links.size());
  }
  [[nodiscard]] PageAddress page_of(std::size_t source, const python::PackageName& name) const {
    PageAddress address{.url = index_of(source), .project = name};
    address.url.path += name.value() + "/";
    return address;
  }

  // Whether an index is to be asked about a project.
  [[nodiscard]] bool consults(std::size_t position, const python::PackageName& name) const {
    const bool is_main = position == 0;
    return is_main || !is_framework_index(config.indexes[position]) ||
           framework_index_publishes(name);
  }

  [[nodiscard]] std::vector<Stage> stages_for(const python::PackageName& name) const {
    std::vector<Stage> stages;
    Stage together;
    for (std::size_t i = 0; i < config.find_links.size(); ++i) together.push_back(i);
    // A wheel that the user lays out himself comes before any build of the framework's site.
    if (config.framework_index && framework_index_publishes(name)) {
      stages.push_back(together);
      stages.push_back({framework_source()});
    }
    if (config.strategy == IndexStrategy::first_index) {
      stages.push_back(std::exchange(together, {}));
      for (std::size_t i = 1; i < config.indexes.size(); ++i)
        if (consults(i, name)) stages.push_back({config.find_links.size() + i});
      if (!config.indexes.empty()) stages.push_back({config.find_links.size()});
      return stages;
    }
    for (std::size_t i = 0; i < config.indexes.size(); ++i)
      if (consults(i, name)) together.push_back(config.find_links.size() + i);
    stages.push_back(std::move(together));
    return stages;
  }

  Result<void> read_all_find_links() {
    if (links) return {};
    std::map<python::PackageName, std::vector<SourceListing>> found;
    for (std::size_t i = 0; i < config.find_links.size(); ++i) {
      TRY_ASSIGN(auto files, read_find_links(config.find_links[i], pages));
      std::map<python::PackageName, std::vector<File>> by_project;
      for (auto& file : files)
        if (const auto name = project_of(file.file_name); !name.empty())
          by_project[name].push_back(std::move(file));
      for (auto& [name, listed] : by_project)
        found[name].push_back(
            {.source = i, .listing = std::make_shared<GroupedFiles>(name, std::move(listed))});
    }
    links = std::move(found);
    return {};
  }

  // Lists of many projects are needed first of all, whichever project is asked about.
  void prefetch_find_links() {
    if (links || std::exchange(find_links_asked, true)) return;
    for (const auto& place : config.find_links)
      if (const auto url = url::parse(place); url && url->scheme != "file")
        pages.prefetch({.url = *url}, {});
  }

  void warn_of_status(const python::PackageName& name, const StoredPage::Head& head) {
    if (head.status == ProjectStatus::active) return;
    services.reporter.warn(
        fmt::format("`{}` is {} on its index{}", name.value(), status_text(head.status),
                    head.status_reason.empty() ? "" : ": " + head.status_reason));
  }

  // Adds what a source lists; returns whether it knows the project.
  Result<bool> add_listing(std::size_t source, const python::PackageName& name,
                           std::vector<SourceListing>& listings) {
    if (is_find_links(source)) {
      const auto found = links->find(name);
      if (found == links->end()) return false;
      const auto of_source = std::ranges::find(found->second, source, &SourceListing::source);
      if (of_source == found->second.end()) return false;
      listings.push_back(*of_source);
      return true;
    }
    auto page = pages.page(page_of(source, name));
    if (!page) {
      if (source != framework_source() || page.error().kind() != ErrorKind::network)
        return fail(std::move(page).error());
      return fail(std::move(page).error().hint(
          "set --torch-backend none, or --torch-index URL for a mirror"));
    }
    if (!*page) return false;
    warn_of_status(name, (*page)->head());
    if ((*page)->head().status != ProjectStatus::quarantined)
      listings.push_back({.source = source, .listing = *std::move(page)});
    return true;
  }

  Result<std::shared_ptr<const Project>> read_project(const python::PackageName& name) {
    TRY(read_all_find_links());
    bool known = false;
    std::vector<SourceListing> listings;
    for (const Stage& stage : stages_for(name)) {
      for (const std::size_t source : stage) {
        TRY_ASSIGN(const bool knows, add_listing(source, name, listings));
        known = known || knows;
      }
      if (known) break;
    }
    return std::make_shared<const MergedProject>(merging, known, std::move(listings));
  }

  // Starts what can be asked about a project now; false when an answer that decides what to ask
  // next, or the last one, is under way.
  bool advance(const python::PackageName& name, const std::function<void()>& on_done) {
    for (const Stage& stage : stages_for(name)) {
      bool waits = false;
      bool known = false;
      for (const std::size_t source : stage) {
        if (is_find_links(source)) {
          known = known || (links && links->contains(name));
          continue;
        }
        const Standing standing = pages.prefetch(page_of(source, name), on_done);
        waits = waits || standing == Standing::under_way;
        known = known || standing == Standing::listed || standing == Standing::failed;
      }
      if (waits) return false;
      if (known) return true;
    }
    return true;
  }

  struct Expected {
    python::PackageName project{};  // empty: the metadata of a file
    std::size_t ticket = 0;
    bool arrived = false;
  };

  void arrive(Expected& entry) {
    if (std::exchange(entry.arrived, true)) return;
    ++arrived_count;
    if (entry.project.empty())
      arrivals.metadata.push_back(entry.ticket);
    else
      arrivals.projects.push_back(entry.project);
  }

  IndexConfig config;
  IndexServices services;
  PageSource pages;
  MetadataSource metadata;
  std::vector<std::string> names{};
  std::set<std::string> warned{};
  MergeContext merging{config, names, services.reporter, warned};
  std::optional<std::map<python::PackageName, std::vector<SourceListing>>> links{};
  bool find_links_asked = false;
  std::map<python::PackageName, std::shared_ptr<const Project>> projects{};

  ArrivalQueue queue{};
  std::deque<Expected> expected{};  // by key of the queue
  std::size_t arrived_count = 0;
  Arrivals arrivals{};  // not told yet
  std::set<python::PackageName> expected_projects{};
  std::set<std::size_t> expected_tickets{};
};

Index::Index(IndexConfig config, IndexServices services, ReadWheelMetadata read_wheel_metadata)
    : state_(std::make_unique<State>(std::move(config), services, std::move(read_wheel_metadata))) {
}
Index::~Index() = default;

const std::vector<std::string>& Index::sources() const { return state_->names; }

Result<std::shared_ptr<const Project>> Index::project(const python::PackageName& name) {
  auto& entry = state_->projects[name];
  if (!entry) {
    TRY_ASSIGN(entry, state_->read_project(name));
  }
  return entry;
}

void Index::prefetch(const std::vector<python::PackageName>& names) {
  state_->prefetch_find_links();
  for (const auto& name : names) {
    if (!state_->expected_projects.insert(name).second) continue;
    const std::size_t key = state_->expected.size();
    auto& entry = state_->expected.emplace_back(State::Expected{.project = name});
    if (const auto known = state_->projects.find(name);
        (known != state_->projects.end() && known->second) ||
        state_->advance(name, state_->queue.announcer(key)))
      state_->arrive(entry);
  }
}

Result<std::string> Index::metadata(const ProjectFile& file) {
  return state_->metadata.metadata(file.file);
}

void Index::prefetch_metadata(const ProjectFile& file, std::size_t ticket) {
  if (!state_->expected_tickets.insert(ticket).second) return;
  const std::size_t key = state_->expected.size();
  auto& entry = state_->expected.emplace_back(State::Expected{.ticket = ticket});
  if (!state_->metadata.prefetch(file.file, state_->queue.announcer(key))) state_->arrive(entry);
}

Arrivals Index::wait() {
  State& state = *state_;
  bool patient = state.arrivals.empty();
  do {
    patient = patient && state.arrived_count < state.expected.size();
    for (const std::size_t key : state.queue.take(patient)) {
      auto& entry = state.expected[key];
      if (entry.project.empty() || state.advance(entry.project, state.queue.announcer(key)))
        state.arrive(entry);
    }
  } while (patient && state.arrivals.empty());
  return std::exchange(state.arrivals, {});
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
