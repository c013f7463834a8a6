#pragma once

#include "terminal.hpp"

#include <cogbuild/build/build.hpp>
#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/process/runner.hpp>
#include <cogbuild/store/local_store.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace cogbuild::cmd {

// What one run of the program has in hand: the real implementations of every seam, made on first
// use so that a command pays only for what it touches.
class Session {
 public:
  explicit Session(std::map<std::string, std::string> environment);

  [[nodiscard]] Terminal& terminal() { return *terminal_; }
  void set_verbosity(Verbosity verbosity);
  void set_insecure(bool insecure) { insecure_ = insecure; }
  // Everything a build needs. Error: io, when the cache cannot be opened.
  Result<build::Services*> services();
  // Standard output carries results only.
  void write_result(const std::string& text);
  // Remembers how the command ended, and tells the user of an error.
  void finish(const Result<void>& outcome);
  // Ends without an error to tell, and yet not with 0: the results say why.
  void end_with(int exit_code) { exit_code_ = exit_code; }
  [[nodiscard]] int exit_code() const { return exit_code_; }
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const;

 private:
  std::map<std::string, std::string> environment_;
  std::unique_ptr<Terminal> terminal_;
  bool insecure_ = false;
  clock::SystemClock clock_{};
  process::SpawnRunner runner_{};
  store::LocalStore store_{};
  std::unique_ptr<http::CurlClient> http_{};
  std::unique_ptr<http::CurlClient> uploads_{};
  std::unique_ptr<build::Services> services_{};
  int exit_code_ = 0;
};

}  // namespace cogbuild::cmd
