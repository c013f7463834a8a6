#include "../../src/configure/ca_certificates.hpp"

#include "sample_root.hpp"

#include <doctest/doctest.h>

using namespace cogbuild::configure;

namespace {

// Two self-signed certificates of one subject, `O = Sample, CN = Root A`; OpenSSL's hash of it is
// 33e9c070.
constexpr const char* kFirst = R"(-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUehn9FQUoz4fr1uH/R8qsTKCivTAwCgYIKoZIzj0EAwIw
IjEPMA0GA1UECgwGU2FtcGxlMQ8wDQYDVQQDDAZSb290IEEwIBcNMjYxMTI1MjIz
NTAyWhgPMjEyNjExMDEyMjM1MDJaMCIxDzANBgNVBAoMBlNhbXBsZTEPMA0GA1UE
AwwGUm9vdCBBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIk7qUx252tLjBS1+
Ytke4E+NAhn+J9MsskvctpLSzaLUWiZwZvJVKDYn6dBozEPArp5dnTSk5KJ/fYLI
QvPrgqNTMFEwHQYDVR0OBBYEFPrPqcl2qHQmFZrsAUVE45UpVLZgMB8GA1UdIwQY
MBaAFPrPqcl2qHQmFZrsAUVE45UpVLZgMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDRwAwRAIgFZYK5A9U99O5Um8Gd8zRPjxTTSzKhFb+GCQOLmIhiZ8CIAGz
yONMxYFAfZOcgmSG3Fa+1mtg7PSyS/j7xXDu60X2
-----END CERTIFICATE-----
)";
constexpr const char* kSecond = R"(-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUB5Niunzt9oKO2xneXQ2+WRCj/LMwCgYIKoZIzj0EAwIw
IjEPMA0GA1UECgwGU2FtcGxlMQ8wDQYDVQQDDAZSb290IEEwIBcNMjYxMTI1MjIz
NTAzWhgPMjEyNjExMDEyMjM1MDNaMCIxDzANBgNVBAoMBlNhbXBsZTEPMA0GA1UE
AwwGUm9vdCBBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHk5T+C40lA6WGuIe
6UQR7kodvjdvsdzxMQjDjQvrDmb3fv6FHlFelwACL7i7Nearcvpr0g38gjPAtVid
+1GMU6NTMFEwHQYDVR0OBBYEFPQKOTgW0rU74XVQSaWUCOyU/155MB8GA1UdIwQY
MBaAFPQKOTgW0rU74XVQSaWUCOyU/155MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSAAwRQIgOc/Yn+swPgh/LYbgSphveWCf4ddOFxgCxRd2dKa5eA4CIQCo
ZQ6H3LBt4cQdxrrOubTn8eymbz6GXKdQS+2JsjIllg==
-----END CERTIFICATE-----
)";

SampleRoot root_with_certificates() {
  SampleRoot root;
  auto contents = package("ca-certificates", {file_entry("usr/share/ca-certificates/m/A (1).crt"),
                                              file_entry("usr/share/ca-certificates/m/B.crt"),
                                              file_entry("usr/share/ca-certificates/m/Off.crt")});
  contents.contents = {{.name = "usr/share/ca-certificates/m/A (1).crt", .content = kFirst},
                       {.name = "usr/share/ca-certificates/m/B.crt", .content = kSecond},
                       {.name = "usr/share/ca-certificates/m/Off.crt", .content = kFirst}};
  root.packages = {contents};
  root.add_file("etc/ca-certificates.conf", "m/B.crt\n!m/Off.crt\n");
  return root;
}

}  // namespace

TEST_CASE("configure: certificates become a bundle, links by name and links by hash") {
  const auto result = root_with_certificates().configured();
  CHECK(content_of(result, "etc/ssl/certs/ca-certificates.crt") == std::string(kFirst) + kSecond);
  CHECK(content_of(result, "etc/ssl/certs/A_=1=.pem") == "/usr/share/ca-certificates/m/A (1).crt");
  CHECK(content_of(result, "etc/ssl/certs/Off.pem") == "(absent)");
  CHECK(content_of(result, "etc/ssl/certs/33e9c070.0") == "A_=1=.pem");
  CHECK(content_of(result, "etc/ssl/certs/33e9c070.1") == "B.pem");
  CHECK(content_of(result, "etc/ssl/certs/33e9c070.2") == "(absent)");
  CHECK(content_of(result, "etc/ca-certificates.conf") == "m/B.crt\n!m/Off.crt\nm/A (1).crt\n");
  CHECK(content_of(result, "usr/lib/ssl/cert.pem") == "/etc/ssl/certs/ca-certificates.crt");
  CHECK(content_of(result, "etc/ssl/certs/java/cacerts") == "(absent)");
}

TEST_CASE("configure: Java's trust store holds what the bundle holds") {
  auto root = root_with_certificates();
  root.packages.push_back(package("ca-certificates-java"));
  const auto store = content_of(root.configured(), "etc/ssl/certs/java/cacerts");
  CHECK(store.substr(0, 12) == std::string("\xfe\xed\xfe\xed\0\0\0\2\0\0\0\2", 12));
  CHECK(store.find("debian:a_=1=.pem") != std::string::npos);
  CHECK(store.find("debian:b.pem") != std::string::npos);
}

TEST_CASE("configure: a base whose certificates were not kept gets no empty trust store") {
  SampleRoot root;
  root.packages = {package("ca-certificates-java")};
  const auto result = root.configured();
  REQUIRE(result);
  CHECK(find_file(*result, "etc/ssl/certs/java/cacerts") == nullptr);
  CHECK(result->warnings ==
        std::vector<std::string>{
            "Java has no trust store: the certificates of the base were not kept"});
  root.add_file("etc/ssl/certs/ca-certificates.crt", kFirst);
  CHECK(content_of(root.configured(), "etc/ssl/certs/java/cacerts").find("debian:000.pem") !=
        std::string::npos);
}

TEST_CASE("configure: a file that is no certificate is an error that names it") {
  auto root = root_with_certificates();
  root.packages[0].contents[1].content = "-----BEGIN CERTIFICATE-----\nAAAA\n";
  const auto result = root.configured();
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "usr/share/ca-certificates/m/B.crt is not a certificate");
}
