# The default Python index is the one pip itself has; no host stands in the source (design, section 6).
if(COGBUILD_DEFAULT_INDEX STREQUAL "")
  find_program(COGBUILD_PYTHON NAMES python3)
  if(COGBUILD_PYTHON)
    execute_process(
      COMMAND ${COGBUILD_PYTHON} -c "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
      OUTPUT_VARIABLE default_index OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
else()
  set(default_index ${COGBUILD_DEFAULT_INDEX})
endif()
if(NOT default_index)
  message(WARNING "pip was not found: the default index is empty, --index-url must be given at run time")
endif()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/cogbuild/default_index.hpp CONTENT
"#pragma once
namespace cogbuild {
inline constexpr const char* kDefaultIndexUrl = \"@default_index@\";
inline constexpr const char* kCogbuildVersion = \"@PROJECT_VERSION@\";
}  // namespace cogbuild
" @ONLY)
