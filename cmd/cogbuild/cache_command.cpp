#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/build/reachable.hpp>
#include <cogbuild/store/collect.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace cogbuild::cmd {

namespace {

struct PruneCommand {
  int days = 14;
  bool dry_run = false;
};

Result<void> run_show(Session& session) {
  TRY_ASSIGN(auto* const services, session.services());
  TRY_ASSIGN(const auto reachable, build::reachable_blobs(services->blobs, services->keys));
  TRY_ASSIGN(const auto usage, store::usage(services->blobs, reachable));
  TRY_ASSIGN(const auto tags, services->keys.list(store::Table::tag));
  session.write_result(
      fmt::format("{} blobs, {}\nof these {} in images that have a name, {}\n{} image names\n",
                  usage.blobs, in_megabytes(usage.bytes), usage.reachable_blobs,
                  in_megabytes(usage.reachable_bytes), tags.size()));
  for (const auto& [name, manifest] : tags)
    session.write_result(fmt::format("{}  {}\n", manifest, name));
  return {};
}

Result<void> run_prune(const PruneCommand& command, Session& session) {
  TRY_ASSIGN(auto* const services, session.services());
  TRY_ASSIGN(auto reachable, build::reachable_blobs(services->blobs, services->keys));
  const auto since = services->clock.now() - std::chrono::hours(24) * command.days;
  TRY_ASSIGN(const auto pruned, store::prune(services->blobs, services->keys,
                                             {.reachable = std::move(reachable),
                                              .keep_since = since,
                                              .dry_run = command.dry_run}));
  session.write_result(fmt::format("{} {} blobs, {}, and {} index entries\n",
                                   command.dry_run ? "would remove" : "removed", pruned.blobs,
                                   in_megabytes(pruned.bytes), pruned.entries));
  return {};
}

}  // namespace

void add_cache_command(CLI::App& app, Session& session) {
  CLI::App* sub = app.add_subcommand("cache", "Show or prune what is kept between builds");
  sub->require_subcommand(1);
  sub->add_subcommand("show", "How much is kept, and which images")->callback([&session] {
    session.finish(run_show(session));
  });
  auto command = std::make_shared<PruneCommand>();
  CLI::App* prune =
      sub->add_subcommand("prune", "Remove what no named image needs and nobody used lately");
  prune->add_option("--keep-days", command->days, "Keep what was used in the last N days")
      ->capture_default_str()
      ->check(CLI::Range(0, 3650));
  prune->add_flag("--dry-run", command->dry_run, "Only say what would go");
  prune->callback([command, &session] { session.finish(run_prune(*command, session)); });
}

}  // namespace cogbuild::cmd
