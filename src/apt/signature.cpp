#include "signature.hpp"

#include "gpgv_status.hpp"

#include <cogbuild/debian/clear_signed.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace cogbuild::apt {

namespace {

constexpr std::uint64_t kLimitBytes = std::uint64_t{64} << 20U;

Error no_verifier(std::string_view what) {
  return Error(ErrorKind::not_found,
               fmt::format("the signature of {} cannot be verified: there is no `gpgv`", what))
      .hint("install the package gpgv (or gpgv-sq)");
}

// A run of gpgv on files in a folder that nobody else can read.
class Verification {
 public:
  static Result<Verification> prepare(const Trust& trust) {
    TRY_ASSIGN(auto folder, io::TempDir::create());
    Verification verification(std::move(folder));
    for (const auto& keyring : trust.keyrings) {
      // gpgv looks a relative name up in its own folder.
      const auto path = fmt::format("keyring-{}.gpg", verification.options_.size());
      TRY_ASSIGN(const auto file, verification.write(path, keyring));
      verification.options_.insert(verification.options_.end(), {"--keyring", file});
    }
    return verification;
  }

  Result<std::string> write(std::string_view name, std::string_view content) {
    const auto path = folder_.path() / name;
    TRY(io::write_atomically(path, content));
    return path.string();
  }
  [[nodiscard]] std::string path(std::string_view name) const {
    return (folder_.path() / name).string();
  }

  // Its status lines. The exit code says nothing: it is 2 when only one of two signers is known.
  Result<std::string> run(process::Runner& runner, const std::vector<std::string>& arguments,
                          std::string_view what) {
    for (const char* program : {"gpgv", "gpgv-sq"}) {
      process::Command command{.arguments = {program, "--homedir", folder_.path().string()},
                               .environment = {{"LC_ALL", "C"}}};
      auto& all = command.arguments;
      all.insert(all.end(), options_.begin(), options_.end());
      all.insert(all.end(), {"--status-fd", "1"});
      all.insert(all.end(), arguments.begin(), arguments.end());
      auto outcome = runner.run(command);
      if (outcome) return std::move(outcome->output);
      if (outcome.error().kind() != ErrorKind::not_found) return fail(std::move(outcome).error());
    }
    return fail(no_verifier(what));
  }

 private:
  explicit Verification(io::TempDir folder) : folder_(std::move(folder)) {}
  io::TempDir folder_;
  std::vector<std::string> options_{};
};

Result<debian::ClearSigned> split(std::string_view text, std::string_view what) {
  auto parts = debian::split_clear_signed(text);
  if (!parts)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} is not one signed text: {}", what, parts.error().message())));
  return *parts;
}

}  // namespace

Result<std::string> verify_clear_signed(std::string_view text, const Trust& trust,
                                        process::Runner& runner, std::string_view what) {
  TRY(split(text, what));
  TRY_ASSIGN(auto verification, Verification::prepare(trust));
  TRY_ASSIGN(const auto file, verification.write("InRelease", text));
  const auto signed_text = verification.path("signed");
  TRY_ASSIGN(const auto status, verification.run(runner, {"--output", signed_text, file}, what));
  TRY(judge_signatures(status, trust.fingerprints, what));
  auto content = io::read_file(signed_text, kLimitBytes);
  if (!content)
    return fail(
        Error(ErrorKind::integrity, fmt::format("gpgv does not print what is signed of {}", what)));
  return content;
}

Result<void> verify_detached(std::string_view text, std::string_view signature, const Trust& trust,
                             process::Runner& runner, std::string_view what) {
  TRY_ASSIGN(auto verification, Verification::prepare(trust));
  TRY_ASSIGN(const auto signature_file, verification.write("Release.gpg", signature));
  TRY_ASSIGN(const auto file, verification.write("Release", text));
  TRY_ASSIGN(const auto status, verification.run(runner, {signature_file, file}, what));
  return judge_signatures(status, trust.fingerprints, what);
}

Result<std::string> unverified_text(std::string_view clear_signed) {
  TRY_ASSIGN(const auto parts, debian::split_clear_signed(clear_signed));
  std::string out;
  std::string_view body = parts.body;
  while (!body.empty()) {
    const auto end = std::min(body.find('\n') + 1, body.size());
    const auto line = body.substr(0, end == 0 ? body.size() : end);
    body.remove_prefix(line.size());
    out += line.substr(line.starts_with("- ") ? 2 : 0);
  }
  return out;
}

}  // namespace cogbuild::apt
