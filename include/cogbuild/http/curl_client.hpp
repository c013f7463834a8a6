#pragma once

#include <cogbuild/http/certificates.hpp>
#include <cogbuild/http/client.hpp>

#include <memory>
#include <mutex>

namespace cogbuild::http {

struct CurlOptions {
  std::string user_agent = "cogbuild";
  CertificateAuthorities authorities{};
  int connections_per_host = 8;
};

// libcurl's multi interface on one thread of its own, started with the first request. http and
// https only, proxies from the environment, cookies off, HTTP/2 where the server offers it
// (requests with a body stay on HTTP/1.1), no `Expect` for bodies below 1 MiB. Requests without
// body and sink share one connection to their host, 50 at a time.
class CurlClient final : public Client {
 public:
  explicit CurlClient(CurlOptions options = {});
  ~CurlClient() override;
  std::future<Result<Response>> start(Request request) override;

 private:
  class Loop;
  CurlOptions options_;
  std::once_flag started_{};
  std::unique_ptr<Loop> loop_;
};

}  // namespace cogbuild::http
