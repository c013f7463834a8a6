// room: syntax
#include <cogbuild/syntax/imports.hpp>
#include <cogbuild/syntax/module.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto module = cogbuild::syntax::Module::parse("f.py", text);
  if (!module) return 0;
  for (const auto& item : cogbuild::syntax::imports(**module)) (void)item.node.location();
  (void)(*module)->first_error().location();
  (void)cogbuild::syntax::imported_packages(text);
  return 0;
}
