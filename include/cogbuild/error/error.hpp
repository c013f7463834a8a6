#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild {

// Where in the user's files something stands. Lines and columns count from 1; 0 means unknown.
// `line_text` is the whole source line, so that the message can show it with a caret.
struct SourceLocation {
  std::string file{};
  std::size_t line = 0;
  std::size_t column = 0;
  std::string line_text{};

  friend bool operator==(const SourceLocation&, const SourceLocation&) = default;
};

// What went wrong, as far as a caller or the exit code cares.
enum class ErrorKind {
  usage,          // the command line is wrong
  config,         // cog.yaml, requirements or another input of the user is wrong
  unsatisfiable,  // no set of distributions fits the requirements
  lock_outdated,  // --locked, but the lock does not fit the inputs
  budget,         // a size budget is exceeded
  io,             // the local system: files, disk, permissions
  network,        // a server could not be reached or answered with an error
  auth,           // a server refused the credentials
  not_found,      // a server, store or folder does not have the thing
  integrity,      // bytes differ from their digest or size, or changed while being read
  conflict,       // two inputs claim one place
  unsupported,    // a known form that cogbuild does not handle
};

// An error with its position, the steps that were under way, hints, and further errors of the same
// run (a reader of a file reports all it finds). Values; cheap to move.
class Error {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

  // Each returns the error itself, so that they chain on a temporary.
  Error at(SourceLocation location) && {
    location_ = std::move(location);
    return std::move(*this);
  }
  // One more line of a story that the message begins.
  Error tell(std::string line) && {
    story_.push_back(std::move(line));
    return std::move(*this);
  }
  Error during(std::string step) && {
    steps_.push_back(std::move(step));
    return std::move(*this);
  }
  Error hint(std::string text) && {
    hints_.push_back(std::move(text));
    return std::move(*this);
  }
  Error also(Error other) && {
    others_.push_back(std::move(other));
    return std::move(*this);
  }

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] const std::optional<SourceLocation>& location() const { return location_; }
  [[nodiscard]] const std::vector<std::string>& story() const { return story_; }
  [[nodiscard]] const std::vector<std::string>& steps() const { return steps_; }
  [[nodiscard]] const std::vector<std::string>& hints() const { return hints_; }
  [[nodiscard]] const std::vector<Error>& others() const { return others_; }

 private:
  ErrorKind kind_;
  std::string message_;
  std::optional<SourceLocation> location_{};
  std::vector<std::string> story_{};
  std::vector<std::string> steps_{};
  std::vector<std::string> hints_{};
  std::vector<Error> others_{};
};

// The process exit code for an error of this kind (design, section 7).
int exit_code(ErrorKind kind);

// The error as the user reads it: `file:line:col: error: message`, the source line with a caret,
// the story, the steps, then the hints, then the further errors. Every line ends in LF; no colour.
std::string render(const Error& error);

}  // namespace cogbuild
