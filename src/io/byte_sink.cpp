#include <cogbuild/io/byte_sink.hpp>

namespace cogbuild::io {

Result<void> StringSink::write(std::span<const std::byte> bytes) {
  content.append(text(bytes));
  return {};
}

Result<void> CountingSink::write(std::span<const std::byte> bytes) {
  count_bytes += bytes.size();
  return {};
}

Result<std::uint64_t> copy(ByteSource& source, ByteSink& sink) {
  std::string buffer(kBufferBytes, '\0');
  const auto window = std::as_writable_bytes(std::span(buffer.data(), buffer.size()));
  std::uint64_t total = 0;
  for (;;) {
    TRY_ASSIGN(const std::size_t count, source.read(window));
    if (count == 0) return total;
    TRY(sink.write(window.first(count)));
    total += count;
  }
}

}  // namespace cogbuild::io
