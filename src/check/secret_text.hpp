#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// Something in a text that looks like a key, token or password.
struct SecretText {
  std::size_t begin = 0;
  std::size_t size = 0;
  std::string_view what{};  // `a token of Hugging Face`
};

// By the forms of well-known issuers, private keys, and long random values that are assigned to a
// name such as `API_KEY`. Examples and stand-ins (`your-token`, `xxxx`) are passed over. One pass.
std::vector<SecretText> find_secrets(std::string_view text);

// The password of a JSON text that also names a user and the host to log in to, not this machine;
// size 0: none.
SecretText find_login(std::string_view json);

// Whether a line `NAME=value` gives a value to a name such as `API_KEY` or `DB_PASSWORD`.
bool has_secret_setting(std::string_view text);

}  // namespace cogbuild::check
