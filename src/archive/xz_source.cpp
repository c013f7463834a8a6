#include "libarchive_handle.hpp"

#include <cogbuild/archive/xz_source.hpp>
#include <cogbuild/io/bytes.hpp>

#include <archive_entry.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace cogbuild::archive {

namespace {

// libarchive sees the stream as an archive of one member, its `raw` form.
class XzSource final : public io::ByteSource {
 public:
  explicit XzSource(std::unique_ptr<io::ByteSource> source) : source_(std::move(source)) {}

  Result<void> begin() {
    ::archive* handle = handle_.get();
    archive_read_support_format_raw(handle);
    archive_read_support_filter_xz(handle);
    if (archive_read_open(handle, this, nullptr, &read_block, nullptr) != ARCHIVE_OK)
      return fail(error());
    if (archive_filter_code(handle, 0) != ARCHIVE_FILTER_XZ)
      return fail(Error(ErrorKind::integrity, "compressed data is damaged: it is no xz stream"));
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(handle, &entry);
    if (status == ARCHIVE_EOF) ended_ = true;
    if (status != ARCHIVE_OK && status != ARCHIVE_EOF) return fail(error());
    return {};
  }

  Result<std::size_t> read(std::span<std::byte> buffer) override {
    if (ended_ || buffer.empty()) return std::size_t{0};
    const la_ssize_t count = archive_read_data(handle_.get(), buffer.data(), buffer.size());
    if (count < 0) return fail(error());
    ended_ = count == 0;
    return static_cast<std::size_t>(count);
  }

 private:
  static la_ssize_t read_block(::archive* handle, void* self, const void** data) noexcept {
    auto& source = *static_cast<XzSource*>(self);
    auto count = source.source_->read(source.buffer_);
    if (!count) {
      source.read_error_ = std::move(count).error();
      archive_set_error(handle, EIO, "source failed");
      return -1;
    }
    *data = source.buffer_.data();
    return static_cast<la_ssize_t>(*count);
  }

  Error error() {
    if (read_error_) return *read_error_;
    return {ErrorKind::integrity,
            fmt::format("compressed data is damaged: {}", last_error(handle_.get()))};
  }

  std::unique_ptr<io::ByteSource> source_;
  std::array<std::byte, std::size_t{64} * 1024> buffer_{};
  std::optional<Error> read_error_{};  // what the source said, carried across the C frame
  bool ended_ = false;
  ReadHandle handle_ = new_read_handle();  // declared last, so freed first
};

}  // namespace

Result<std::unique_ptr<io::ByteSource>> xz_source(std::unique_ptr<io::ByteSource> source) {
  auto content = std::make_unique<XzSource>(std::move(source));
  TRY(content->begin());
  return content;
}

}  // namespace cogbuild::archive
