# Every target of ours is built with these; -Wnull-dereference stays off (noisy with ranges).
# They are errors with the compilers that CI has. A newer one may warn of more, and a user who only
# wants the tool should not be stopped by that.
set(werror)
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13) OR
   (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15))
  set(werror -Werror)
endif()
add_library(cogbuild_warnings INTERFACE)
target_compile_options(cogbuild_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wextra-semi ${werror})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(cogbuild_warnings INTERFACE -Wduplicated-cond -Wlogical-op)
  # GCC 12 reports overlaps inside std::string concatenation that do not exist (PR 105651).
  target_compile_options(cogbuild_warnings INTERFACE -Wno-restrict)
endif()
