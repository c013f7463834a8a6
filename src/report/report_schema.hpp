#pragma once

#include <cstdint>

namespace cogbuild::report {

// docs/report-schema.md. The version rises when a member changes its meaning or goes away.
inline constexpr const char* kReportSchema = "cogbuild.report";
inline constexpr std::uint64_t kReportVersion = 1;

}  // namespace cogbuild::report
