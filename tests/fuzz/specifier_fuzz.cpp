// room: python
#include <cogbuild/python/specifier.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What parses prints, and the printed form is the same set.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto spelling : {python::Spelling::published, python::Spelling::strict}) {
    const auto set = python::SpecifierSet::parse(text, spelling);
    if (!set) continue;
    const auto again = python::SpecifierSet::parse(to_string(*set), spelling);
    if (!again || *again != *set) std::abort();
    for (const auto& clause : set->clauses()) (void)set->contains(clause.version);
  }
  return 0;
}
