#include "sample_text.hpp"

#include "pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::schema {

namespace {

struct Sample {
  std::string_view word{};
  std::string_view text{};
};
constexpr std::array kTexts{
    Sample{"negative", "blurry, low contrast"},
    Sample{"system", "You answer in one sentence."},
    Sample{"prompt", "a lighthouse on a cliff at sunset"},
    Sample{"question", "What is in this picture?"},
    Sample{"query", "What is in this picture?"},
    Sample{"lyrics", "The tide goes out, the tide comes in"},
    Sample{"language", "en"},
    Sample{"lang", "en"},
    Sample{"voice", "anna"},
    Sample{"url", "https://example.com/"},
    Sample{"color", "#3366cc"},
    Sample{"colour", "#3366cc"},
    Sample{"format", "png"},
    Sample{"email", "anna@example.com"},
    Sample{"name", "Anna"},
    Sample{"title", "The lighthouse"},
    Sample{"text", "The lighthouse shows ships the way."},
    Sample{"message", "The lighthouse shows ships the way."},
};
// For patterns: what people often ask for.
constexpr std::array<std::string_view, 16> kUsual{"a",
                                                  "A",
                                                  "1",
                                                  "abc",
                                                  "123",
                                                  "en",
                                                  "en-US",
                                                  "16:9",
                                                  "1024x768",
                                                  "#3366cc",
                                                  "00:00:10",
                                                  "2024-01-31",
                                                  "anna@example.com",
                                                  "https://example.com/",
                                                  "1.5",
                                                  "a lighthouse"};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool has_length(std::string_view text, const Input& input) {
  const std::size_t length = characters(text);
  return length >= input.min_length.value_or(0) &&
         length <= input.max_length.value_or(std::string::npos);
}

// The text, ASCII, cut or repeated until it has a length that the input takes.
std::string fitted(std::string text, const Input& input) {
  constexpr std::uint64_t kLongest = 4096;
  const auto least = std::min(input.min_length.value_or(0), kLongest);
  const std::string once = text + " ";
  while (text.size() < least) text = text + " " + once.substr(0, least - text.size() - 1);
  if (input.max_length && text.size() > *input.max_length) text.resize(*input.max_length);
  return text;
}

std::string_view extension_of(std::string_view accept) {
  constexpr std::array kKinds{Sample{"image", ".png"}, Sample{"video", ".mp4"},
                              Sample{"audio", ".wav"}, Sample{"text", ".txt"},
                              Sample{"pdf", ".pdf"},   Sample{"zip", ".zip"},
                              Sample{"json", ".json"}};
  for (const auto& kind : kKinds)
    if (accept.find(kind.word) != std::string_view::npos) return kind.text;
  return "";
}

}  // namespace

std::string sample_text(const Input& input) {
  const auto found = std::ranges::find_if(kTexts, [&input](const Sample& sample) {
    return input.name.find(sample.word) != std::string::npos;
  });
  const std::string telling =
      fitted(std::string(found == kTexts.end() ? "an example" : found->text), input);
  if (!input.pattern) return telling;
  const Pattern pattern(*input.pattern);
  if (!pattern.fault().empty()) return telling;
  const auto fits = [&](std::string_view text) {
    return has_length(text, input) && pattern.matches(text);
  };
  if (fits(telling)) return telling;
  if (const auto usual = std::ranges::find_if(kUsual, fits); usual != kUsual.end())
    return std::string(*usual);
  return text_of_pattern(*input.pattern);
}

std::string sample_url(const Input& input) {
  constexpr std::array kKinds{Sample{"image", ".png"},
                              Sample{"photo", ".png"},
                              Sample{"picture", ".png"},
                              Sample{"mask", ".png"},
                              Sample{"face", ".png"},
                              Sample{"img", ".png"},
                              Sample{"video", ".mp4"},
                              Sample{"audio", ".wav"},
                              Sample{"voice", ".wav"},
                              Sample{"speech", ".wav"},
                              Sample{"song", ".wav"},
                              Sample{"music", ".wav"},
                              Sample{"zip", ".zip"},
                              Sample{"archive", ".zip"},
                              Sample{"dataset", ".zip"},
                              Sample{"data", ".zip"},
                              Sample{"weights", ".safetensors"},
                              Sample{"lora", ".safetensors"},
                              Sample{"pdf", ".pdf"},
                              Sample{"document", ".pdf"},
                              Sample{"text", ".txt"}};
  std::string_view extension;
  if (input.accept) {
    // `.glb,.obj` names extensions itself.
    const std::string_view first =
        std::string_view(*input.accept).substr(0, input.accept->find(','));
    extension = first.starts_with('.') ? first : extension_of(*input.accept);
  }
  if (extension.empty())
    for (const auto& kind : kKinds)
      if (extension.empty() && input.name.find(kind.word) != std::string::npos)
        extension = kind.text;
  std::string name;
  for (const char c : input.name)
    name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '-';
  return fmt::format("https://example.com/{}{}", name, extension);
}

}  // namespace cogbuild::schema
