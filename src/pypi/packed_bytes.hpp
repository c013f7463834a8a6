#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogbuild::pypi {

// Numbers and texts one after the other. Numbers are LEB128; a text is its length and its bytes.
class ByteWriter {
 public:
  void byte(unsigned value) { out_ += static_cast<char>(value); }
  void number(std::uint64_t value);
  void text(std::string_view value);
  // The length of the part in common with `before`, then the rest as a text.
  void text_after(std::string_view before, std::string_view value);
  // An even number of lower-case hexadecimal digits, two a byte.
  void hex(std::string_view digits);
  void raw(std::string_view bytes) { out_ += bytes; }
  [[nodiscard]] const std::string& bytes() const { return out_; }

 private:
  std::string out_{};
};

// Reads what a ByteWriter wrote. Past the end, or when a length does not fit, everything is empty
// and `good` is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  unsigned byte();
  std::uint64_t number();
  std::string_view text() { return raw(number()); }
  // Turns the text before into this one.
  void text_after(std::string& value);
  // `size_bytes` bytes as twice as many digits.
  std::string hex(std::size_t size_bytes);
  std::string_view raw(std::uint64_t size_bytes);
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

bool is_hex(std::string_view text);  // lower case

}  // namespace cogbuild::pypi
