#include <cogbuild/http/certificates.hpp>

#include <system_error>

namespace cogbuild::http {

CertificateAuthorities certificate_authorities(const std::map<std::string, std::string>& variables,
                                               const std::string& pip_cert) {
  const auto variable = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  std::string place;
  for (const char* name : {"SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
    if (place.empty()) place = variable(name);
  if (place.empty()) place = pip_cert;
  // Last, as libcurl reads a directory anew for each connection, but a file once.
  if (place.empty()) place = variable("SSL_CERT_DIR");
  std::error_code ignored;
  if (std::filesystem::is_directory(place, ignored)) return {.directory = place};
  return {.file = place};
}

}  // namespace cogbuild::http
