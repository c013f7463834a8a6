#pragma once

#include "rule_case.hpp"

#include <string>
#include <string_view>

namespace cogbuild::check {

// A project whose predictor has these parameters, one a line from line 7 on.
inline Files project_with(std::string_view parameters) {
  std::string source =
      "from typing import List, Optional\n"
      "from cog import BasePredictor, File, Input, Path, Secret\n"
      "LIMIT = 100\n"
      "class Predictor(BasePredictor):\n"
      "    def predict(\n"
      "        self,\n";
  source += parameters;
  source += "    ) -> str:\n        return \"\"\n";
  return {{"cog.yaml", "predict: predict.py:Predictor\n"}, {"predict.py", source}};
}

// The findings of a rule over such a project.
inline Strings over_inputs(std::string_view rule, std::string_view parameters) {
  return findings_of(rule, project_with(parameters));
}

}  // namespace cogbuild::check
