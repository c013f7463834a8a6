#pragma once

#include "exchange.hpp"

#include <cogbuild/http/client.hpp>
#include <cogbuild/http/curl_client.hpp>

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace cogbuild::http {

// One request on its way through libcurl: an easy handle, set up anew for each hop of a redirect.
// Its address is known to libcurl, so it neither moves nor is copied.
class CurlTransfer {
 public:
  CurlTransfer(Exchange exchange, const CurlOptions& options);
  ~CurlTransfer() = default;
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  [[nodiscard]] std::future<Result<Response>> future() { return promise_.get_future(); }
  // Neither sends a body nor streams one: such share a connection, bulk gets one each.
  [[nodiscard]] bool is_small() const;
  [[nodiscard]] std::string authority() const { return exchange_.request().url.authority(); }
  // Sets the handle up for the exchange's current request.
  void prepare();
  // Takes libcurl's verdict. True: prepared for the next hop, to be added again.
  bool finish(CURLcode code);
  void fail_with(Error error) { settle(fail(std::move(error))); }
  [[nodiscard]] std::string what() const { return describe(exchange_.request()); }

 private:
  struct FreeEasy {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t on_header(char* data, std::size_t size, std::size_t count,
                               void* self) noexcept;
  static std::size_t on_write(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_read(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static int on_seek(void* self, curl_off_t offset, int origin) noexcept;

  void settle(Result<Response> outcome);
  void prepare_headers();
  void prepare_method();
  void prepare_security();
  Result<void> take_header_line(std::string_view line);
  Result<std::size_t> read_body(char* data, std::size_t room);
  [[nodiscard]] Error error_of(CURLcode code) const;

  Exchange exchange_;
  const CurlOptions& options_;
  std::promise<Result<Response>> promise_{};
  std::optional<Error> error_{};  // what one of ours said, carried across the C frames

  int status_ = 0;  // of the head that is coming in
  Headers head_{};
  bool in_head_ = false;
  std::size_t head_bytes_ = 0;

  std::unique_ptr<io::ByteSource> body_{};
  std::uint64_t sent_bytes_ = 0;

  std::array<char, CURL_ERROR_SIZE> message_{};
  std::unique_ptr<curl_slist, FreeList> header_list_{};
  std::unique_ptr<CURL, FreeEasy> easy_;  // declared last, so freed first
};

}  // namespace cogbuild::http
