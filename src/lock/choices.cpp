#include "choice_fields.hpp"

#include <cogbuild/url/url.hpp>

namespace cogbuild::lock {
namespace {

std::string hide(const std::string& location) {
  if (location.find("://") == std::string::npos) return location;
  const auto parsed = url::parse(location);
  if (!parsed) return {};
  return parsed->has_credentials() ? url::to_string(*parsed) : location;
}

void hide_in(std::optional<std::string>& value) {
  if (value) value = hide(*value);
}
void hide_in(std::optional<std::vector<std::string>>& values) {
  if (!values) return;
  for (auto& value : *values) value = hide(value);
}

}  // namespace

Choices merge(Choices newer, const Choices& older) {
  for_each_choice([&](const char*, auto field) {
    if (!(newer.*field)) newer.*field = older.*field;
  });
  return newer;
}

Choices without_credentials(Choices choices) {
  hide_in(choices.index_url);
  hide_in(choices.extra_index_urls);
  hide_in(choices.find_links);
  hide_in(choices.torch_index);
  return choices;
}

}  // namespace cogbuild::lock
