#include <cogbuild/frameworks/build_label.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace cogbuild::frameworks {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

unsigned number(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
  return value;
}

// `cu118` is 11.8, `cu92` is 9.2, `cu12` any 12. What may follow names the torch it fits.
std::optional<BuildLabel> parse_cuda(std::string_view text) {
  text = text.substr(0, text.find("torch"));
  const std::string_view digits = text.substr(2);
  if (!is_digits(digits) || digits.size() < 2 || digits.size() > 4) return std::nullopt;
  if (digits.size() == 2 && digits.front() < '7')
    return BuildLabel{.kind = BuildLabel::Kind::cuda, .cuda_major = number(digits)};
  const std::size_t major = digits.size() == 2 ? 1 : 2;
  const Cuda cuda{.major = number(digits.substr(0, major)), .minor = number(digits.substr(major))};
  return BuildLabel{.kind = BuildLabel::Kind::cuda,
                    .build = std::string(text),
                    .cuda_major = cuda.major,
                    .cuda = cuda};
}

}  // namespace

std::optional<BuildLabel> BuildLabel::of(const python::Version& version) {
  const auto& segments = version.local();
  if (segments.empty()) return std::nullopt;
  const std::string& first = segments.front();
  // `+cpu.cxx11.abi` has an index of its own.
  if (first == "cpu") return BuildLabel{.build = fmt::format("{}", fmt::join(segments, "-"))};
  if (first == "xpu") return BuildLabel{.kind = Kind::xpu, .build = "xpu"};
  if (first.starts_with("rocm") && is_digits(std::string_view(first).substr(4)))
    return BuildLabel{.kind = Kind::rocm, .build = fmt::format("{}", fmt::join(segments, "."))};
  if (first.starts_with("cu")) return parse_cuda(first);
  return std::nullopt;
}

std::optional<BuildLabel> BuildLabel::of_index(std::string_view name) {
  if (name == "cpu" || name == "cpu-cxx11-abi") return BuildLabel{.build = std::string(name)};
  if (name == "xpu") return BuildLabel{.kind = Kind::xpu, .build = std::string(name)};
  if (name.starts_with("rocm")) {
    const bool plain = std::ranges::all_of(
        name.substr(4), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    if (!plain || name.size() < 5 || name.ends_with('.') || name[4] == '.' ||
        name.find("..") != std::string_view::npos)
      return std::nullopt;
    return BuildLabel{.kind = Kind::rocm, .build = std::string(name)};
  }
  if (!name.starts_with("cu") || !is_digits(name.substr(2))) return std::nullopt;
  auto label = parse_cuda(name);
  return label && !label->build.empty() ? label : std::nullopt;
}

bool agree(const BuildLabel& a, const BuildLabel& b) {
  if (a.kind != b.kind) return false;
  if (!a.build.empty() && !b.build.empty()) return a.build == b.build;
  return a.cuda_major == b.cuda_major;
}

}  // namespace cogbuild::frameworks
