#pragma once

#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/progress/reporter.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace cogbuild::push {

// Passes `inner` on and reports how far it has come.
class ReportingSource final : public io::ByteSource {
 public:
  // `reporter` must outlive the source; `id` has been started there.
  ReportingSource(std::unique_ptr<io::ByteSource> inner, std::string id,
                  progress::Reporter& reporter)
      : inner_(std::move(inner)), id_(std::move(id)), reporter_(reporter) {}

  Result<std::size_t> read(std::span<std::byte> buffer) override {
    TRY_ASSIGN(const std::size_t count, inner_->read(buffer));
    done_bytes_ += count;
    reporter_.advanced(id_, done_bytes_);
    return count;
  }

 private:
  std::unique_ptr<io::ByteSource> inner_;
  std::string id_;
  progress::Reporter& reporter_;
  std::uint64_t done_bytes_ = 0;
};

}  // namespace cogbuild::push
