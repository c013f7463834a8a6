#pragma once

#include <cogbuild/check/finding.hpp>
#include <cogbuild/check/subject.hpp>

#include <vector>

namespace cogbuild::check {

// What the rules of the config group run, by the file that holds them.

// config_faults.cpp: what the reader of cog.yaml said.
void find_invalid_config(const Subject& subject, std::vector<Finding>& findings);
void find_unknown_keys(const Subject& subject, std::vector<Finding>& findings);
void find_deprecated_keys(const Subject& subject, std::vector<Finding>& findings);
void find_doubtful_values(const Subject& subject, std::vector<Finding>& findings);

// config_values.cpp
void find_old_python(const Subject& subject, std::vector<Finding>& findings);
void find_unquoted_versions(const Subject& subject, std::vector<Finding>& findings);
void find_empty_keys(const Subject& subject, std::vector<Finding>& findings);

// config_secrets.cpp
void find_secrets_in_config(const Subject& subject, std::vector<Finding>& findings);

// entry_point_checks.cpp
void find_wrong_entry_points(const Subject& subject, std::vector<Finding>& findings);
void find_no_entry_point(const Subject& subject, std::vector<Finding>& findings);
void find_concurrency_without_async(const Subject& subject, std::vector<Finding>& findings);

// run_step_checks.cpp
void find_apt_in_run(const Subject& subject, std::vector<Finding>& findings);
void find_pip_in_run(const Subject& subject, std::vector<Finding>& findings);
void find_unpinned_run(const Subject& subject, std::vector<Finding>& findings);

}  // namespace cogbuild::check
