// room: debian
#include <cogbuild/debian/clear_signed.hpp>
#include <cogbuild/debian/release.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace cogbuild;

void check(std::string_view text) {
  const auto release = debian::parse_release(text, "Release");
  if (!release) {
    (void)render(release.error());
    return;
  }
  for (const auto& file : release->files) {
    if (file.path.starts_with('/') || file.path.find("/../") != std::string::npos) std::abort();
    if (release->find(file.path) == nullptr) std::abort();
    (void)debian::by_hash_path(file);
  }
  // A date that was read is printed so that it can be read again.
  const auto printed = debian::to_release_date(release->date);
  const auto again = debian::parse_release_date(printed);
  if (!again || *again != release->date) std::abort();
  (void)debian::check(*release, {.asked_suite = "bookworm", .mirror = "m", .now = release->date});
}

}  // namespace

// Any bytes as Release and as InRelease.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text);
  const auto parts = debian::split_clear_signed(text);
  if (!parts) {
    (void)render(parts.error());
    return 0;
  }
  if (parts->body.size() + parts->signature.size() > text.size()) std::abort();
  check(parts->body);
  return 0;
}
