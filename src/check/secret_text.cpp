#include "secret_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace cogbuild::check {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_token(char c) { return is_word(c) || c == '-'; }

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Shannon's entropy in bits for each character.
double entropy(std::string_view text) {
  std::array<std::uint32_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const auto count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool is_stand_in(std::string_view value) {
  std::string low(value);
  std::ranges::transform(low, low.begin(), lowered);
  constexpr auto kWords = std::to_array<std::string_view>(
      {"xxx", "your", "example", "placeholder", "changeme", "change-me", "dummy", "1234567",
       "abcdef", "replace", "insert", "secret", "token", "test", "...", "todo", "fake", "sample"});
  return std::ranges::any_of(kWords,
                             [&](auto word) { return low.find(word) != std::string::npos; });
}

struct Form {
  std::string_view prefix{};
  std::size_t least = 0;  // characters behind the prefix
  std::size_t most = 0;
  std::string_view what{};
};
// The first character of each is in kStarts, the first two in begins_form.
constexpr std::array kForms = {
    Form{"AKIA", 16, 16, "an access key of AWS"},
    Form{"ASIA", 16, 16, "an access key of AWS"},
    Form{"AIza", 35, 35, "an API key of Google"},
    Form{"ghp_", 36, 36, "a token of GitHub"},
    Form{"gho_", 36, 36, "a token of GitHub"},
    Form{"ghu_", 36, 36, "a token of GitHub"},
    Form{"ghs_", 36, 36, "a token of GitHub"},
    Form{"github_pat_", 60, 100, "a token of GitHub"},
    Form{"glpat-", 20, 40, "a token of GitLab"},
    Form{"hf_", 30, 40, "a token of Hugging Face"},
    Form{"r8_", 37, 37, "a token of Replicate"},
    Form{"sk-proj-", 40, 200, "an API key of OpenAI"},
    Form{"sk-ant-", 40, 200, "an API key of Anthropic"},
    Form{"sk-", 48, 48, "an API key of OpenAI"},
    Form{"xoxb-", 24, 100, "a token of Slack"},
    Form{"xoxp-", 24, 100, "a token of Slack"},
    Form{"npm_", 36, 36, "a token of npm"},
    Form{"pypi-AgEI", 50, 300, "a token of a Python index"},
};
constexpr std::string_view kStarts = "Aghrsxnp";

// How a byte may begin something: 1 a form, 2 a value that is assigned, 3 a private key.
constexpr std::array<std::uint8_t, 256> make_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  for (const char c : kStarts) kinds[static_cast<unsigned char>(c)] = 1;
  kinds[static_cast<unsigned char>('=')] = 2;
  kinds[static_cast<unsigned char>(':')] = 2;
  kinds[static_cast<unsigned char>('-')] = 3;
  return kinds;
}
constexpr auto kKinds = make_kinds();

std::size_t token_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_token(text[size])) ++size;
  return size;
}

bool has_letters_and_digits(std::string_view text) {
  return std::ranges::any_of(text, is_letter) && std::ranges::any_of(text, is_digit);
}

// By the first two characters, since most words begin with one of the first ones.
bool begins_form(char first, char second) {
  switch (first) {
    case 'A':
      return second == 'K' || second == 'S' || second == 'I';
    case 'g':
      return second == 'h' || second == 'i' || second == 'l';
    case 'h':
      return second == 'f';
    case 'r':
      return second == '8';
    case 's':
      return second == 'k';
    case 'x':
      return second == 'o';
    case 'n':
      return second == 'p';
    case 'p':
      return second == 'y';
    default:
      return false;
  }
}

const Form* form_at(std::string_view text, std::size_t at, std::size_t& size) {
  if (at + 1 >= text.size() || !begins_form(text[at], text[at + 1]) ||
      (at > 0 && is_token(text[at - 1])))
    return nullptr;
  const auto rest = text.substr(at, 400);
  for (const Form& form : kForms) {
    if (!rest.starts_with(form.prefix)) continue;
    size = token_size(rest);
    const auto tail = rest.substr(form.prefix.size(), size - form.prefix.size());
    if (tail.size() < form.least || tail.size() > form.most) continue;
    constexpr double kRandom = 3.0;
    // A name in snake_case is no token.
    if (entropy(tail) < kRandom || is_stand_in(tail) ||
        std::ranges::count(tail.substr(0, 30), '_') > 2)
      continue;
    return &form;
  }
  return nullptr;
}

// `HF_TOKEN`, `apiKey`, `db_password`; not `max_tokens`, `tokenizer`, `primary_key`.
bool names_a_secret(std::string_view name) {
  std::string low;
  for (const char c : name)
    if (c != '_' && c != '-') low += lowered(c);
  constexpr auto kEnds = std::to_array<std::string_view>(
      {"apikey", "accesskey", "secretkey", "secret", "authtoken", "accesstoken", "apitoken",
       "hftoken", "password", "passwd", "privatekey", "usertoken", "secretaccesskey",
       "replicatetoken", "githubtoken", "wandbkey", "bearertoken"});
  return std::ranges::any_of(kEnds, [&](auto end) { return low.ends_with(end); });
}

