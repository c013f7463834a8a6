# tests/fuzz/<name>_fuzz.cpp defines LLVMFuzzerTestOneInput; its first line says which rooms it links:
#   // room: config [io ...]
# With COGBUILD_FUZZ (clang) it becomes a libFuzzer binary <name>_fuzz; run it on tests/fuzz/corpus/<name>.
# Otherwise ctest replays that corpus through it, with any compiler and sanitizer.
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*_fuzz.cpp)
foreach(source IN LISTS fuzz_sources)
  get_filename_component(target ${source} NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" name ${target})
  file(STRINGS ${source} first_line LIMIT_COUNT 1)
  if(NOT first_line MATCHES "^// room: (.+)$")
    message(FATAL_ERROR "${source}: the first line must be `// room: NAME [NAME...]`")
  endif()
  string(REPLACE " " ";" rooms "${CMAKE_MATCH_1}")
  list(TRANSFORM rooms PREPEND cogbuild::)
  if(COGBUILD_FUZZ)
    add_executable(${target} ${source})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${target} ${source} ${CMAKE_CURRENT_LIST_DIR}/replay_main.cpp)
    add_test(NAME fuzz_${name} COMMAND ${target} ${CMAKE_CURRENT_LIST_DIR}/corpus/${name})
  endif()
  target_link_libraries(${target} PRIVATE ${rooms} cogbuild_warnings)
endforeach()
