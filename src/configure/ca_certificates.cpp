#include "ca_certificates.hpp"

#include "words.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

namespace cogbuild::configure {
namespace {

constexpr std::string_view kShared = "usr/share/ca-certificates";
constexpr std::string_view kLocal = "usr/local/share/ca-certificates";
constexpr std::string_view kChoice = "etc/ca-certificates.conf";
constexpr std::string_view kBundle = "etc/ssl/certs/ca-certificates.crt";

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

// `mozilla/A_B.crt` -> `A_B.pem`, without what shells trip over.
std::string link_name(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));
  if (name.ends_with(".crt")) name.resize(name.size() - 4);
  for (char& c : name) {
    if (c == ' ' || c == ',') c = '_';
    if (c == '(' || c == ')') c = '=';
  }
  return name + ".pem";
}

// What the root's configuration deselects, relative to `kShared`.
std::set<std::string, std::less<>> deselected(const std::string* choice) {
  std::set<std::string, std::less<>> names;
  if (choice == nullptr) return names;
  for (std::string_view rest = *choice; !rest.empty();)
    if (const auto line = trim(next_line(rest)); line.starts_with('!'))
      names.emplace(trim(line.substr(1)));
  return names;
}

// `etc/ca-certificates.conf` with the certificates that it does not list yet.
std::string choice_file(const std::string* before, const std::vector<std::string>& names) {
  std::string text;
  std::set<std::string, std::less<>> listed;
  if (before != nullptr) {
    text = *before;
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    for (std::string_view rest = text; !rest.empty();) {
      auto line = trim(next_line(rest));
      if (line.starts_with('!')) line = trim(line.substr(1));
      listed.emplace(line);
    }
  } else {
    text = "# Certificates below /usr/share/ca-certificates; a leading ! deselects one.\n";
  }
  for (const auto& name : names)
    if (!listed.contains(name)) text += fmt::format("{}\n", name);
  return text;
}

// Where OpenSSL looks: the links are in package openssl, which a small base lacks.
void write_openssl_links(WorkingRoot& root) {
  root.add_missing_link("usr/lib/ssl/certs", "/etc/ssl/certs");
  root.add_missing_link("usr/lib/ssl/cert.pem", "/etc/ssl/certs/ca-certificates.crt");
}

void append_number(std::string& to, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i)
    to.push_back(
        static_cast<char>(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i)))));
}

void append_text(std::string& to, std::string_view text) {
  append_number(to, text.size(), 2);
  to += text;
}

Result<void> write_java_trust_store(WorkingRoot& root, std::vector<NamedCertificate> certificates) {
  if (root.package("ca-certificates-java") == nullptr &&
      !(root.exists("etc/ssl/certs/java/cacerts") && !certificates.empty()))
    return {};
  if (certificates.empty()) {
    const auto* bundle = root.read(kBundle);
    if (bundle == nullptr) {
      root.warn("Java has no trust store: the certificates of the base were not kept");
      return {};
    }
    TRY_ASSIGN(certificates, read_certificates(*bundle, "", kBundle));
    std::size_t number = 0;
    for (auto& certificate : certificates) certificate.name = fmt::format("{:03}.pem", number++);
  }
  root.add_file("etc/ssl/certs/java/cacerts", java_trust_store(std::move(certificates)));
  return {};
}

}  // namespace

