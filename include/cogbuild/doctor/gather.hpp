#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/doctor/environment.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/url/url.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cogbuild::doctor {

// Where to look, and what the caller knows already.
struct Question {
  std::map<std::string, std::string> environment{};
  std::filesystem::path project{};
  Facts known{};  // what is neither asked of a server nor seen in the file system
  std::vector<std::filesystem::path> configuration_files{};  // those that exist must be readable
  std::vector<url::Url> indexes{};                           // may hold credentials
};

// Looks at this machine and, unless `known.offline`, asks each server one question at the same
// time, a few seconds at most. Nothing is written, no program runs, and what cannot be found out is
// a fact too.
Facts gather(const Question& question, http::Client& http, const clock::Clock& clock);

}  // namespace cogbuild::doctor
