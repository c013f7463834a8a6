#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace cogbuild::progress {

// What the user may hear while work goes on. Work rooms report; how it looks is decided in cmd.
// Implementations are safe to call from several threads.
class Reporter {
 public:
  virtual ~Reporter() = default;
  // A unit of work with a known or unknown (0) total in bytes. `id` ties its events together.
  virtual void started(const std::string& id, const std::string& label,
                       std::uint64_t total_bytes) = 0;
  virtual void advanced(const std::string& id, std::uint64_t done_bytes) = 0;
  virtual void finished(const std::string& id, const std::string& outcome) = 0;
  // One line about something done or decided (`opencv-python 4.10 -> opencv-python-headless 4.10`).
  virtual void note(const std::string& line) = 0;
  // One line that the user should act on.
  virtual void warn(const std::string& line) = 0;
  // Why something was or was not reused; shown by --verbose.
  virtual void explain(const std::string& line) = 0;
};

// Says nothing.
class Silent final : public Reporter {
 public:
  void started(const std::string&, const std::string&, std::uint64_t) override {}
  void advanced(const std::string&, std::uint64_t) override {}
  void finished(const std::string&, const std::string&) override {}
  void note(const std::string&) override {}
  void warn(const std::string&) override {}
  void explain(const std::string&) override {}
};

// Keeps the lines, for tests and for showing later.
class Recording final : public Reporter {
 public:
  void started(const std::string&, const std::string& label, std::uint64_t) override {
    add(starts_, label);
  }
  void advanced(const std::string&, std::uint64_t) override {}
  void finished(const std::string&, const std::string&) override {}
  void note(const std::string& line) override { add(notes_, line); }
  void warn(const std::string& line) override { add(warnings_, line); }
  void explain(const std::string& line) override { add(explanations_, line); }

  [[nodiscard]] std::vector<std::string> starts() const { return copy(starts_); }
  [[nodiscard]] std::vector<std::string> notes() const { return copy(notes_); }
  [[nodiscard]] std::vector<std::string> warnings() const { return copy(warnings_); }
  [[nodiscard]] std::vector<std::string> explanations() const { return copy(explanations_); }

 private:
  void add(std::vector<std::string>& list, const std::string& line) {
    const std::lock_guard lock(mutex_);
    list.push_back(line);
  }
  std::vector<std::string> copy(const std::vector<std::string>& list) const {
    const std::lock_guard lock(mutex_);
    return list;
  }
  mutable std::mutex mutex_{};
  std::vector<std::string> starts_{};
  std::vector<std::string> notes_{};
  std::vector<std::string> warnings_{};
  std::vector<std::string> explanations_{};
};

}  // namespace cogbuild::progress
