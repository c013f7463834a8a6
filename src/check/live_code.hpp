#pragma once

#include <cogbuild/check/subject.hpp>
#include <cogbuild/syntax/module.hpp>

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cogbuild::check {

// The part of the project's Python that the model can come to run: the files that `run`/`predict`
// and `train` name and those they import, directly or not, and of these the functions and classes
// whose names stand in code that is itself live. Tests, scripts for training and what a vendored
// library has beside are left out, and so is what only libraries of the project
// import: whether that runs, hardly anybody knows. Found by lines and words, without parsing.
class LiveCode {
 public:
  explicit LiveCode(const Subject& subject);

  // By path: all that is imported, at any distance.
  [[nodiscard]] const std::vector<const PythonFile*>& files() const { return files_; }
  // Whether a node of one of these files can run.
  [[nodiscard]] bool is_live(const syntax::Node& node) const {
    return is_live(node.module().file(), node.begin());
  }
  // The same of a byte of one of these files.
  [[nodiscard]] bool is_live(std::string_view path, std::size_t offset) const;
  // Those of `files` that are the author's own or that these import; nothing else is live.
  [[nodiscard]] std::vector<const PythonFile*> near_files() const;
  // Whether a file is the author's own rather than a library's: it lies beside a file that
  // `run`/`predict` or `train` names.
  [[nodiscard]] bool is_own(std::string_view path) const;

 private:
  // A function, a class without its methods, a method, or what stands between them.
  struct Unit {
    std::size_t file = 0;  // of files_
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view name{};             // empty: runs when the file is imported
    std::size_t owner = kNoOwner;        // of a method: its class
    std::vector<std::size_t> methods{};  // of a class
    bool live = false;
  };
  static constexpr std::size_t kNoOwner = static_cast<std::size_t>(-1);

  void split(std::size_t file) const;
  void add_unit(Unit unit) const;
  void mark_all() const;
  void mark(std::size_t unit, std::vector<std::size_t>& open) const;
  void mark_if_due(std::size_t unit, std::vector<std::size_t>& open) const;

  std::vector<const PythonFile*> files_{};
  std::vector<const PythonFile*> entries_{};
  std::set<std::string, std::less<>> near_{};  // own files, and what they import themselves
  // Found when somebody asks: few rules need it.
  mutable bool marked_ = false;
  mutable std::vector<Unit> units_{};  // by file and place
  mutable std::unordered_multimap<std::string_view, std::size_t> by_name_{};
  mutable std::unordered_set<std::string_view> words_{};
};

// That of a subject, found once.
const LiveCode& live_code(const Subject& subject);

}  // namespace cogbuild::check
