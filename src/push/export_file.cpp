#include "export_file.hpp"

#include "reporting_source.hpp"

#include <cogbuild/io/bytes.hpp>

#include <string>

namespace cogbuild::push {

namespace {

// A sink that can be stopped between two pieces.
class StoppableSink final : public io::ByteSink {
 public:
  StoppableSink(io::ByteSink& inner, const std::atomic<bool>& stop) : inner_(inner), stop_(stop) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    if (stop_) return fail(Error(ErrorKind::io, "stopped, because another file failed"));
    return inner_.write(bytes);
  }

 private:
  io::ByteSink& inner_;
  const std::atomic<bool>& stop_;
};

}  // namespace

Result<void> export_file(const LayoutFile& file, io::ByteSink& sink, ExportServices services,
                         const std::atomic<bool>& stop) {
  if (const auto* text = std::get_if<std::string>(&file.content))
    return sink.write(io::bytes(*text));
  const auto& recipe = *std::get<const recipe::Recipe*>(file.content);
  services.reporter.started(file.path, file.label, recipe.size_bytes);
  TRY_ASSIGN(auto verified, recipe::open_verified(recipe, services.opener));
  ReportingSource source(std::move(verified), file.path, services.reporter);
  StoppableSink stoppable(sink, stop);
  auto copied = io::copy(source, stoppable);
  services.reporter.finished(file.path, copied ? "written" : "failed");
  if (!copied) return fail(std::move(copied).error().during("writing " + file.label));
  return {};
}

}  // namespace cogbuild::push