// The value between quotes that is assigned at `at`, an `=` or `:`, to a name for secrets.
SecretText assigned_secret(std::string_view text, std::size_t at) {
  auto begin = at + 1;
  while (begin < text.size() && (text[begin] == ' ' || text[begin] == '=')) ++begin;
  if (begin >= text.size() || (text[begin] != '"' && text[begin] != '\'')) return {};
  constexpr std::size_t kLongest = 200;
  const auto length = text.substr(begin + 1, kLongest + 1).find(text[begin]);
  if (length == std::string_view::npos) return {};
  const auto value = text.substr(begin + 1, length);
  constexpr std::size_t kShortest = 20;
  if (value.size() < kShortest) return {};
  // The name, past blanks, a type and a quote.
  auto name_end = at;
  while (name_end > 0 && (text[name_end - 1] == ' ' || text[name_end - 1] == '"' ||
                          text[name_end - 1] == '\'' || text[name_end - 1] == ']'))
    --name_end;
  auto name_begin = name_end;
  while (name_begin > 0 && is_token(text[name_begin - 1])) --name_begin;
  if (!names_a_secret(text.substr(name_begin, name_end - name_begin))) return {};
  const bool is_plain = std::ranges::all_of(
      value, [](char c) { return is_token(c) || c == '+' || c == '/' || c == '=' || c == '.'; });
  constexpr double kRandom = 3.5;
  if (!is_plain || value.find("//") != std::string_view::npos || !has_letters_and_digits(value) ||
      is_stand_in(value) || entropy(value) < kRandom || std::ranges::count(value, '_') > 2)
    return {};
  return {.begin = begin + 1, .size = value.size(), .what = "a key or password"};
}

bool is_private_key(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at, 200);
  if (!rest.starts_with("-----BEGIN ")) return false;
  const auto end = rest.find("PRIVATE KEY-----");
  if (end == std::string_view::npos || end > 40) return false;
  // The key itself, and no word about keys.
  std::size_t in_base64 = 0;
  for (const char c : rest.substr(end + 16))
    if (is_letter(c) || is_digit(c) || c == '+' || c == '/') ++in_base64;
  return in_base64 > 60;
}

}  // namespace

std::vector<SecretText> find_secrets(std::string_view text) {
  std::vector<SecretText> out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto kind = kKinds[static_cast<unsigned char>(text[at])];
    if (kind == 0) continue;
    if (kind == 1) {
      std::size_t size = 0;
      if (const Form* form = form_at(text, at, size)) {
        out.push_back({.begin = at, .size = size, .what = form->what});
        at += size;
      }
    } else if (kind == 2) {
      const auto secret = assigned_secret(text, at);
      // A form names the issuer: leave it to that.
      if (secret.size == 0) continue;
      std::size_t size = 0;
      if (form_at(text, secret.begin, size) != nullptr) continue;
      out.push_back(secret);
      at = secret.begin + secret.size;
    } else if (is_private_key(text, at)) {
      out.push_back({.begin = at, .size = 0, .what = "a private key"});
      at += 60;
    }
  }
  return out;
}

namespace {

// The value of the first string member of a JSON text with that name, case apart; empty: none.
std::string_view json_string(std::string_view text, std::string_view lower_text,
                             std::string_view name) {
  const auto key = lower_text.find("\"" + std::string(name) + "\"");
  if (key == std::string_view::npos) return {};
  const auto colon = text.find_first_not_of(" \t", key + name.size() + 2);
  if (colon == std::string_view::npos || text[colon] != ':') return {};
  const auto begin = text.find_first_not_of(" \t", colon + 1);
  if (begin == std::string_view::npos || text[begin] != '"') return {};
  const auto end = text.find('"', begin + 1);
  return end == std::string_view::npos ? std::string_view()
                                       : text.substr(begin + 1, end - begin - 1);
}

}  // namespace

SecretText find_login(std::string_view json) {
  std::string lower(json);
  std::ranges::transform(lower, lower.begin(), lowered);
  const auto member = [&](std::initializer_list<std::string_view> names) {
    for (const auto name : names)
      if (const auto value = json_string(json, lower, name); !value.empty()) return value;
    return std::string_view();
  };
  const auto password = member({"password", "passwd", "db_password"});
  const auto host = member({"host", "hostname", "server", "db_host"});
  const auto user = member({"user", "username", "db_user"});
  constexpr std::size_t kShortest = 6;
  if (password.size() < kShortest || user.empty() || host.empty() || host == "localhost" ||
      host.starts_with("127.") || is_stand_in(host) || is_stand_in(password) || password == user ||
      password.find_first_of("<>${} *\\") != std::string_view::npos)
    return {};
  std::string low(password);
  std::ranges::transform(low, low.begin(), lowered);
  for (const std::string_view word : {"password", "postgres", "admin", "root", "guest"})
    if (low.starts_with(word)) return {};
  return {.begin = static_cast<std::size_t>(password.data() - json.data()),
          .size = password.size(),
          .what = "a password"};
}

bool has_secret_setting(std::string_view text) {
  while (!text.empty()) {
    const auto feed = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, feed);
    text.remove_prefix(std::min(feed + 1, text.size()));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) continue;
    auto name = line.substr(0, equals);
    while (name.ends_with(' ')) name.remove_suffix(1);
    auto value = line.substr(equals + 1);
    while (!value.empty() &&
           (value.front() == ' ' || value.front() == '"' || value.front() == '\''))
      value.remove_prefix(1);
    constexpr std::size_t kShortest = 8;
    const bool names_one =
        names_a_secret(name) || name.ends_with("TOKEN") || name.ends_with("_KEY");
    if (names_one && value.size() >= kShortest && !value.starts_with('$') && !is_stand_in(value))
      return true;
  }
  return false;
}

}  // namespace cogbuild::check
