// room: check
#include <cogbuild/check/render.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

// `cog.yaml`, a line `%%%`, then predict.py; without that line all is predict.py.
std::map<std::string, std::string> project_of(std::string_view bytes) {
  constexpr std::string_view kMark = "\n%%%\n";
  const auto mark = bytes.find(kMark);
  if (mark == std::string_view::npos)
    return {{"cog.yaml",
             "build:\n  python_version: \"3.12\"\n  gpu: true\nrun: predict.py:Predictor\n"},
            {"predict.py", std::string(bytes)}};
  return {{"cog.yaml", std::string(bytes.substr(0, mark + 1))},
          {"predict.py", std::string(bytes.substr(mark + kMark.size()))},
          {"requirements.txt", std::string(bytes)}};
}

}  // namespace

// Any bytes as cog.yaml and as Python: all rules run, all formats print what they find, and what
// --fix would write can be checked again; never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  auto files = project_of({reinterpret_cast<const char*>(data), size});
  for (int round = 0; round < 2; ++round) {
    const io::MemoryTree project(files);
    const auto subject = check::read_subject(project, "cog.yaml");
    if (!subject) return 0;
    const auto outcome = check::check(*subject, {.enable = {"all"}});
    if (!outcome) return 0;
    static_cast<void>(check::render_text(*outcome, true));
    static_cast<void>(check::render_json(*outcome));
    static_cast<void>(check::render_sarif(*outcome, "0"));
    static_cast<void>(check::render_github(*outcome));
    const auto fixed = check::apply_edits(project, outcome->findings);
    if (!fixed) return 0;
    for (const auto& file : *fixed) files[file.path] = file.content;
  }
  return 0;
}
