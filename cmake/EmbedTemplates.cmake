# Compiles templates/** into the scaffold room: one generated source with every file as a raw string.
# Run as a script (cmake -DSOURCE=… -DOUTPUT=… -P), it writes that source; files in byte order.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/*)
  list(FILTER files EXCLUDE REGEX "(^|/)__pycache__/")
  list(SORT files)
  set(source "#include \"embedded_files.hpp\"\n\n#include <array>\n\nnamespace cogbuild::scaffold {\nnamespace {\nconstexpr std::array kFiles = {\n")
  foreach(file IN LISTS files)
    string(REGEX MATCH "^([^/]+)/(.+)$" matched "${file}")
    if(NOT matched)
      continue()  # README.md of the folder itself
    endif()
    string(APPEND source "    EmbeddedFile{\"${CMAKE_MATCH_1}\", \"${CMAKE_MATCH_2}\", R\"template(")
    file(READ ${SOURCE}/${file} content)
    string(APPEND source "${content}" ")template\"},\n")
  endforeach()
  string(APPEND source "};\n}  // namespace\n\nstd::span<const EmbeddedFile> embedded_files() { return kFiles; }\n\n}  // namespace cogbuild::scaffold\n")
  file(WRITE ${OUTPUT} "${source}")
  return()
endif()

function(cogbuild_embed_templates target)
  set(folder ${CMAKE_SOURCE_DIR}/templates)
  set(output ${CMAKE_BINARY_DIR}/generated/embedded_files.cpp)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
  list(FILTER files EXCLUDE REGEX "/__pycache__/")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${folder} -DOUTPUT=${output} -P ${CMAKE_SOURCE_DIR}/cmake/EmbedTemplates.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/EmbedTemplates.cmake
    COMMENT "Embedding templates/" VERBATIM)
  target_sources(${target} PRIVATE ${output})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src/scaffold)
endfunction()
