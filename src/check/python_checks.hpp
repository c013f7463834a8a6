#pragma once

#include <cogbuild/check/finding.hpp>
#include <cogbuild/check/subject.hpp>

#include <vector>

namespace cogbuild::check {

// What the rules of the python group run, by the file that holds them.

// signature_checks.cpp
void find_signature_faults(const Subject& subject, std::vector<Finding>& findings);
void find_missing_annotations(const Subject& subject, std::vector<Finding>& findings);
void find_syntax_errors(const Subject& subject, std::vector<Finding>& findings);

// runner_checks.cpp
void find_both_methods(const Subject& subject, std::vector<Finding>& findings);
void find_setup_arguments(const Subject& subject, std::vector<Finding>& findings);
void find_blocking_async(const Subject& subject, std::vector<Finding>& findings);
void find_relative_imports(const Subject& subject, std::vector<Finding>& findings);

// predict_method_check.cpp
void find_predict_method(const Subject& subject, std::vector<Finding>& findings);

// pydantic_model_check.cpp
void find_pydantic_models(const Subject& subject, std::vector<Finding>& findings);

// old_name_checks.cpp
void find_removed_imports(const Subject& subject, std::vector<Finding>& findings);
void find_deprecated_names(const Subject& subject, std::vector<Finding>& findings);
void find_old_decorators(const Subject& subject, std::vector<Finding>& findings);

}  // namespace cogbuild::check
