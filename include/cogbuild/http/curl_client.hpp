#pragma once

#include <cogbuild/http/client.hpp>

#include <filesystem>
#include <memory>
#include <mutex>

namespace cogbuild::http {

struct CurlOptions {
  std::string user_agent = "cogbuild";
  std::filesystem::path ca_file{};  // empty: SSL_CERT_FILE given by the caller or the system's
  int connections_per_host = 8;
};

// libcurl's multi interface on one thread of its own, started with the first request. http and
// https only, proxies from the environment, cookies off, HTTP/2 where the server offers it
// (requests with a body stay on HTTP/1.1), no `Expect` for bodies below 1 MiB.
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
