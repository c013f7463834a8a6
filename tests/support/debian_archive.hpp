#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::testing {

// A throwaway OpenPGP key, made by gpg in a folder of its own, which goes with it.
class SigningKey {
 public:
  // `expired`: it was valid for one day, long ago; what it signs is signed on that day.
  explicit SigningKey(bool expired = false);
  ~SigningKey();
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  [[nodiscard]] std::string clear_sign(std::string_view text) const;
  [[nodiscard]] std::string detach_sign(std::string_view text) const;
  [[nodiscard]] std::string armoured() const;     // the public key
  [[nodiscard]] std::string binary() const;       // the same
  [[nodiscard]] std::string fingerprint() const;  // of the primary key, upper case

 private:
  std::string gpg(const std::string& arguments, std::string_view input = {}) const;
  std::string folder_{};
  std::string time_{};  // options that set gpg's clock
};

// `text` as the program (`xz -c`, say) gives it back.
std::string filtered(const std::string& command, std::string_view text);

// A binary package of an archive.
struct DebianPackage {
  std::string name{};
  std::string version = "1.0";
  std::string architecture = "amd64";
  std::string fields{};               // further ones of its stanza, each line with LF
  std::string content = "a package";  // of its .deb
  std::string component = "main";

  // `pool/<component>/<name>_<version>_<architecture>.deb`
  [[nodiscard]] std::string path() const;
};

// One suite of an archive, from which its files are made.
struct DebianArchive {
  std::string suite = "stable";
  std::string codename = "trixie";
  std::string origin = "Debian";
  std::string label = "Debian";
  std::string date = "Sat, 11 Jul 2026 10:16:37 UTC";
  std::string valid_until{};
  std::vector<std::string> architectures = {"amd64"};
  std::vector<std::string> components = {"main"};
  bool by_hash = false;
  bool flat = false;                                // everything in one folder, the archive's root
  std::vector<std::string> forms = {".gz", ".xz"};  // of Packages: "", .gz, .xz, .zst, .bz2
  std::vector<DebianPackage> packages{};

  // Packages and .debs by path below the root; Packages by hash too, where `by_hash`.
  [[nodiscard]] std::map<std::string, std::string> files() const;
  // The Release that lists those files.
  [[nodiscard]] std::string release() const;
  // Where the Release is: `dists/<codename>/`, or the root.
  [[nodiscard]] std::string folder() const;
};

}  // namespace cogbuild::testing
