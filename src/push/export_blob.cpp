#include "export_blob.hpp"

#include <cogbuild/io/bytes.hpp>

#include <string>
#include <vector>

namespace cogbuild::push {

Result<void> export_file(const LayoutFile& file, io::ByteSink& sink, ExportServices services,
                         const std::atomic<bool>& stop) {
  if (const auto* text = std::get_if<std::string>(&file.content))
    return sink.write(io::bytes(*text));
  const auto& recipe = *std::get<const recipe::Recipe*>(file.content);
  services.reporter.started(file.path, file.label, recipe.size_bytes);
  TRY_ASSIGN(const auto source, recipe::open_verified(recipe, services.opener));
  std::vector<std::byte> buffer(io::kBufferBytes);
  std::uint64_t done = 0;
  for (;;) {
    if (stop) return fail(Error(ErrorKind::io, "stopped"));
    TRY_ASSIGN(const std::size_t count, source->read(buffer));
    if (count == 0) break;
    TRY(sink.write(std::span(buffer).first(count)));
    done += count;
    services.reporter.advanced(file.path, done);
  }
  services.reporter.finished(file.path, "written");
  return {};
}

}  // namespace cogbuild::push
