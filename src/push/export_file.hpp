#pragma once

#include "layout_files.hpp"

#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/push/export_services.hpp>

#include <atomic>

namespace cogbuild::push {

// Streams one file of a layout into `sink`, layers verified, reporting progress. Once `stop` is set
// it ends with an error soon.
Result<void> export_file(const LayoutFile& file, io::ByteSink& sink, ExportServices services,
                         const std::atomic<bool>& stop);

}  // namespace cogbuild::push