Result<std::vector<NamedCertificate>> read_certificates(std::string_view pem, std::string name,
                                                        std::string_view origin) {
  std::vector<NamedCertificate> certificates;
  if (pem.size() > (std::size_t{16} << 20U))
    return fail(Error(ErrorKind::config, fmt::format("{} is too long", origin)));
  const std::unique_ptr<BIO, FreeBio> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (true) {
    const std::unique_ptr<X509, FreeCertificate> certificate(
        PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (certificate == nullptr) {
      const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
      ERR_clear_error();
      if (at_end && !certificates.empty()) return certificates;
      return fail(Error(ErrorKind::config, fmt::format("{} is not a certificate", origin)));
    }
    NamedCertificate read{.name = name};
    const int size = i2d_X509(certificate.get(), nullptr);
    if (size <= 0)
      return fail(Error(ErrorKind::config, fmt::format("{} is not a certificate", origin)));
    read.der.resize(static_cast<std::size_t>(size));
    auto* out = reinterpret_cast<unsigned char*>(read.der.data());
    i2d_X509(certificate.get(), &out);
    read.subject_hash = static_cast<std::uint32_t>(X509_subject_name_hash(certificate.get()));
    certificates.push_back(std::move(read));
  }
}

std::string java_trust_store(std::vector<NamedCertificate> certificates) {
  std::ranges::sort(certificates, {}, &NamedCertificate::name);
  std::string store;
  append_number(store, 0xfeedfeed, 4);
  append_number(store, 2, 4);
  append_number(store, certificates.size(), 4);
  for (const auto& certificate : certificates) {
    append_number(store, 2, 4);  // a trusted certificate
    std::string alias = fmt::format("debian:{}", certificate.name);
    std::ranges::transform(alias, alias.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    append_text(store, alias);
    append_number(store, 0, 8);  // when it was added
    append_text(store, "X.509");
    append_number(store, certificate.der.size(), 4);
    store += certificate.der;
  }
  // The digest that guards the store: over the password in UTF-16, a fixed phrase, and the store.
  std::string guarded;
  for (const char c : std::string_view("changeit")) {
    guarded.push_back('\0');
    guarded.push_back(c);
  }
  guarded += "Mighty Aphrodite";
  guarded += store;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(guarded.data(), guarded.size(), digest.data(), &size, EVP_sha1(), nullptr);
  store.append(reinterpret_cast<const char*>(digest.data()), size);
  return store;
}

Result<void> write_ca_certificates(WorkingRoot& root) {
  bool brought = false;
  std::map<std::string, std::string> path_of;  // by link name
  std::vector<std::string> shared_names;
  const auto* choice = root.read(kChoice);
  const auto off = deselected(choice);
  for (const auto directory : {kShared, kLocal}) {
    for (const auto& path : root.kept_below(directory)) {
      if (!path.ends_with(".crt")) continue;
      brought = brought || root.shipped(path) != nullptr;
      if (directory == kShared) {
        const auto name = path.substr(kShared.size() + 1);
        shared_names.push_back(name);
        if (off.contains(name)) continue;
      }
      path_of[link_name(path)] = path;
    }
  }
  if (!brought) return write_java_trust_store(root, {});

  std::string bundle;
  std::vector<NamedCertificate> certificates;
  // Certificates that join those of the root, which are known by its bundle alone.
  if (root.package("ca-certificates") == nullptr && root.exists(kBundle)) {
    const auto* before = root.read(kBundle);
    if (before == nullptr) {
      root.warn(
          fmt::format("the certificates in {} of packages are not trusted: those of the base "
                      "were not kept",
                      kShared));
      return {};
    }
    bundle = *before;
    TRY_ASSIGN(certificates, read_certificates(bundle, "base.pem", kBundle));
  }
  std::map<std::uint32_t, int> used;
  std::set<std::string> seen;
  for (const auto& [link, path] : path_of) {
    const auto& pem = *root.read(path);
    TRY_ASSIGN(auto read, read_certificates(pem, link, path));
    bundle += pem;
    if (!bundle.ends_with('\n')) bundle += '\n';
    root.add_link(fmt::format("etc/ssl/certs/{}", link), fmt::format("/{}", path));
    // OpenSSL links each certificate once, and files of one certificate only.
    if (read.size() == 1 && seen.insert(read[0].der).second)
      root.add_link(fmt::format("etc/ssl/certs/{:08x}.{}", read[0].subject_hash,
                                used[read[0].subject_hash]++),
                    link);
    for (auto& certificate : read) certificates.push_back(std::move(certificate));
  }
  root.add_file(std::string(kBundle), std::move(bundle));
  root.add_file(std::string(kChoice), choice_file(choice, shared_names));
  write_openssl_links(root);
  return write_java_trust_store(root, std::move(certificates));
}

}  // namespace cogbuild::configure
