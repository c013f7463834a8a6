#include "direct_source.hpp"

#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/pypi/wheel_metadata.hpp>
#include <cogbuild/python/wheel_name.hpp>
#include <cogbuild/resolve/index_source.hpp>
#include <cogbuild/url/url.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::resolve {
namespace {

class IndexSource final : public DistributionSource {
 public:
  IndexSource(const pypi::IndexConfig& config, const pypi::IndexServices& services,
              const io::Tree& project, const GitAccess& git)
      : config_(config),
        services_(services),
        project_(project),
        index_(config, services, pypi::read_wheel_metadata),
        direct_(config_, services_, project, git) {
    for (const auto& name : index_.sources()) source_names_.push_back(relative_to_project(name));
  }

  Result<std::shared_ptr<const Releases>> releases(const python::PackageName& name) override {
    auto& releases = releases_[name];
    if (!releases) {
      TRY_ASSIGN(auto project, index_.project(name));
      releases = std::make_shared<IndexReleases>(*this, std::move(project));
    }
    return releases;
  }

  void prefetch(const std::vector<python::PackageName>& names) override { index_.prefetch(names); }

  Result<std::string> metadata(const DistributionFile& file) override {
    if (DirectSource::knows(file)) return direct_.metadata(file);
    return index_.metadata(known_.at(file.handle));
  }

  void prefetch_metadata(const std::vector<DistributionFile>& files) override {
    for (const auto& file : files) {
      if (!DirectSource::knows(file))
        index_.prefetch_metadata(known_.at(file.handle), file.handle);
      else if (direct_prefetched_.insert(file.handle).second)
        direct_arrivals_.push_back(file.handle);
    }
  }

  Arrivals wait() override {
    Arrivals out{.metadata = std::exchange(direct_arrivals_, {})};
    if (!out.empty()) return out;
    auto arrivals = index_.wait();
    out.projects = std::move(arrivals.projects);
    out.metadata = std::move(arrivals.metadata);
    return out;
  }

  Result<DistributionFile> direct(const std::string& location) override {
    return direct_.direct(location);
  }

  Result<FileIdentity> identify(const DistributionFile& file) override {
    if (DirectSource::knows(file)) return direct_.identify(file);
    const pypi::ProjectFile& known = known_.at(file.handle);
    const auto digest = known.file.sha256();
    if (digest && file.size_bytes)
      return FileIdentity{.digest = *digest, .size_bytes = *file.size_bytes};
    TRY_ASSIGN(const auto fetched, index_.fetch(known));
    return FileIdentity{.digest = fetched.digest, .size_bytes = fetched.size_bytes};
  }

 private:
  // A project's releases; the files of one are decoded once and keep their handles.
  class IndexReleases final : public Releases {
   public:
    IndexReleases(IndexSource& source, std::shared_ptr<const pypi::Project> project)
        : source_(source), project_(std::move(project)) {}
    [[nodiscard]] const std::vector<python::Version>& versions() const override {
      return project_->versions();
    }
    [[nodiscard]] std::vector<DistributionFile> files(std::size_t position) const override {
      const auto [entry, is_new] = files_.try_emplace(position);
      if (is_new)
        for (auto& file : project_->files(position))
          entry->second.push_back(source_.keep(std::move(file)));
      return entry->second;
    }

   private:
    IndexSource& source_;
    std::shared_ptr<const pypi::Project> project_;
    mutable std::map<std::size_t, std::vector<DistributionFile>> files_{};  // by position
  };

  DistributionFile keep(pypi::ProjectFile of_index) {
    const pypi::File& listed = of_index.file;
    DistributionFile file{.form = python::is_wheel_file_name(listed.file_name)
                                      ? lock::Form::wheel
                                      : lock::Form::source_archive,
                          .file_name = listed.file_name,
                          .location = location_of(listed.url),
                          .index = source_names_.at(of_index.source),
                          .hashes = listed.hashes,
                          .size_bytes = listed.size_bytes,
                          .requires_python = listed.requires_python,
                          .yanked = listed.yanked,
                          .yanked_reason = listed.yanked_reason,
                          .upload_time = listed.upload_time,
                          .handle = known_.size()};
    known_.push_back(std::move(of_index));
    return file;
  }

  // Paths below the project are named relative to it, so that the lock says the same on any
  // machine.
  [[nodiscard]] std::string relative_to_project(const std::string& path) const {
    const std::string root = project_.disk_path("").lexically_normal().string();
    const std::string prefix = root.ends_with('/') ? root : root + "/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
  }
  [[nodiscard]] std::string location_of(const url::Url& url) const {
    if (url.scheme != "file") return url::to_string(url);
    return relative_to_project(url::percent_decode(url.path));
  }

  pypi::IndexConfig config_;
  pypi::IndexServices services_;
  const io::Tree& project_;
  pypi::Index index_;
  DirectSource direct_;
  std::vector<std::string> source_names_{};  // as the lock records them
  std::vector<pypi::ProjectFile> known_{};   // by handle
  std::map<python::PackageName, std::shared_ptr<const Releases>> releases_{};
  std::set<std::size_t> direct_prefetched_{};
  std::vector<std::size_t> direct_arrivals_{};  // not told yet
};

}  // namespace

std::unique_ptr<DistributionSource> open_index_source(const pypi::IndexConfig& config,
                                                      const pypi::IndexServices& services,
                                                      const io::Tree& project,
                                                      const GitAccess& git) {
  return std::make_unique<IndexSource>(config, services, project, git);
}

}  // namespace cogbuild::resolve
