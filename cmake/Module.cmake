# Declares a room once: a static library of src/<name>/*.cpp that sees only its own headers, those of
# the rooms it depends on, and the third-party libraries named here.
# The edges are written to <build>/edges.txt; tests/architecture checks every #include against them.
file(WRITE ${CMAKE_BINARY_DIR}/edges.txt "")

function(cogbuild_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;THIRD_PARTY;PUBLIC_THIRD_PARTY" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  file(APPEND ${CMAKE_BINARY_DIR}/edges.txt "${name}: ${ARG_DEPENDS}\n")
  set(dependencies)
  foreach(dependency IN LISTS ARG_DEPENDS)
    list(APPEND dependencies cogbuild::${dependency})
  endforeach()
  if(sources)
    add_library(cogbuild_${name} STATIC ${sources})
    target_include_directories(cogbuild_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include)
    target_link_libraries(cogbuild_${name}
      PUBLIC ${dependencies} tl::expected fmt::fmt ${ARG_PUBLIC_THIRD_PARTY}
      PRIVATE ${ARG_THIRD_PARTY} cogbuild_warnings)
  else()
    add_library(cogbuild_${name} INTERFACE)
    target_include_directories(cogbuild_${name} INTERFACE ${CMAKE_SOURCE_DIR}/include)
    target_link_libraries(cogbuild_${name} INTERFACE ${dependencies} tl::expected fmt::fmt)
  endif()
  add_library(cogbuild::${name} ALIAS cogbuild_${name})
endfunction()
