// room: report
#include <cogbuild/report/budget.hpp>

#include <cstddef>
#include <cstdint>

// Budgets that parse can be checked.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild::report;
  const auto budgets = parse_budgets({reinterpret_cast<const char*>(data), size});
  if (!budgets) return 0;
  const ImageSummary image{.name = "x",
                           .layers = {{.kind = "code",
                                       .compressed_bytes = ~std::uint64_t{0},
                                       .items = {{.kind = "package", .unpacked_bytes = 1}}}}};
  for (const auto& violation : check_budgets(*budgets, image, nullptr)) ci_annotation(violation);
  for (const auto& violation : check_budgets(*budgets, image, &image)) ci_annotation(violation);
  return 0;
}
