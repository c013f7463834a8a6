#pragma once

#include <string>
#include <string_view>

namespace cogbuild::python {

// `text` without the user-info of any URL in it: lines and requirements end up in messages.
std::string without_user_info(std::string_view text);

}  // namespace cogbuild::python
