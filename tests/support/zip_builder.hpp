#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::test {

// Writes zip archives for tests, honest ones and, where a member says so, lying ones.
class ZipBuilder {
 public:
  struct Member {
    std::string name{};
    std::string content{};
    bool deflate = true;
    std::uint32_t unix_mode = 0100644;
    std::uint16_t flags = 0;
    std::uint16_t method = 0xffff;   // 0xffff: what `deflate` says
    std::int64_t claimed_size = -1;  // -1: the true one
    std::int64_t claimed_crc = -1;
    std::string local_name{};  // empty: the same
  };
  ZipBuilder& add(Member member);
  ZipBuilder& add(std::string name, std::string content) {
    return add(Member{.name = std::move(name), .content = std::move(content)});
  }
  [[nodiscard]] std::string bytes(std::string_view comment = {}) const;

 private:
  std::vector<Member> members_{};
};

// A small valid wheel: METADATA, WHEEL and a RECORD that covers `files`, and the files.
std::string wheel(const std::string& name, const std::string& version,
                  const std::vector<ZipBuilder::Member>& files,
                  const std::string& metadata_lines = {});

// Bytes that do not compress, the same for the same seed.
std::string noise(std::size_t size, std::uint32_t seed);

// Writes `content` to `path` and returns the path.
std::filesystem::path write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace cogbuild::test
