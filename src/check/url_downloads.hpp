#pragma once

#include <cogbuild/check/subject.hpp>
#include <cogbuild/syntax/module.hpp>

#include <string>
#include <vector>

namespace cogbuild::check {

// A place in the code that the model runs where weights are fetched from a URL that stands in the
// code: the call that names the URL, be it of a program, of a library or of a function of the
// project that does the fetching.
struct UrlDownload {
  syntax::Node call{};
  std::string by{};   // `pget`, `urllib.request.urlretrieve`
  std::string url{};  // all of it, or its beginning
  bool complete = false;
  bool one_of = false;  // the first of several that the code fetches there
};

// Those that `run`/`predict` and `train` can reach, by file and place. A URL that a caller gives to
// the model is none; nor is one below `if __name__ == "__main__":`.
std::vector<UrlDownload> url_downloads(const Subject& subject);

// Whether a URL or path ends like weights, or a host of weights is in it.
bool looks_like_weights(std::string_view url);

}  // namespace cogbuild::check
