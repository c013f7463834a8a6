#include <cogbuild/http/certificates.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::http;

TEST_CASE("certificate_authorities: the first place that is set counts") {
  std::map<std::string, std::string> variables;
  CHECK(certificate_authorities(variables, "") == CertificateAuthorities{});
  std::vector<std::pair<std::string, std::string>> ranked = {
      {"SSL_CERT_DIR", "/d"},           {"", "/pip.pem"},       {"CURL_CA_BUNDLE", "/c.pem"},
      {"REQUESTS_CA_BUNDLE", "/r.pem"}, {"PIP_CERT", "/p.pem"}, {"SSL_CERT_FILE", "/s.pem"}};
  std::string pip_cert;
  for (const auto& [name, value] : ranked) {
    CAPTURE(name);
    if (name.empty())
      pip_cert = value;
    else
      variables[name] = value;
    CHECK(certificate_authorities(variables, pip_cert).file == value);
  }
  variables["SSL_CERT_FILE"] = "";
  CHECK(certificate_authorities(variables, pip_cert).file == "/p.pem");
}

TEST_CASE("certificate_authorities: a directory is told from a file") {
  const auto directory = *io::TempDir::create();
  const std::string path = directory.path().string();
  CHECK(certificate_authorities({{"REQUESTS_CA_BUNDLE", path}}, "") ==
        CertificateAuthorities{.directory = path});
  CHECK(certificate_authorities({{"SSL_CERT_DIR", path}}, "").directory == path);
}
