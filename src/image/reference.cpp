#include <cogbuild/image/reference.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cogbuild::image {

namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxTagBytes = 128;

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Error not_a_name(std::string_view text, const std::string& why) {
  return Error(ErrorKind::config,
               fmt::format("`{}` is not an image name: {}", text.substr(0, 300), why));
}

bool is_host(std::string_view component) {
  return component == "localhost" || component.find_first_of(".:") != std::string_view::npos;
}

// host[:port]; the host is a DNS name, an IPv4 address or an IPv6 address in brackets.
bool is_valid_host(std::string_view text) {
  std::string_view host = text;
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const std::string_view address = host.substr(1, end - 1);
    if (!std::ranges::all_of(address, [](char c) {
          return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
        }))
      return false;
    host.remove_prefix(end + 1);
    if (host.empty()) return true;
    if (host[0] != ':') return false;
  } else {
    const std::string_view name = host.substr(0, host.find(':'));
    host.remove_prefix(name.size());
    if (name.empty()) return false;
    char previous = '.';
    for (const char c : name) {
      if (!is_lower_alnum(c) && c != '-' && c != '.') return false;
      if ((c == '.' || c == '-') && previous == '.') return false;
      if (c == '.' && previous == '-') return false;
      previous = c;
    }
    if (previous == '.' || previous == '-') return false;
    if (host.empty()) return true;
  }
  const std::string_view port = host.substr(1);
  return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool is_valid_component(std::string_view component) {
  if (component.empty() || !is_lower_alnum(component.front()) || !is_lower_alnum(component.back()))
    return false;
  for (std::size_t i = 0; i < component.size();) {
    if (is_lower_alnum(component[i])) {
      ++i;
      continue;
    }
    const auto end = std::min(component.find_first_not_of("._-", i), component.size());
    const std::string_view separator = component.substr(i, end - i);
    if (separator.empty()) return false;
    const bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (!dashes && separator != "." && separator != "_" && separator != "__") return false;
    i = end;
  }
  return true;
}

bool is_valid_repository(std::string_view repository) {
  for (std::string_view rest = repository;;) {
    const auto slash = rest.find('/');
    if (!is_valid_component(rest.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

bool is_valid_tag(std::string_view tag) {
  const auto is_word = [](char c) { return is_lower_alnum(to_lower(c)) || c == '_'; };
  return !tag.empty() && tag.size() <= kMaxTagBytes && is_word(tag.front()) &&
         std::ranges::all_of(tag, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

}  // namespace

Result<Reference> parse_reference(std::string_view text) {
  if (text.find("://") != std::string_view::npos)
    return fail(
        not_a_name(text, "it holds a scheme").hint("write it without `http://` or `https://`"));

  Reference reference;
  std::string_view name = text;
  if (const auto at = name.find('@'); at != std::string_view::npos) {
    auto digest = digest::Digest::parse(name.substr(at + 1));
    if (!digest) return fail(not_a_name(text, digest.error().message()));
    reference.digest = *digest;
    name = name.substr(0, at);
  }
  if (const auto colon = name.rfind(':');
      colon != std::string_view::npos && name.find('/', colon) == std::string_view::npos) {
    reference.tag = name.substr(colon + 1);
    if (!is_valid_tag(reference.tag))
      return fail(
          not_a_name(text, fmt::format("`{}` is not a tag",
                                       std::string_view(reference.tag).substr(0, 200)))
              .hint(
                  "a tag has up to 128 letters, digits, `_`, `.` and `-`, and starts with none of "
                  "the last two"));
    name = name.substr(0, colon);
  }

  const auto slash = name.find('/');
  if (slash != std::string_view::npos && is_host(name.substr(0, slash))) {
    reference.registry = name.substr(0, slash);
    std::ranges::transform(reference.registry, reference.registry.begin(), to_lower);
    if (!is_valid_host(reference.registry))
      return fail(not_a_name(text, fmt::format("`{}` is not a host", name.substr(0, slash))));
    name = name.substr(slash + 1);
    // The names under which Docker Hub goes too.
    if (reference.registry == "index.docker.io" || reference.registry == "registry-1.docker.io")
      reference.registry = "docker.io";
  } else {
    reference.registry = "docker.io";
  }

  if (name.empty()) return fail(not_a_name(text, "the repository is missing"));
  reference.repository = name;
  if (!is_valid_repository(reference.repository)) {
    Error error = not_a_name(text, fmt::format("`{}` is not a repository", name.substr(0, 300)));
    if (std::ranges::any_of(name, [](char c) { return c != to_lower(c); }))
      return fail(std::move(error).hint("repositories are written in lower case"));
    return fail(
        std::move(error).hint("a repository has lower-case letters and digits, with single `.`, "
                              "`_`, `-` or `/` between"));
  }
  if (reference.registry == "docker.io" && name.find('/') == std::string_view::npos)
    reference.repository = "library/" + reference.repository;
  if (reference.registry.size() + 1 + reference.repository.size() > kMaxNameBytes)
    return fail(not_a_name(text, fmt::format("it is longer than {} characters", kMaxNameBytes)));
  if (reference.tag.empty() && !reference.digest) reference.tag = "latest";
  return reference;
}

std::string to_string(const Reference& reference) {
  std::string text = reference.registry + "/" + reference.repository;
  if (!reference.tag.empty()) text += ":" + reference.tag;
  if (reference.digest) text += "@" + to_string(*reference.digest);
  return text;
}

}  // namespace cogbuild::image
