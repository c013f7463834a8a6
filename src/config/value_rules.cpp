#include "value_rules.hpp"

#include "findings.hpp"

#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace cogbuild::config {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(std::string_view text) {
  return !text.empty() && is_word_start(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_word_start(c) || is_digit(c); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// A small number in digits, nullopt for anything else.
std::optional<int> small_number(std::string_view text) {
  constexpr std::size_t kMostDigits = 6;
  if (text.empty() || text.size() > kMostDigits || !std::ranges::all_of(text, is_digit))
    return std::nullopt;
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

constexpr std::string_view kPythonRange = "cogbuild builds for Python 3.8 and newer";
constexpr std::string_view kUsePython = "set `python_version` to one of \"3.8\" to \"3.14\"";

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::optional<Problem> check_python_version(std::string_view text) {
  const auto parts = split(text, '.');
  std::vector<int> numbers;
  for (const auto part : parts)
    if (const auto number = small_number(part)) numbers.push_back(*number);
  if (numbers.size() != parts.size() || numbers.size() > 3)
    return Problem{fmt::format("`python_version` must be major.minor or major.minor.patch, not {}",
                               literal(text)),
                   std::string(kUsePython)};
  if (numbers.size() == 1)
    return Problem{fmt::format("`python_version` {} has no minor version", literal(text)),
                   std::string(kUsePython)};
  const int major = numbers[0];
  const int minor = numbers[1];
  // Cog 0.22 refuses 3.8 and 3.9; older releases of cog, which the resolver finds, do not.
  constexpr int kOldestMinor = 8;
  if (major > 3 || (major == 3 && minor >= kOldestMinor)) return std::nullopt;
  return Problem{fmt::format("Python {} is not a supported version: {}", text, kPythonRange),
                 major == 3 && minor == 1 ? "did you mean 3.10? Write `python_version: \"3.10\"`"
                                          : std::string(kUsePython)};
}

std::optional<Problem> check_cuda(std::string_view text) {
  constexpr int kOldestMajor = 11;
  const auto parts = split(text, '.');
  const auto major = small_number(parts[0]);
  if (parts.size() < 2 || !major || !small_number(parts[1]))
    return Problem{fmt::format("`cuda` must be major.minor, not {}", literal(text)),
                   "write it as `cuda: \"12.4\"`"};
  if (*major < kOldestMajor)
    return Problem{fmt::format("CUDA {} is not supported: 11.0 is the oldest", text),
                   "set `cuda` to \"11.8\" or newer, or remove it to have one chosen"};
  return std::nullopt;
}

std::optional<Problem> check_sdk_version(std::string_view text) {
  if (text == "prerelease") return std::nullopt;
  const auto version = python::Version::parse(text);
  if (!version)
    return Problem{fmt::format("`sdk_version` {} is not a version (PEP 440)", literal(text)),
                   "write it as `sdk_version: \"0.22.0\"`, or `prerelease`"};
  constexpr std::uint64_t kOldestMinor = 16;
  if (version->epoch() == 0 && version->segment(0) == 0 && version->segment(1) < kOldestMinor)
    return Problem{fmt::format("`sdk_version` {} is too old: 0.16.0 is the oldest", text),
                   "set a newer version, or remove the key for the latest"};
  return std::nullopt;
}

std::optional<Problem> check_entry_point(std::string_view key, std::string_view text) {
  constexpr std::string_view kMark = ".py:";
  const auto at = text.find(kMark);
  const bool once =
      at != std::string_view::npos && at > 0 && text.find(kMark, at + 1) == std::string_view::npos;
  if (once && is_word(text.substr(at + kMark.size()))) return std::nullopt;
  return Problem{fmt::format("`{}` must be `file.py:Name`, not {}", key, literal(text)),
                 key == "train" ? "write it as `train: \"train.py:train\"`"
                                : fmt::format("write it as `{}: \"run.py:Runner\"`", key)};
}

std::optional<Problem> check_model(std::string_view text) {
  const auto last = text.substr(text.rfind('/') + 1);  // npos + 1 == 0: all of it
  const auto plain = [](std::string message) {
    return Problem{std::move(message), "write it as `model: \"registry.example/owner/name\"`"};
  };
  if (text.find("://") != std::string_view::npos)
    return plain(fmt::format("`model` is a repository, not the URL {}", literal(text)));
  if (text.find('@') != std::string_view::npos)
    return plain(fmt::format("`model` must not have a digest: {}", literal(text)));
  if (last.find(':') != std::string_view::npos)
    return plain(fmt::format("`model` must not have a tag: {}", literal(text)));
  const bool clean = std::ranges::all_of(text, [](char c) {
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') ||
           std::string_view("._-/:[]").find(c) != std::string_view::npos;
  });
  if (!clean || last.empty() || text.starts_with('/'))
    return plain(fmt::format("`model` {} is not a repository name", literal(text)));
  return std::nullopt;
}

std::optional<Problem> check_command(std::string_view key, std::string_view text) {
  if (trim(text).empty())
    return Problem{fmt::format("a command of `{}` is empty", key), "remove the item"};
  if (trim(text).find('\n') == std::string_view::npos) return std::nullopt;
  return Problem{fmt::format("a command of `{}` has a line break inside", key),
                 "make each line an item, or join lines with `&&`"};
}

std::optional<Problem> check_environment_name(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kReserved = {
      "PATH",        "LD_LIBRARY_PATH",          "PYTHONPATH",
      "VIRTUAL_ENV", "PYTHONUNBUFFERED",         "LIBRARY_PATH",
      "HF_ENDPOINT", "HF_HUB_ENABLE_HF_TRANSFER"};
  static constexpr std::array<std::string_view, 7> kReservedPrefixes = {
      "R8_", "REPLICATE_", "CUDA_", "NVIDIA_", "NV_", "PGET_", "KUBERNETES_"};
  if (!is_word(name))
    return Problem{fmt::format("{} is not a name for an environment variable", literal(name)),
                   "use letters, digits and `_`, and no digit first"};
  if (std::ranges::find(kReserved, name) != kReserved.end())
    return Problem{fmt::format("the environment variable `{}` is reserved", name),
                   "remove the item: the platform sets this variable"};
  for (const auto prefix : kReservedPrefixes)
    if (name.starts_with(prefix))
      return Problem{fmt::format("the environment variable {} is reserved: names that start with "
                                 "`{}` belong to the platform",
                                 literal(name), prefix),
                     "choose another name"};
  return std::nullopt;
}

std::optional<Problem> check_inline_options(std::string_view requirement) {
  // Comments do not count; `--hash` does belong to one requirement.
  for (std::string_view rest = requirement; !rest.empty();) {
    rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
    const auto word = rest.substr(0, rest.find_first_of(" \t="));
    rest.remove_prefix(std::min(rest.find_first_of(" \t"), rest.size()));
    if (word.starts_with('#')) break;
    if (word.size() < 2 || word.front() != '-' || word == "--hash") continue;
    return Problem{
        fmt::format("the option {} cannot apply to one package: it applies to the whole list",
                    literal(word)),
        "move the packages to a requirements file with the option on a line of its own, and name "
        "the file in `python_requirements`"};
  }
  return std::nullopt;
}

std::optional<Problem> check_weight_name(std::string_view text) {
  // ^[a-z0-9]+(?:[._-][a-z0-9]+)*$
  bool separator = true;
  bool good = !text.empty();
  for (const char c : text) {
    const bool is_separator = c == '.' || c == '_' || c == '-';
    good = good && (is_separator ? !separator : is_lower_alnum(c));
    separator = is_separator;
  }
  if (good && !separator) return std::nullopt;
  return Problem{fmt::format("{} is not a name for weights", literal(text)),
                 "use lower-case letters and digits, with single `.`, `_` or `-` between them"};
}

std::optional<Problem> check_weight_target(std::string_view text) {
  if (!text.starts_with('/'))
    return Problem{fmt::format("`target` {} is not an absolute path", literal(text)),
                   fmt::format("write it as `target: /{}`", text.substr(0, 80))};
  std::size_t names = 0;
  for (const auto part : split(text, '/')) {
    if (part == "." || part == "..")
      return Problem{fmt::format("`target` {} contains `{}`", literal(text), part),
                     "write the path without it"};
    if (!part.empty()) ++names;
  }
  if (names == 0)
    return Problem{"`target` must not be `/`", "name a directory such as `/src/weights`"};
  return std::nullopt;
}

std::optional<Problem> check_weight_uri(std::string_view text) {
  constexpr std::string_view kAllowed =
      "use a path in the project, file://, hf://, huggingface://, http:// or https://";
  const auto scheme_end = text.find("://");
  const auto scheme =
      scheme_end == std::string_view::npos ? std::string_view() : text.substr(0, scheme_end);
  const auto rest = scheme.empty() ? text : text.substr(scheme_end + 3);
  if (scheme.empty() || scheme == "file") {
    std::size_t names = 0;
    for (const auto part : split(rest, '/')) {
      if (part == "..")
        return Problem{fmt::format("`uri` {} contains `..`", literal(text)),
                       "name a directory inside the project, or write an absolute path"};
      if (!part.empty() && part != ".") ++names;
    }
    if (names == 0)
      return Problem{fmt::format("`uri` {} names no directory", literal(text)),
                     "name a directory below the project, such as `weights`"};
    return std::nullopt;
  }
  if (scheme == "hf" || scheme == "huggingface") {
    const auto repository = rest.substr(0, rest.find('@'));
    const auto slash = repository.find('/');
    const bool two_parts = slash != std::string_view::npos && slash > 0 &&
                           slash + 1 < repository.size() &&
                           repository.find('/', slash + 1) == std::string_view::npos;
    if (two_parts && !rest.ends_with('@')) return std::nullopt;
    return Problem{fmt::format("`uri` {} names no repository", literal(text)),
                   "write it as `hf://owner/name` or `hf://owner/name@revision`"};
  }
  if (scheme == "http" || scheme == "https") {
    const auto host = rest.substr(0, rest.find('/'));
    if (host.find('@') != std::string_view::npos)
      return Problem{"`uri` must not hold credentials",
                     "remove the part before `@` in the URL: the image would reveal it"};
    if (!host.empty() && host.size() + 1 < rest.size() && !rest.ends_with('/')) return std::nullopt;
    return Problem{fmt::format("`uri` {} names no file", literal(text)),
                   "give the URL of one file, with its name at the end"};
  }
  return Problem{fmt::format("`uri` has the unknown scheme {}", literal(scheme)),
                 std::string(kAllowed)};
}

std::optional<Problem> check_weight_pattern(std::string_view text) {
  const auto pattern = trim(text);
  if (pattern.empty()) return Problem{"a pattern is empty", "remove the item"};
  if (pattern.starts_with('!'))
    return Problem{fmt::format("the pattern {} starts with `!`", literal(text)),
                   "use `include` for what to keep and `exclude` for what to leave out"};
  if (pattern.find('\\') != std::string_view::npos)
    return Problem{fmt::format("the pattern {} contains a backslash", literal(text)),
                   "separate folders with `/`"};
  return std::nullopt;
}

}  // namespace cogbuild::config
