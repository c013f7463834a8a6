#pragma once

#include <cogbuild/fetch/fetch.hpp>

namespace cogbuild::fetch {

// A download into the store that survives broken connections: every attempt goes on where the last
// one stopped, as far as the server lets it.
class Download {
 public:
  Download(const Wanted& wanted, url::Url url, const Services& services)
      : wanted_(wanted), url_(std::move(url)), services_(services) {}

  Result<Fetched> run();

 private:
  class Receiver;

  Result<http::Response> attempt(Receiver& receiver);
  Result<http::Response> attempts_while_bytes_come(Receiver& receiver);
  Error refusal(const http::Response& response) const;

  const Wanted& wanted_;
  url::Url url_;
  const Services& services_;
};

// `<label> has <actual> bytes at <place>, expected <expected>`
Error wrong_size(const Wanted& wanted, const std::string& place, std::uint64_t actual);
// An error of commit, told in the words of the wanted file.
Error wrong_digest(const Wanted& wanted, const std::string& place, Error error);

}  // namespace cogbuild::fetch
