#pragma once

#include <cogbuild/check/subject.hpp>
#include <cogbuild/syntax/module.hpp>

#include <string>
#include <vector>

namespace cogbuild::check {

// A call that starts a program: `subprocess.run([…])`, `os.system("…")` and their kin.
struct StartedProgram {
  syntax::Node call{};
  // The words as far as they are known: a word that is not is empty, one that is known in part
  // is cut. The interpreter (`sys.executable`) is `python`.
  std::vector<std::string> words{};
  std::vector<syntax::Node> parts{};  // expressions the words are made of
};

// Those of a file, in its order; what stands below `if __name__ == "__main__":` is left out.
// Several commands in one string are several programs.
std::vector<StartedProgram> started_programs(const PythonFile& file);

}  // namespace cogbuild::check
