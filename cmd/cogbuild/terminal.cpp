#include "terminal.hpp"

#include <cogbuild/error/printable.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cogbuild::cmd {

namespace {

constexpr std::chrono::milliseconds kRedrawEvery{100};
constexpr std::chrono::seconds kWorthALine{1};

std::size_t terminal_width() {
  winsize size{};
  constexpr std::size_t kUsual = 80;
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

}  // namespace

std::string in_megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

Terminal::~Terminal() {
  const std::lock_guard lock(mutex_);
  clear();
}

std::string Terminal::coloured(const std::string& text, const char* code) const {
  return options_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

void Terminal::clear() {
  if (!line_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  line_shown_ = false;
}

void Terminal::print(const std::string& text) {
  clear();
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

void Terminal::redraw() {
  const auto now = Clock::now();
  if (now - drawn_ < kRedrawEvery || work_.empty()) return;
  drawn_ = now;
  std::string line;
  for (const auto& [id, work] : work_) {
    if (!line.empty()) line += "  ";
    line += work.total_bytes > 0
                ? fmt::format("{} {}%", work.label, work.done_bytes * 100 / work.total_bytes)
                : fmt::format("{} {}", work.label, in_megabytes(work.done_bytes));
  }
  const std::size_t width = terminal_width() - 1;
  if (line.size() > width) line.resize(width);
  std::fputs(("\r\x1b[K" + line).c_str(), stderr);
  std::fflush(stderr);
  line_shown_ = true;
}

void Terminal::started(const std::string& id, const std::string& label, std::uint64_t total_bytes) {
  const std::lock_guard lock(mutex_);
  work_[id] = {.label = label, .total_bytes = total_bytes, .begun = Clock::now()};
  if (options_.is_terminal && options_.verbosity != Verbosity::quiet) redraw();
}

void Terminal::advanced(const std::string& id, std::uint64_t done_bytes) {
  const std::lock_guard lock(mutex_);
  const auto work = work_.find(id);
  if (work == work_.end()) return;
  work->second.done_bytes = done_bytes;
  if (options_.is_terminal && options_.verbosity != Verbosity::quiet) redraw();
}

void Terminal::finished(const std::string& id, const std::string& outcome) {
  const std::lock_guard lock(mutex_);
  const auto found = work_.find(id);
  if (found == work_.end()) return;
  const Work work = found->second;
  work_.erase(found);
  if (options_.verbosity == Verbosity::quiet) return;
  const auto took = Clock::now() - work.begun;
  if (took < kWorthALine && options_.verbosity != Verbosity::verbose) return;
  const std::uint64_t size = work.total_bytes > 0 ? work.total_bytes : work.done_bytes;
  print(fmt::format("{} ({}, {:.1f} s){}{}\n", work.label, in_megabytes(size),
                    std::chrono::duration<double>(took).count(), outcome.empty() ? "" : ": ",
                    outcome));
}

void Terminal::note(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (options_.verbosity != Verbosity::quiet) print(printable_lines(line) + "\n");
}

void Terminal::warn(const std::string& line) {
  const std::lock_guard lock(mutex_);
  print(coloured("warning:", "33") + " " + printable_lines(line) + "\n");
}

void Terminal::explain(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (options_.verbosity == Verbosity::verbose) print(printable_lines(line) + "\n");
}

void Terminal::error(const std::string& text) {
  const std::lock_guard lock(mutex_);
  std::string shown = text;
  if (const auto at = shown.find("error: "); options_.colour && at != std::string::npos)
    shown.replace(at, 6, coloured("error:", "31"));
  print(shown);
}

}  // namespace cogbuild::cmd
