#include "curl_transfer.hpp"
#include "exchange.hpp"

#include <cogbuild/http/curl_client.hpp>

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cogbuild::http {

namespace {

constexpr std::size_t kMostStreams = 50;

}  // namespace

// The thread that drives libcurl. Requests reach it through `incoming_`; nothing but
// curl_multi_wakeup is called on the multi handle from other threads.
class CurlClient::Loop {
 public:
  explicit Loop(const CurlOptions& options) : multi_(new_multi()) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(options.connections_per_host));
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
    multi_.reset();
    curl_global_cleanup();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void add(std::unique_ptr<CurlTransfer> transfer) {
    {
      const std::lock_guard lock(mutex_);
      incoming_.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi_.get());
  }

 private:
  struct FreeMulti {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };

  static CURLM* new_multi() {
    curl_global_init(CURL_GLOBAL_DEFAULT);  // counted by libcurl, so one per client is right
    CURLM* multi = curl_multi_init();
    if (multi == nullptr) std::abort();  // no memory
    return multi;
  }

  void run() {
    constexpr int kIdleMilliseconds = 10'000;  // a wakeup ends the wait earlier
    while (accept_incoming()) {
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      if (!take_results()) curl_multi_poll(multi_.get(), nullptr, 0, kIdleMilliseconds, nullptr);
    }
    for (auto& [handle, transfer] : active_) {
      curl_multi_remove_handle(multi_.get(), handle);
      transfer->fail_with(Error(ErrorKind::network, transfer->what() + " was cancelled"));
    }
    active_.clear();
  }

  // False when it is time to end.
  bool accept_incoming() {
    std::vector<std::unique_ptr<CurlTransfer>> incoming;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      incoming.swap(incoming_);
      stopping = stopping_;
    }
    for (auto& transfer : incoming) {
      CURL* handle = transfer->handle();
      if (!stopping) begin_or_queue(*transfer);
      active_.emplace(handle, std::move(transfer));
    }
    return !stopping;
  }

  // Small requests to one place. Beyond the streams of a connection, libcurl would open another for
  // each further one, as far as it may; they go sooner over the one that stands.
  struct Lane {
    std::size_t in_flight = 0;
    std::deque<CurlTransfer*> waiting{};
  };

  void begin_or_queue(CurlTransfer& transfer) {
    if (transfer.is_small()) {
      Lane& lane = lanes_[transfer.authority()];
      if (lane.in_flight == kMostStreams) {
        lane.waiting.push_back(&transfer);
        return;
      }
      ++lane.in_flight;
      lane_of_.emplace(&transfer, &lane);
    }
    begin(transfer);
  }
  void begin(CurlTransfer& transfer) {
    transfer.prepare();
    curl_multi_add_handle(multi_.get(), transfer.handle());
  }
  // The lane's place goes to the next that waits for it.
  void leave_lane(const CurlTransfer& transfer) {
    const auto found = lane_of_.find(&transfer);
    if (found == lane_of_.end()) return;
    Lane& lane = *found->second;
    lane_of_.erase(found);
    if (lane.waiting.empty()) {
      --lane.in_flight;
      return;
    }
    CurlTransfer& next = *lane.waiting.front();
    lane.waiting.pop_front();
    lane_of_.emplace(&next, &lane);
    begin(next);
  }

  // True when a transfer ended: its next hop, or those waiting for its place, can begin at once.
  bool take_results() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      any = true;
      CURL* handle = message->easy_handle;
      const CURLcode code = message->data.result;
      curl_multi_remove_handle(multi_.get(), handle);  // `message` is gone after this
      const auto found = active_.find(handle);
      if (found->second->finish(code)) {
        curl_multi_add_handle(multi_.get(), handle);
      } else {
        leave_lane(*found->second);
        active_.erase(found);
      }
    }
    return any;
  }

  std::unique_ptr<CURLM, FreeMulti> multi_;
  // Touched by the thread alone.
  std::map<CURL*, std::unique_ptr<CurlTransfer>> active_{};  // those that wait, too
  std::map<std::string, Lane> lanes_{};                      // by authority
  std::map<const CurlTransfer*, Lane*> lane_of_{};           // of those in flight
  std::mutex mutex_{};
  std::vector<std::unique_ptr<CurlTransfer>> incoming_{};
  bool stopping_ = false;
  std::thread thread_{};
};

CurlClient::CurlClient(CurlOptions options) : options_(std::move(options)) {}
CurlClient::~CurlClient() = default;

std::future<Result<Response>> CurlClient::start(Request request) {
  const auto on_done = request.on_done;
  auto exchange = Exchange::begin(std::move(request));
  if (!exchange) {
    std::promise<Result<Response>> refused;
    refused.set_value(fail(std::move(exchange).error()));
    if (on_done) on_done();
    return refused.get_future();
  }
  std::call_once(started_, [this] { loop_ = std::make_unique<Loop>(options_); });
  auto transfer = std::make_unique<CurlTransfer>(*std::move(exchange), options_);
  auto future = transfer->future();
  loop_->add(std::move(transfer));
  return future;
}

}  // namespace cogbuild::http
