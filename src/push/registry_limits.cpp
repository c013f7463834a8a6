#include <cogbuild/push/registry_limits.hpp>

#include <array>

namespace cogbuild::push {

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;
constexpr std::uint64_t kGiB = 1024 * kMiB;

// `name` is a whole host name, or with a leading dot all hosts below it.
struct Limit {
  std::string_view name{};
  std::uint64_t layer_bytes = 0;
};

// Only limits that an operator states for its whole service: a wrong entry here refuses a push that
// would have worked. Self-hosted servers (Harbor, Quay, Nexus) have settings, so they are not
// listed.
constexpr std::array kLimits{
    Limit{.name = "ghcr.io", .layer_bytes = 10 * kGiB},
    Limit{.name = "public.ecr.aws", .layer_bytes = 10'000 * kMiB},
    Limit{.name = ".amazonaws.com", .layer_bytes = 52'000 * kMiB},
    Limit{.name = ".amazonaws.com.cn", .layer_bytes = 52'000 * kMiB},
    Limit{.name = ".azurecr.io", .layer_bytes = 200 * kGiB},
};

}  // namespace

std::optional<std::uint64_t> largest_layer_bytes(std::string_view registry) {
  const std::string_view host = registry.substr(0, registry.find(':'));
  for (const Limit& limit : kLimits) {
    const bool matches =
        limit.name.starts_with('.') ? host.ends_with(limit.name) : host == limit.name;
    if (matches) return limit.layer_bytes;
  }
  return std::nullopt;
}

}  // namespace cogbuild::push
