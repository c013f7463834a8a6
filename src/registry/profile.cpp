#include <cogbuild/registry/profile.hpp>

#include <array>

namespace cogbuild::registry {

namespace {

using enum UploadMode;

constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;

// `name` is a whole host name, or with a leading dot all hosts below it.
struct Entry {
  std::string_view name{};
  Profile profile{};
};

std::array<Entry, 11> entries() {
  const Profile google{.modes = {whole_put, whole_patch}, .takes_ranges = false};
  const Profile amazon{.last_chunk_in_put = true};
  return {{
      {.name = "ghcr.io",
       .profile = {.modes = {whole_patch, whole_put, chunks}, .largest_chunk_bytes = 4 * kMiB}},
      {.name = "gcr.io", .profile = google},
      {.name = ".gcr.io", .profile = google},
      {.name = ".pkg.dev", .profile = google},
      {.name = "public.ecr.aws", .profile = {.tells_ranges = false, .last_chunk_in_put = true}},
      {.name = ".amazonaws.com", .profile = amazon},
      {.name = ".amazonaws.com.cn", .profile = amazon},
      {.name = "docker.io", .profile = {.modes = {whole_patch, chunks}}},
      {.name = ".jfrog.io", .profile = {.modes = {whole_patch, chunks}}},
      // Behind a front end that takes some 100 MB per request; Cog sends 96 MiB too.
      {.name = "r8.im", .profile = {.chunk_bytes = 96 * kMiB}},
      {.name = ".azurecr.io", .profile = {}},
  }};
}

}  // namespace

Profile profile_for(std::string_view registry) {
  const std::string_view host = registry.substr(0, registry.find(':'));
  for (const Entry& entry : entries()) {
    const bool matches =
        entry.name.starts_with('.') ? host.ends_with(entry.name) : host == entry.name;
    if (matches) return entry.profile;
  }
  return {};
}

}  // namespace cogbuild::registry
