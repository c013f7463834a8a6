#pragma once

#include <cogbuild/clock/clock.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::doctor {

// What a server said to one question.
struct Answer {
  std::string place{};                                // as the user may read it: no credentials
  int status = 0;                                     // of HTTP; 0: none came
  std::string problem{};                              // why none came
  std::optional<std::chrono::seconds> clock_ahead{};  // the server's clock minus ours
  friend bool operator==(const Answer&, const Answer&) = default;
};

// What was found around the project: on this machine and at the servers that a build talks to.
struct Facts {
  clock::Time now{};

  std::filesystem::path cache{};
  std::string cache_problem{};  // why it cannot be used; empty: it can
  std::uint64_t free_bytes = 0;

  bool has_git = false;
  bool needs_git = false;  // the requirements name repositories
  bool has_gpgv = false;
  bool needs_gpgv = false;  // the project asks for system packages
  bool has_lock = false;

  std::vector<std::string> unreadable_files{};      // configuration of pip, uv and netrc
  std::vector<std::string> missing_certificates{};  // `NAME=value` of variables that name no file
  std::vector<std::string> proxies{};               // names of the variables that are set

  bool offline = false;         // no server was asked
  std::string index_problem{};  // why no index could be chosen
  std::vector<Answer> indexes{};
  std::string registry{};  // host; empty: cog.yaml names no image
  bool has_credentials = false;
  std::string credentials_problem{};
  std::optional<Answer> registry_answer{};
};

enum class Grade { ok, hint, warning, error };

struct Verdict {
  std::string id{};  // lowercase-dashes
  Grade grade = Grade::ok;
  std::string message{};
  std::string fix{};  // empty where there is nothing to do
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// One verdict or more for each thing that a build relies on, in a fixed order. Pure.
std::vector<Verdict> judge(const Facts& facts);

}  // namespace cogbuild::doctor
