#include <cogbuild/io/bytes.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <fmt/format.h>

namespace cogbuild::store {

Error no_such_blob(const digest::Digest& blob) {
  return {ErrorKind::not_found, fmt::format("blob {} is not in the cache", to_string(blob))};
}

Result<digest::Digest> put(BlobStore& store, std::string_view content) {
  TRY_ASSIGN(const auto writer, store.create());
  TRY(writer->write(io::bytes(content)));
  return writer->commit();
}

Result<std::string> get(const BlobStore& store, const digest::Digest& blob,
                        std::uint64_t limit_bytes) {
  TRY_ASSIGN(const std::uint64_t size, store.size_bytes(blob));
  if (size > limit_bytes)
    return fail(
        Error(ErrorKind::integrity, fmt::format("blob {} has {} bytes, more than the limit of {}",
                                                to_string(blob), size, limit_bytes)));
  TRY_ASSIGN(const auto source, store.open(blob, 0, size));
  std::string content(static_cast<std::size_t>(size), '\0');
  TRY_ASSIGN(const std::size_t count,
             io::read_full(*source, std::as_writable_bytes(std::span(content))));
  if (count < content.size())
    return fail(Error(ErrorKind::integrity,
                      fmt::format("blob {} ended {} bytes early", to_string(blob), size - count)));
  return content;
}

}  // namespace cogbuild::store
