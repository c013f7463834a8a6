#pragma once

#include <string>
#include <vector>

namespace cogbuild::report {

// Rows of cells, printed with every column as wide as its widest cell and two spaces between
// columns.
class TextTable {
 public:
  // One letter per column: `<` aligns to the left, `>` to the right.
  explicit TextTable(std::string alignment) : alignment_(std::move(alignment)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Every line ends in LF and has no spaces before it.
  [[nodiscard]] std::string text() const;

 private:
  std::string alignment_;
  std::vector<std::vector<std::string>> rows_{};
};

}  // namespace cogbuild::report
