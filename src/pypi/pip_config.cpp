#include <cogbuild/pypi/index_config.hpp>

#include <algorithm>

namespace cogbuild::pypi {

namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\f\v";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string normal_key(std::string_view key) {
  std::string out(trim(key));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  while (out.starts_with('-')) out.erase(0, 1);
  return out;
}

std::string variable(const std::map<std::string, std::string>& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

}  // namespace

// The format of Python's configparser, as far as pip uses it: `[section]`, `key = value` or
// `key: value`, comments with `#` or `;` on lines of their own, deeper indented lines go on a
// value.
std::map<std::string, std::string> parse_pip_config(std::string_view text) {
  std::map<std::string, std::string> values;
  std::string section;
  std::string* open_value = nullptr;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::string_view content = trim(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    const bool indented = line.front() == ' ' || line.front() == '\t';
    if (indented && open_value != nullptr) {
      *open_value += "\n";
      *open_value += content;
      continue;
    }
    open_value = nullptr;
    if (content.front() == '[' && content.back() == ']') {
      section = trim(content.substr(1, content.size() - 2));
      continue;
    }
    const auto separator = content.find_first_of("=:");
    if (separator == std::string_view::npos) continue;
    std::string& value = values[section + "." + normal_key(content.substr(0, separator))];
    value = trim(content.substr(separator + 1));
    open_value = &value;
  }
  return values;
}

std::vector<std::filesystem::path> pip_config_paths(
    const std::map<std::string, std::string>& variables) {
  const std::string chosen = variable(variables, "PIP_CONFIG_FILE");
  if (chosen == "/dev/null") return {};
  std::vector<std::filesystem::path> paths = {"/etc/pip.conf"};
  const std::filesystem::path home = variable(variables, "HOME");
  const std::filesystem::path config = variable(variables, "XDG_CONFIG_HOME");
  if (!home.empty()) paths.push_back(home / ".pip" / "pip.conf");
  if (!config.empty())
    paths.push_back(config / "pip" / "pip.conf");
  else if (!home.empty())
    paths.push_back(home / ".config" / "pip" / "pip.conf");
  if (!chosen.empty()) paths.emplace_back(chosen);
  return paths;
}

// `machine HOST login L password P account A`, `default …`, `macdef NAME` up to an empty line;
// tokens divided by space, in quotes when they hold some.
NetrcEntry find_netrc_entry(std::string_view text, std::string_view host) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++i;
    } else if (c == '#' && (i == 0 || text[i - 1] == '\n')) {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"') {
      std::string token;
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        token += text[i];
      }
      ++i;
      tokens.push_back(std::move(token));
    } else {
      const auto end = std::min(text.find_first_of(" \t\r\n", i), text.size());
      tokens.emplace_back(text.substr(i, end - i));
      i = end;
      if (tokens.back() == "macdef") {
        tokens.pop_back();
        i = std::min(text.find("\n\n", i), text.size());
      }
    }
  }
  NetrcEntry found;
  NetrcEntry fallback;
  NetrcEntry* entry = nullptr;
  bool matched = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool has_value = i + 1 < tokens.size();
    if (tokens[i] == "machine" && has_value) {
      if (matched) break;
      matched = tokens[++i] == host;
      entry = matched ? &found : nullptr;
    } else if (tokens[i] == "default") {
      if (matched) break;
      entry = &fallback;
    } else if (tokens[i] == "login" && has_value) {
      ++i;
      if (entry != nullptr) entry->login = tokens[i];
    } else if (tokens[i] == "password" && has_value) {
      ++i;
      if (entry != nullptr) entry->password = tokens[i];
    } else if (tokens[i] == "account") {
      ++i;
    }
  }
  return matched ? found : fallback;
}

}  // namespace cogbuild::pypi
