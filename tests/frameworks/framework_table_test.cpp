#include <cogbuild/frameworks/build_label.hpp>
#include <cogbuild/frameworks/framework_table.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::frameworks;

TEST_CASE("BuildLabel::of: what local labels say") {
  const auto build = [](const std::string& version) {
    const auto label = BuildLabel::of(python::Version::parse(version).value());
    if (!label) return std::string("-");
    return label->build + (label->cuda ? " " + to_string(*label->cuda) : "");
  };
  CHECK(build("2.1.2") == "-");
  CHECK(build("2.1.2+cpu") == "cpu");
  CHECK(build("2.1.2+cpu.cxx11.abi") == "cpu-cxx11-abi");
  CHECK(build("2.1.2+cu118") == "cu118 11.8");
  CHECK(build("2.1.2+cu121") == "cu121 12.1");
  CHECK(build("1.4.0+cu92") == "cu92 9.2");
  CHECK(build("2.7.3+cu12torch2.5cxx11abiFALSE") == "");
  CHECK(build("2.5.8+cu118torch2.1cxx11abiFALSE") == "cu118 11.8");
  CHECK(build("2.1.2+rocm5.6") == "rocm5.6");
  CHECK(build("2.1.2+xpu") == "xpu");
  for (const std::string odd : {"1+git12", "1+cuda", "1+cu", "1+cu1", "1+cu12345", "1+cux118",
                                "1+rocm", "1+rocmx", "1+computecanada", "1+cutorch"})
    CHECK(build(odd) == "-");
}

TEST_CASE("torch_rows: ascending, with the columns of one release in step") {
  const auto version = [](std::string_view text) { return python::Version::parse(text).value(); };
  const auto rows = torch_rows();
  REQUIRE(rows.size() > 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(std::is_sorted(rows[i].builds.begin(), rows[i].builds.end()));
    CHECK_FALSE(rows[i].builds.empty());
    CHECK(rows[i].first_python_minor <= rows[i].last_python_minor);
    if (i == 0) continue;
    CHECK(rows[i - 1].first_python_minor <= rows[i].first_python_minor);
    CHECK(version(rows[i - 1].torch) < version(rows[i].torch));
    CHECK(version(rows[i - 1].torchvision) < version(rows[i].torchvision));
    CHECK(version(rows[i - 1].torchaudio) < version(rows[i].torchaudio));
    CHECK(rows[i - 1].last_python_minor <= rows[i].last_python_minor);
  }
}

TEST_CASE("Cuda::parse: major and minor alone count") {
  CHECK(Cuda::parse("12.1") == Cuda{12, 1});
  CHECK(Cuda::parse("12.1.1") == Cuda{12, 1});
  for (const auto* text : {"", "12", "12.", "x.1", "12.x", "12.1x"}) CHECK_FALSE(Cuda::parse(text));
}

TEST_CASE("find_tensorflow: exact releases alone have a row") {
  const auto* row = find_tensorflow(python::Version::parse("2.15.0").value());
  REQUIRE(row != nullptr);
  CHECK(row->cuda == Cuda{12, 2});
  CHECK(row->cudnn_major == 8);
  CHECK(find_tensorflow(python::Version::parse("2.15.1").value()) == nullptr);
}
