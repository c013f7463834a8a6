#include "project_words.hpp"

#include <algorithm>
#include <cstring>

namespace cogbuild::check {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

bool contains_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = 0; at < text.size();) {
    const void* const found =
        ::memmem(text.data() + at, text.size() - at, word.data(), word.size());
    if (found == nullptr) return false;
    const auto begin = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    const auto end = begin + word.size();
    if ((begin == 0 || !is_word_character(text[begin - 1])) &&
        (end == text.size() || !is_word_character(text[end])))
      return true;
    at = begin + 1;
  }
  return false;
}

bool is_mentioned(const Subject& subject, std::string_view word) {
  if (std::ranges::any_of(subject.python,
                          [word](const auto& file) { return contains_word(file->text(), word); }))
    return true;
  return subject.config && std::ranges::any_of(subject.config->run_steps, [word](const auto& step) {
           return contains_word(step->command, word);
         });
}

}  // namespace cogbuild::check
