#pragma once

#include "listing.hpp"

#include <cogbuild/pypi/simple_index.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::pypi {

// An index's last answer about a project as it is kept between runs. Reading one costs no more than
// its versions: the files of a version are a block of bytes until somebody asks for them.
//
//   page     = "index page 2\n" exists:byte status:byte reason:text etag:text
//              count *site model count *version *block
//   site     = scheme:text host:text port:number
//   model    = name:text folder:text python:text upload:text   what blocks begin to resemble
//   version  = version:text files:number bytes:number          ascending
//   block    = *file                                           one for each version, in that order
//   file     = flags:byte name:like site:number folder:like [digest] [last:text] [query:text]
//              hashes [size:number] python:like upload:like [yanked:text] [metadata digest]
//   like     = length of the part in common with the file before:number rest:text
//   text     = length:number *byte
//   number   = LEB128
class StoredPage final : public Listing {
 public:
  struct Head {
    bool exists = false;  // false: the index said that it has no such page
    ProjectStatus status = ProjectStatus::active;
    std::string status_reason{};
    std::string etag{};
  };

  // The page as bytes; user-info of its links is left out.
  static std::string encode(const Head& head, const GroupedFiles& files);
  // Nothing when the bytes are not of this format or cut: the page is asked for again.
  static std::optional<StoredPage> decode(std::string bytes);

  // From now on files of this URL's origin carry its user-info, as on the page they came from.
  void lend_credentials(const url::Url& page);

  [[nodiscard]] const Head& head() const { return head_; }
  [[nodiscard]] const std::vector<python::Version>& versions() const override { return versions_; }
  // As many as can be made out, should the bytes be damaged.
  [[nodiscard]] std::vector<File> files(std::size_t position) const override;

 private:
  struct Block {
    std::size_t begin = 0;  // counted from the first block
    std::size_t files = 0;
  };

  std::string bytes_{};
  Head head_{};
  std::size_t model_at_ = 0;
  std::size_t blocks_at_ = 0;
  std::vector<url::Url> sites_{};  // scheme, host, port; user-info when lent
  std::vector<python::Version> versions_{};
  std::vector<Block> blocks_{};  // by position of the version
};

}  // namespace cogbuild::pypi
