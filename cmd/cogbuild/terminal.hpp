#pragma once

#include <cogbuild/progress/reporter.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace cogbuild::cmd {

enum class Verbosity { quiet, normal, verbose };

// Decimal units with one decimal, as everywhere in cogbuild: `512.0 MB`.
std::string in_megabytes(std::uint64_t bytes);

// Progress on standard error: one line that is redrawn on a terminal; elsewhere a plain line for
// each piece of work that took a second or more, so that CI logs stay short. Colours only on a
// terminal, and not with NO_COLOR.
class Terminal final : public progress::Reporter {
 public:
  struct Options {
    bool is_terminal = false;
    bool colour = false;
    Verbosity verbosity = Verbosity::normal;
  };
  explicit Terminal(Options options) : options_(options) {}
  ~Terminal() override;

  void started(const std::string& id, const std::string& label, std::uint64_t total_bytes) override;
  void advanced(const std::string& id, std::uint64_t done_bytes) override;
  void finished(const std::string& id, const std::string& outcome) override;
  void note(const std::string& line) override;
  void warn(const std::string& line) override;
  void explain(const std::string& line) override;

  // An error's text as render gives it: several lines, the word in colour.
  void error(const std::string& text);

 private:
  using Clock = std::chrono::steady_clock;
  struct Work {
    std::string label{};
    std::uint64_t total_bytes = 0;
    std::uint64_t done_bytes = 0;
    Clock::time_point begun{};
  };
  void print(const std::string& text);  // clears the progress line first
  void redraw();
  void clear();
  std::string coloured(const std::string& text, const char* code) const;

  Options options_;
  std::mutex mutex_{};
  std::map<std::string, Work> work_{};
  Clock::time_point drawn_{};
  bool line_shown_ = false;
};

}  // namespace cogbuild::cmd
