#pragma once

#include "working_root.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::configure {

// Does what update-ca-certificates does when a package brings certificates: the bundle
// `etc/ssl/certs/ca-certificates.crt` in byte order of their names, the links NAME.pem and
// XXXXXXXX.N (by OpenSSL's hash of the subject), `etc/ca-certificates.conf`, where OpenSSL looks
// for them (unless a package ships those links), and Java's trust store for ca-certificates-java.
// Error: config (a file that is no certificate).
Result<void> write_ca_certificates(WorkingRoot& root);

struct NamedCertificate {
  std::string name{};  // `NAME.pem`
  std::string der{};
  std::uint32_t subject_hash = 0;
};

// Every certificate of a PEM text; all get the name. Error: config, naming `origin`.
Result<std::vector<NamedCertificate>> read_certificates(std::string_view pem, std::string name,
                                                        std::string_view origin);

// A Java key store (`JKS`, version 2) of trusted certificates under `debian:NAME`, with Java's
// customary password; what every Java reads without being told. Entries are sorted by name.
std::string java_trust_store(std::vector<NamedCertificate> certificates);

}  // namespace cogbuild::configure
