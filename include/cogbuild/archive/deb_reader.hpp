#pragma once

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::archive {

// A .deb: an ar archive of `debian-binary`, `control.tar[.gz|.xz|.zst]` and `data.tar[...]`;
// deb(5). Members whose names begin with `_` are passed over. Errors: integrity (no .deb, cut
// short, hostile names, limits), unsupported (another format version or compression), io.
class DebReader {
 public:
  static Result<DebReader> open(const std::filesystem::path& file);
  DebReader(DebReader&&) noexcept;
  DebReader& operator=(DebReader&&) noexcept;
  ~DebReader();

  // The files of the control archive, name without `./` -> content, sorted by name. At most 16 MiB
  // in all.
  Result<std::vector<std::pair<std::string, std::string>>> control();
  // The data archive, to be read once; borrows this reader. Paths have no leading `./`.
  Result<TarReader> data();

 private:
  struct State;
  explicit DebReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::archive
