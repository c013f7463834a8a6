// room: schema
#include <cogbuild/schema/signature.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

// The first byte says which callable is read; the text is `run.py`, up to a line `---` behind which
// `parts.py` begins, then `pkg/__init__.py`.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::map<std::string, std::string> files;
  for (const char* name : {"run.py", "parts.py", "pkg/__init__.py"}) {
    const std::size_t end = text.find("\n---\n");
    files[name] = text.substr(0, end);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 5);
  }
  const bool train = data[0] % 2 == 1;
  const cogbuild::io::MemoryTree tree(std::move(files));
  const auto signature = cogbuild::schema::read_signature(
      tree, train ? "run.py:train" : "run.py:Runner",
      train ? cogbuild::schema::Mode::train : cogbuild::schema::Mode::predict);
  (void)signature;
  return 0;
}
