#pragma once

#include <string_view>

namespace cogbuild::check {

// Whether a text names a repository of the Hugging Face hub and no directory:
// `openai/whisper-base`, and the few old names without an owner (`gpt2`, `bert-base-uncased`).
bool is_hub_name(std::string_view text);

}  // namespace cogbuild::check
