# Every dependency is a distribution package; scripts/install-dependencies installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)  # of the tests alone: another reader than ours
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(doctest REQUIRED)
find_package(tl-expected REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(libsolv REQUIRED IMPORTED_TARGET libsolv)
pkg_check_modules(yaml_cpp REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)

# libdeflate and zstd decide bytes of layers: linked statically so that one binary always writes the
# same.
find_library(ZSTD_STATIC NAMES libzstd.a REQUIRED)
find_path(ZSTD_INCLUDE zstd.h REQUIRED)
add_library(zstd_static STATIC IMPORTED)
set_target_properties(zstd_static PROPERTIES IMPORTED_LOCATION ${ZSTD_STATIC}
  INTERFACE_INCLUDE_DIRECTORIES ${ZSTD_INCLUDE})
find_library(LIBDEFLATE_STATIC NAMES libdeflate.a REQUIRED)
find_path(LIBDEFLATE_INCLUDE libdeflate.h REQUIRED)
add_library(libdeflate_static STATIC IMPORTED)
set_target_properties(libdeflate_static PROPERTIES IMPORTED_LOCATION ${LIBDEFLATE_STATIC}
  INTERFACE_INCLUDE_DIRECTORIES ${LIBDEFLATE_INCLUDE})

# ISA-L inflates only (streaming, about twice as fast as zlib); it writes no byte of a layer.
find_library(ISAL NAMES isal REQUIRED)
find_path(ISAL_INCLUDE isa-l/igzip_lib.h REQUIRED)
add_library(isal UNKNOWN IMPORTED)
set_target_properties(isal PROPERTIES IMPORTED_LOCATION ${ISAL}
  INTERFACE_INCLUDE_DIRECTORIES ${ISAL_INCLUDE})

# tree-sitter from the distribution, its grammar of Python from an npm package with a lock file
# (cmake/grammar); C that is compiled here, nothing of it runs in Node.
pkg_check_modules(tree_sitter REQUIRED IMPORTED_TARGET tree-sitter)
set(GRAMMAR ${CMAKE_SOURCE_DIR}/cmake/grammar/node_modules/tree-sitter-python/src)
if(NOT EXISTS ${GRAMMAR}/parser.c)
  message(FATAL_ERROR "the grammar of Python is missing: run scripts/install-dependencies")
endif()
add_library(tree_sitter_python STATIC ${GRAMMAR}/parser.c ${GRAMMAR}/scanner.c)
target_include_directories(tree_sitter_python SYSTEM PRIVATE ${GRAMMAR})
target_compile_options(tree_sitter_python PRIVATE -w -O2)
set_target_properties(tree_sitter_python PROPERTIES UNITY_BUILD OFF)
