// room: report
#include <cogbuild/report/render_markdown.hpp>
#include <cogbuild/report/render_text.hpp>
#include <cogbuild/report/report_json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// A report that parses can be shown in every format and comes back from its own JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild::report;
  const auto report = parse_json({reinterpret_cast<const char*>(data), size});
  if (!report) return 0;
  render_text(*report);
  if (render_markdown(*report).size() >= 60'000) std::abort();
  const auto again = parse_json(render_json(*report));
  if (!again || !(*again == *report)) std::abort();
  return 0;
}
