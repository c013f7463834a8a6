# Tests in Python (stdlib unittest): tests/architecture reads the tree, tests/cli runs the built binary.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

add_test(NAME architecture
  COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/architecture/include_edges_test.py)
set_tests_properties(architecture PROPERTIES
  ENVIRONMENT "COGBUILD_EDGES=${CMAKE_BINARY_DIR}/edges.txt")

if(TARGET cogbuild)
  file(GLOB cli_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cli/*_test.py)
  foreach(source IN LISTS cli_tests)
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_test$" "" name ${name})
    add_test(NAME cli_${name} COMMAND ${Python3_EXECUTABLE} -B ${source})
    set_tests_properties(cli_${name} PROPERTIES
      ENVIRONMENT "COGBUILD=$<TARGET_FILE:cogbuild>"
      LABELS cli)
  endforeach()
endif()
