#include "scripts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace cogbuild::realise {

namespace {

// The kernel reads at most 127 bytes of a `#!` line and takes the rest of it as one argument;
// longer or spaced paths go through a shell that Python reads as a string.
std::string shebang(const std::string& interpreter) {
  constexpr std::size_t kLongest = 127 - 3;
  if (interpreter.size() <= kLongest && interpreter.find(' ') == std::string::npos)
    return "#!" + interpreter + "\n";
  return fmt::format("#!/bin/sh\n'''exec' \"{}\" \"$0\" \"$@\"\n' '''\n", interpreter);
}

}  // namespace

bool is_interpreter_name(std::string_view name) {
  if (name.starts_with("pypy")) return true;
  if (!name.starts_with("python")) return false;
  return std::ranges::all_of(name.substr(6),
                             [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

std::string entry_point_script(const std::string& interpreter, const python::EntryPoint& entry) {
  const std::string first = entry.attribute.substr(0, entry.attribute.find('.'));
  return fmt::format(
      "{}import sys\nfrom {} import {}\nif __name__ == \"__main__\":\n    sys.exit({}())\n",
      shebang(interpreter), entry.module, first, entry.attribute);
}

std::optional<std::string> with_interpreter(std::string_view script,
                                            const std::string& interpreter) {
  constexpr std::string_view kMark = "#!python";
  if (!script.starts_with(kMark)) return std::nullopt;
  auto rest = script.substr(kMark.size());
  if (rest.starts_with('w')) rest.remove_prefix(1);
  if (!rest.empty() && rest.front() != '\n' && rest.front() != '\r' && rest.front() != ' ')
    return std::nullopt;
  const auto end = rest.find('\n');
  return shebang(interpreter) +
         std::string(end == std::string_view::npos ? "" : rest.substr(end + 1));
}

std::string direct_url_json(const std::string& url, const digest::Digest& digest) {
  nlohmann::ordered_json document;
  // `hash` is the older spelling, the only one that `pip freeze` repeats.
  document["archive_info"]["hash"] = "sha256=" + digest.hex();
  document["archive_info"]["hashes"]["sha256"] = digest.hex();
  document["url"] = url;
  return document.dump();
}

}  // namespace cogbuild::realise
