// room: registry
#include <cogbuild/registry/credentials.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild::registry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_helper_answer(text);
  const auto config = parse_docker_config(text);
  if (!config) return 0;
  (void)config->helper_for("r8.im");
  (void)config->find("quay.io", "team/app");
  const Credentials credentials{.username = "me", .password = "secret"};
  const auto logged_in = with_login(text, "r8.im", credentials);
  if (!logged_in) return 0;
  const auto again = parse_docker_config(*logged_in);
  if (!again || again->find("r8.im") != credentials) std::abort();
  return 0;
}
