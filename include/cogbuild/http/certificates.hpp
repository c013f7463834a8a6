#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace cogbuild::http {

// Certificate authorities to trust: a file instead of the system's, a directory beside them. Both
// empty: the system's.
struct CertificateAuthorities {
  std::filesystem::path file{};       // PEM
  std::filesystem::path directory{};  // as c_rehash makes them
  friend bool operator==(const CertificateAuthorities&, const CertificateAuthorities&) = default;
};

// The first of SSL_CERT_FILE, PIP_CERT, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, `pip_cert` (`cert` of
// pip.conf) and SSL_CERT_DIR that is set. Each may name a directory.
CertificateAuthorities certificate_authorities(const std::map<std::string, std::string>& variables,
                                               const std::string& pip_cert);

}  // namespace cogbuild::http
