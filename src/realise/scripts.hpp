#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/python/entry_points.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::realise {

// `python`, `python3`, `python3.N`, `pypy…`: names that would replace the image's interpreter.
bool is_interpreter_name(std::string_view name);

// The launcher of an entry point.
std::string entry_point_script(const std::string& interpreter, const python::EntryPoint& entry);

// A wheel's script with `#!python` or `#!pythonw` replaced by the interpreter; nothing when it
// begins otherwise and stays as it is.
std::optional<std::string> with_interpreter(std::string_view script,
                                            const std::string& interpreter);

// direct_url.json of an archive; Recording the direct URL origin of installed distributions.
std::string direct_url_json(const std::string& url, const digest::Digest& digest);

}  // namespace cogbuild::realise
