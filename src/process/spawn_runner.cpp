#include "no_such_program.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/process/runner.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace cogbuild::process {

namespace {

using Clock = std::chrono::steady_clock;

Error spawn_error(const Command& command, int code) {
  return {ErrorKind::io, fmt::format("cannot run `{}`: {}", command.arguments.front(),
                                     std::generic_category().message(code))};
}

struct Pipe {
  io::Fd read{};
  io::Fd write{};
};

Result<Pipe> make_pipe(const Command& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(spawn_error(command, errno));
  return Pipe{.read = io::Fd(ends[0]), .write = io::Fd(ends[1])};
}

void set_nonblocking(const io::Fd& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

// Writing to a program that does not read must be EPIPE, not our death; only this thread is
// changed.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&sigpipe_);
    ::sigaddset(&sigpipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~SigpipeGuard() {
    const timespec at_once{};
    if (!was_pending_)
      while (::sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// The inherited environment with the command's additions, as exec wants it.
std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> lines;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    const auto name = line.substr(0, line.find('='));
    if (std::ranges::none_of(command.environment,
                             [name](const auto& added) { return added.first == name; }))
      lines.emplace_back(line);
  }
  for (const auto& [name, value] : command.environment) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& lines) {
  std::vector<char*> out;
  for (auto& line : lines) out.push_back(line.data());
  out.push_back(nullptr);
  return out;
}

struct SpawnPlan {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

// A running program, the leader of its own process group. Destroyed before its end, the whole group
// is killed.
class Child {
 public:
  static Result<Child> spawn(const Command& command, const Pipe& input, const Pipe& output,
                             const Pipe& error_output) {
    SpawnPlan plan;
    ::posix_spawn_file_actions_adddup2(&plan.actions, input.read.get(), 0);
    ::posix_spawn_file_actions_adddup2(&plan.actions, output.write.get(), 1);
    ::posix_spawn_file_actions_adddup2(&plan.actions, error_output.write.get(), 2);
    if (!command.directory.empty())
      ::posix_spawn_file_actions_addchdir_np(&plan.actions, command.directory.c_str());
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&plan.attributes, &signals);
    ::sigaddset(&signals, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&plan.attributes, &signals);
    ::posix_spawnattr_setpgroup(&plan.attributes, 0);
    ::posix_spawnattr_setflags(
        &plan.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    auto arguments = command.arguments;
    auto environment = environment_of(command);
    pid_t pid = -1;
    const int code =
        ::posix_spawnp(&pid, arguments.front().c_str(), &plan.actions, &plan.attributes,
                       pointers(arguments).data(), pointers(environment).data());
    if (code == ENOENT) return fail(no_such_program(command));
    if (code != 0) return fail(spawn_error(command, code));
    return Child(pid);
  }
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // The exit code once it has ended, -1 before.
  int poll_exit() {
    if (pid_ < 0) return exit_code_;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return -1;
    pid_ = -1;
    constexpr int kSignalBase = 128;
    exit_code_ = WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
    return exit_code_;
  }

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid_;
  int exit_code_ = -1;
};

// Reads what is there. False when the text grew past the limit.
bool drain(io::Fd& fd, std::string& text, std::uint64_t limit_bytes) {
  std::array<char, std::size_t{64} * 1024> buffer;
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return true;
    if (count <= 0) {
      fd.close();
      return true;
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit_bytes) return false;
  }
}

void feed(io::Fd& fd, std::string_view& rest) {
  while (!rest.empty()) {
    const ssize_t count = ::write(fd.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) break;  // the program does not want it
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  fd.close();
}

}  // namespace

Result<Outcome> SpawnRunner::run(const Command& command) {
  if (command.arguments.empty()) return fail(no_such_program(command));
  std::error_code code;
  if (!command.directory.empty() && !std::filesystem::is_directory(command.directory, code))
    return fail(
        Error(ErrorKind::io, fmt::format("cannot run `{}` in {}: there is no such directory",
                                         command.arguments.front(), command.directory.string())));
  TRY_ASSIGN(Pipe input, make_pipe(command));
  TRY_ASSIGN(Pipe output, make_pipe(command));
  TRY_ASSIGN(Pipe error_output, make_pipe(command));
  TRY_ASSIGN(Child child, Child::spawn(command, input, output, error_output));
  input.read.close();
  output.write.close();
  error_output.write.close();
  for (const io::Fd* fd : {&input.write, &output.read, &error_output.read}) set_nonblocking(*fd);

  const SigpipeGuard guard;
  const auto deadline = Clock::now() + command.timeout;
  std::string_view rest = command.input;
  feed(input.write, rest);
  Outcome outcome;
  for (;;) {
    const int exit_code = child.poll_exit();
    // Read after the end was seen, so that nothing the program wrote is missed.
    if (output.read.valid() && !drain(output.read, outcome.output, command.limit_bytes)) break;
    if (error_output.read.valid() &&
        !drain(error_output.read, outcome.error_output, command.limit_bytes))
      break;
    if (exit_code >= 0) {
      outcome.exit_code = exit_code;
      return outcome;
    }
    if (Clock::now() >= deadline)
      return fail(
          Error(ErrorKind::io, fmt::format("`{}` did not end within {} ms",
                                           command.arguments.front(), command.timeout.count())));
    std::array<pollfd, 3> events = {
        pollfd{.fd = input.write.get(), .events = POLLOUT, .revents = 0},
        pollfd{.fd = output.read.get(), .events = POLLIN, .revents = 0},
        pollfd{.fd = error_output.read.get(), .events = POLLIN, .revents = 0}};
    // An end without a closing pipe (a grandchild keeps it) is noticed by the clock.
    const bool silent = !output.read.valid() && !error_output.read.valid();
    ::poll(events.data(), events.size(), silent ? 1 : 20);
    if (input.write.valid() && events[0].revents != 0) feed(input.write, rest);
  }
  return fail(Error(ErrorKind::io, fmt::format("`{}` wrote more than {} bytes",
                                               command.arguments.front(), command.limit_bytes)));
}

}  // namespace cogbuild::process
