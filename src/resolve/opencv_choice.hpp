#pragma once

#include "candidates.hpp"
#include "closure.hpp"
#include "opencv.hpp"

#include <cogbuild/progress/reporter.hpp>

#include <vector>

namespace cogbuild::resolve {

// Headless for GUI, for each of the two flavours, unless the user names a GUI wheel by URL or pins
// a version that has no headless build (then one warning). Errors: as the source's.
Result<Replacements> prefer_headless(const std::vector<Root>& roots, DistributionSource& source,
                                     const FileRules& rules, progress::Reporter& reporter);

// Whether both headless flavours would be installed, each over the other's files.
bool needs_contrib_alone(const Decisions& decisions);
// Every flavour becomes contrib-headless, which holds everything of the others.
Replacements contrib_alone(Replacements replacements);

// Renames the roots. Of a line's hashes those stay that fit files of the new name: who lists both
// builds' hashes keeps them checked. Where none fits they are dropped with a warning. Errors: as
// DistributionSource::releases.
Result<void> replace_names(std::vector<Root>& roots, const Replacements& replacements,
                           DistributionSource& source, progress::Reporter& reporter);

// One line per name that became another.
void note_replacements(const Closure& closure, const Decisions& decisions,
                       progress::Reporter& reporter);

}  // namespace cogbuild::resolve
