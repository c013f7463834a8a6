#pragma once

#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The dynamic linker's cache, `glibc-ld.so.cache1.1` (glibc 2.32 and later write nothing else,
// every glibc since 2.2 reads it):
//
//     cache     = header entry* strings extension
//     header    = "glibc-ld.so.cache" "1.1" count:u32 string-bytes:u32 flags:u8 0:u8*3
//                 extension-offset:u32 0:u32*3                                    (48 bytes)
//     entry     = flags:u32 soname:u32 path:u32 0:u32 hwcap:u64                   (24 bytes)
//     strings   = (text NUL)*                                    then NUL to a multiple of four
//     extension = 0xeaa42174:u32 count:u32 (tag:u32 0:u32 offset:u32 size:u32)*
//
// Little endian; offsets count from the header. Extension sections: 0 the generator's name, 1 the
// offsets of the names of glibc-hwcaps subdirectories, which entries refer to by bit 62 of hwcap
// and their index.
namespace cogbuild::configure {

struct CacheEntry {
  std::string soname{};
  std::string path{};       // absolute
  std::uint32_t flags = 0;  // 0x0303: x86-64, 0x0a03: aarch64
  std::string hwcaps{};     // glibc-hwcaps subdirectory, `x86-64-v3`; empty: for every machine
  std::uint64_t legacy_hwcap = 0;  // bits of older glibcs, kept as they are
  friend bool operator==(const CacheEntry&, const CacheEntry&) = default;
};

// Negative, zero or positive as `a` sorts before, with or after `b`: digits compare as numbers.
int compare_library_names(std::string_view a, std::string_view b);

// The cache of these entries in the order that the linker searches by: equal ones stay as given.
std::string write_ld_so_cache(std::vector<CacheEntry> entries);

// Reads a cache, also behind the older format that glibc wrote before 2.32. `origin` names it in
// errors. Error: config.
Result<std::vector<CacheEntry>> read_ld_so_cache(std::string_view bytes, std::string_view origin);

}  // namespace cogbuild::configure
