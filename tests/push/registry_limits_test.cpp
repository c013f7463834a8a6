#include <cogbuild/push/registry_limits.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using cogbuild::push::largest_layer_bytes;

TEST_CASE("largest_layer_bytes: hosts are told apart by their whole name, ports ignored") {
  struct Row {
    std::string host;
    std::optional<std::uint64_t> limit;
  };
  constexpr std::uint64_t kMiB = 1024 * 1024;
  const std::vector<Row> rows{
      {"ghcr.io", 10240 * kMiB},
      {"ghcr.io:443", 10240 * kMiB},
      {"notghcr.io", std::nullopt},
      {"ghcr.io.example.org", std::nullopt},
      {"public.ecr.aws", 10'000 * kMiB},
      {"123456789012.dkr.ecr.eu-west-1.amazonaws.com", 52'000 * kMiB},
      {"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", 52'000 * kMiB},
      {"models.azurecr.io", 204'800 * kMiB},
      {"r8.im", std::nullopt},
      {"docker.io", std::nullopt},
      {"127.0.0.1:5000", std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.host);
    CHECK(largest_layer_bytes(row.host) == row.limit);
  }
}
