#pragma once

#include "provider.hpp"

namespace cogbuild::resolve {

// Follows the best guess of every version from the roots on and asks for all pages and metadata it
// meets, each as soon as what names it has arrived, so that solving finds them at hand. A guess
// decides nothing: whatever fails here is told when solving asks for it.
void crawl(ProjectProvider& provider);

}  // namespace cogbuild::resolve
