#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cogbuild::test {

// One ustar header and its data, written as they are told: hostile names and false sizes included.
struct RawEntry {
  std::string name{};
  std::string content{};
  char type = '0';  // 0 file, 1 hardlink, 2 symlink, 5 directory, x pax header
  std::string link{};
  unsigned mode = 0644;
  unsigned uid = 0;
  unsigned gid = 0;
  std::int64_t false_size = -1;  // what the header claims, when not the content's size
};

RawEntry directory(const std::string& name, unsigned mode = 0755);
RawEntry symlink(const std::string& name, const std::string& target);
RawEntry hardlink(const std::string& name, const std::string& target);
// A pax header for the entry that follows.
RawEntry pax(const std::vector<std::pair<std::string, std::string>>& records);

// Without the two zero blocks at the end.
std::string raw_tar_open(const std::vector<RawEntry>& entries);
std::string raw_tar(const std::vector<RawEntry>& entries);

// One gzip member of stored blocks; one zstd frame of raw blocks.
std::string stored_gzip(const std::string& content);
std::string stored_zstd(const std::string& content);

}  // namespace cogbuild::test
