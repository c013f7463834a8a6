#include "debian_archive.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace cogbuild::testing {

namespace {

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

std::string new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "gpg-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) die("cannot make " + name);
  return name;
}

void write_file(const std::string& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  if (!file.flush()) die("cannot write " + path);
}

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) die("cannot run " + command);
  std::string output;
  std::array<char, 4096> block{};
  for (std::size_t count = 1; count > 0;) {
    count = std::fread(block.data(), 1, block.size(), pipe);
    output.append(block.data(), count);
  }
  if (::pclose(pipe) != 0) die("failed: " + command);
  return output;
}

std::string packed(std::string_view text, const std::string& ending) {
  if (ending.empty()) return std::string(text);
  if (ending == ".gz") return filtered("gzip -nc", text);
  if (ending == ".xz") return filtered("xz -c", text);
  if (ending == ".zst") return filtered("zstd -qc", text);
  if (ending == ".bz2") return filtered("bzip2 -c", text);
  die("no such compression: " + ending);
}

}  // namespace

std::string filtered(const std::string& command, std::string_view text) {
  const std::string folder = new_folder();
  write_file(folder + "/input", text);
  std::string output = output_of(fmt::format("{} < {}/input", command, folder));
  std::filesystem::remove_all(folder);
  return output;
}

SigningKey::SigningKey(bool expired) : folder_(new_folder()) {
  if (expired) time_ = "--faked-system-time 20200101T000000! ";
  gpg(fmt::format("--passphrase '' --quick-gen-key 'Archive <archive@example.org>' ed25519 sign {}",
                  expired ? "1d" : "never"));
}

SigningKey::~SigningKey() {
  if (std::system(fmt::format("gpgconf --homedir {} --kill all", folder_).c_str()) != 0)
    std::fprintf(stderr, "gpg-agent of %s goes on\n", folder_.c_str());
  std::filesystem::remove_all(folder_);
}

std::string SigningKey::gpg(const std::string& arguments, std::string_view input) const {
  write_file(folder_ + "/input", input);
  return output_of(fmt::format(
      "gpg --homedir {0} --batch --no-tty --quiet --pinentry-mode loopback {1} {2} < {0}/input "
      "2>> {0}/messages",
      folder_, time_, arguments));
}

std::string SigningKey::clear_sign(std::string_view text) const {
  return gpg("--digest-algo SHA512 --clear-sign", text);
}
std::string SigningKey::detach_sign(std::string_view text) const {
  return gpg("--digest-algo SHA512 --armor --detach-sign", text);
}
std::string SigningKey::armoured() const { return gpg("--armor --export"); }
std::string SigningKey::binary() const { return gpg("--export"); }

std::string SigningKey::fingerprint() const {
  const std::string list = gpg("--with-colons --list-keys");
  const auto at = list.find("\nfpr:::::::::");
  if (at == std::string::npos) die("gpg lists no key");
  constexpr std::size_t kDigits = 40;
  return list.substr(at + 13, kDigits);
}

std::string DebianPackage::path() const {
  return fmt::format("pool/{}/{}_{}_{}.deb", component, name, version, architecture);
}

std::string DebianArchive::folder() const { return flat ? "" : "dists/" + codename + "/"; }

std::map<std::string, std::string> DebianArchive::files() const {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> lists;  // by path without ending
  if (flat) lists["Packages"];
  for (const auto& component : components)
    for (const auto& architecture : architectures)
      if (!flat) lists[fmt::format("{}{}/binary-{}/Packages", folder(), component, architecture)];
  for (const auto& package : packages) {
    files[package.path()] = package.content;
    for (const auto& architecture : architectures) {
      if (package.architecture != architecture && package.architecture != "all") continue;
      auto& list = lists[flat ? "Packages"
                              : fmt::format("{}{}/binary-{}/Packages", folder(), package.component,
                                            architecture)];
      if (!list.empty()) list += "\n";
      list += fmt::format(
          "Package: {}\nVersion: {}\nArchitecture: {}\n{}Filename: {}\nSize: {}\nSHA256: {}\n",
          package.name, package.version, package.architecture, package.fields, package.path(),
          package.content.size(), digest::digest_of(package.content).hex());
      if (flat) break;
    }
  }
  for (const auto& [path, text] : lists) {
    for (const auto& form : forms) {
      const std::string content = packed(text, form);
      files[path + form] = content;
      if (by_hash)
        files[fmt::format("{}by-hash/SHA256/{}", path.substr(0, path.rfind('/') + 1),
                          digest::digest_of(content).hex())] = content;
    }
  }
  return files;
}

std::string DebianArchive::release() const {
  std::string text = fmt::format("Origin: {}\nLabel: {}\nSuite: {}\nCodename: {}\nDate: {}\n",
                                 origin, label, suite, codename, date);
  if (!valid_until.empty()) text += fmt::format("Valid-Until: {}\n", valid_until);
  if (by_hash) text += "Acquire-By-Hash: yes\n";
  if (!flat)
    text += fmt::format("Architectures: {}\nComponents: {}\n", fmt::join(architectures, " "),
                        fmt::join(components, " "));
  text += "SHA256:\n";
  for (const auto& [path, content] : files()) {
    if (path.starts_with("pool/") || path.find("/by-hash/") != std::string::npos ||
        path.starts_with("by-hash/"))
      continue;
    text += fmt::format(" {} {} {}\n", digest::digest_of(content).hex(), content.size(),
                        path.substr(folder().size()));
  }
  return text;
}

}  // namespace cogbuild::testing
