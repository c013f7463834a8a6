#include <cogbuild/base/summary_collector.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::base {
namespace {

using filetree::Node;
using filetree::NodeType;

// A layer as a list of paths: `path` -> content, `path/` a directory, `path ->` a symlink.
using Layer = std::vector<std::pair<std::string, std::string>>;

Result<TreeSummary> summarise(const std::vector<Layer>& layers,
                              const std::map<std::string, std::string>& environment = {},
                              TreeSummary below = {}) {
  image::ImageConfig config;
  for (const auto& [name, value] : environment) config.environment.emplace_back(name, value);
  SummaryCollector collector(config, std::move(below));
  for (const auto& layer : layers) {
    collector.begin_layer();
    for (const auto& [name, content] : layer) {
      LayerEntry entry{.path = name};
      if (name.ends_with('/')) {
        entry.path.pop_back();
        entry.node = {.type = NodeType::directory, .mode = 0755};
      } else if (name.ends_with(" ->")) {
        entry.path.resize(name.size() - 3);
        entry.node = {.type = NodeType::symlink, .mode = 0777, .link_target = content};
      } else if (name.ends_with(" =")) {
        entry.path.resize(name.size() - 2);
        entry.hardlink_target = content;
      }
      io::MemorySource source(content);
      TRY(collector.add(entry, source));
    }
    collector.end_layer(layer.size() * 1024);
  }
  return collector.finish();
}

const Layer kDebian = {
    {"usr/lib/", ""},
    {"lib ->", "usr/lib"},
    {"bin ->", "usr/bin"},
    {"usr/lib/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"},
    {"etc/os-release ->", "../usr/lib/os-release"},
    {"usr/bin/python3.11", "ELF"},
    {"usr/bin/python3 ->", "python3.11"},
    {"usr/lib/python3.11/os.py", ""},
    {"usr/lib/python3/dist-packages/", ""},
    {"var/lib/dpkg/status",
     "Package: libc-bin\nStatus: install ok installed\nVersion: 9\n\n"
     "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u7\nDescription: x\n"
     " Version: 1\n\nPackage: python3.11-minimal\nVersion: 3.11.2-6+deb12u5\n\n"
     "Package: python3\nVersion: 3.11.2-1+b1\n"}};

TEST_CASE("SummaryCollector: Debian's Python installs into dist-packages below /usr/local") {
  const auto summary = summarise({kDebian}).value();
  CHECK(summary.interpreter ==
        Interpreter{.path = "/usr/bin/python3.11",
                    .version = "3.11.2",
                    .prefix = "/usr/local",
                    .site_directory = "/usr/local/lib/python3.11/dist-packages"});
  CHECK(summary.libc == "glibc 2.36");
  CHECK(summary.os_release == "Debian GNU/Linux 12 (bookworm)");
  CHECK(summary.distributions.empty());
  CHECK(summary.layer_unpacked_bytes == std::vector<std::uint64_t>{10240});
}

TEST_CASE("SummaryCollector: an official image's Python comes first and uses site-packages") {
  const Layer official = {
      {"usr/local/bin/python3.10", "ELF"},
      {"usr/local/bin/python3 ->", "python3.10"},
      {"usr/local/lib/python3.10/os.py", ""},
      {"usr/local/lib/python3.10/site-packages/pip-23.0.1.dist-info/METADATA",
       "Metadata-Version: 2.1\nName: pip\nVersion: 23.0.1\n\nVersion: 9\n"},
      {"usr/local/lib/python3.10/site-packages/pip/_vendor/METADATA", "Name: no\nVersion: 1\n"},
      {"usr/lib/python3/dist-packages/apt-2.6.egg-info", "Name: python-apt\nVersion: 2.6\n"}};
  const auto summary = summarise({kDebian, official}, {{"PYTHON_VERSION", "3.10.14"},
                                                       {"PATH", "/usr/local/bin:/usr/bin"}})
                           .value();
  CHECK(summary.interpreter ==
        Interpreter{.path = "/usr/local/bin/python3.10",
                    .version = "3.10.14",
                    .prefix = "/usr/local",
                    .site_directory = "/usr/local/lib/python3.10/site-packages"});
  CHECK(summary.distributions == std::vector<InstalledDistribution>{
                                     {.name = "pip",
                                      .version = "23.0.1",
                                      .directory = "/usr/local/lib/python3.10/site-packages"}});
  CHECK(summary.layer_unpacked_bytes == std::vector<std::uint64_t>{10240, 6144});
  CHECK(summary.unpacked_bytes == 16384);

  const Layer headers = {{"usr/local/include/python3.10/patchlevel.h",
                          "#define PY_MAJOR_VERSION 3\n#define PY_VERSION \t\"3.10.15+\"\n"}};
  CHECK(summarise({kDebian, official, headers}).value().interpreter->version == "3.10.15+");
  CHECK(summarise({official}).value().interpreter->version == "3.10");
  CHECK(summarise({kDebian, official}, {{"PATH", "/usr/bin"}, {"PYTHON_VERSION", "3.11.9"}})
            .value()
            .interpreter->version == "3.11.2");
}

TEST_CASE("SummaryCollector: links on PATH are followed, wherever Python lies") {
  const std::string root = "root/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu";
  const auto summary =
      summarise({{{"usr/bin/python3 ->", "/" + root + "/bin/python3"},
                  {root + "/bin/python3 ->", "python3.12"},
                  {root + "/bin/python3.12", "ELF"},
                  {root + "/lib/python3.12/os.py", ""},
                  {root + "/include/python3.12/patchlevel.h", "#define PY_VERSION \"3.12.4\"\n"}}})
          .value();
  CHECK(summary.interpreter ==
        Interpreter{.path = "/" + root + "/bin/python3.12",
                    .version = "3.12.4",
                    .prefix = "/" + root,
                    .site_directory = "/" + root + "/lib/python3.12/site-packages"});
}

TEST_CASE("SummaryCollector: a base without a Python has none") {
  CHECK(summarise({}).value() == TreeSummary{});
  for (const Layer& layer : std::vector<Layer>{
           {{"usr/bin/python3 ->", "python3"}},
           {{"usr/bin/python3 ->", "python3.11"}},
           {{"usr/bin/python3.11", ""}},
           {{"usr/bin/python3.11/", ""}, {"usr/lib/python3.11/os.py", ""}},
           {{"root/.pyenv/shims/python3.11", ""}, {"root/.pyenv/lib/python3.11/os.py", ""}}}) {
    CAPTURE(layer.front().first);
    CHECK_FALSE(summarise({layer}, {{"PATH", "/root/.pyenv/shims:/usr/bin"}}).value().interpreter);
  }
}

TEST_CASE("SummaryCollector: of several versions without a link the highest is taken") {
  Layer layer;
  for (const std::string version : {"python3.9", "python3.11", "python3.10", "python3.12-config"}) {
    layer.emplace_back("usr/bin/" + version, "");
    layer.emplace_back("usr/lib/" + version + "/os.py", "");
  }
  CHECK(summarise({layer}).value().interpreter->path == "/usr/bin/python3.11");
}

TEST_CASE("SummaryCollector: distributions through links, eggs, and what later layers took away") {
  const Layer packages = {
      {"usr/local/lib/python3.11/site-packages/", ""},
      {"usr/local/lib/python3.11/dist-packages ->", "site-packages"},
      {"usr/local/lib/python3.11/dist-packages/Torch-2.3.1.dist-info/METADATA",
       "Metadata-Version: 2.1\r\nName: Torch\r\nVersion: 2.3.1+cpu\r\n\r\n"},
      {"usr/lib/python3/dist-packages/old.egg-info/PKG-INFO", "Name: old\nVersion: 1\n"},
      {"usr/lib/python3/dist-packages/flat.egg-info", "Name: flat\nVersion: 2\n"},
      {"usr/lib/python3/dist-packages/gone.dist-info/METADATA", "Name: gone\nVersion: 2\n"},
      {"usr/lib/python3/dist-packages/moved.dist-info/METADATA", "Name: moved\nVersion: 2\n"},
      {"usr/lib/python3/dist-packages/linked.dist-info/METADATA =",
       "usr/lib/python3/dist-packages/flat.egg-info"},
      {"usr/lib/python3/dist-packages/broken.dist-info/METADATA", "Version: 2\n\nName: broken\n"}};
  const Layer later = {{"usr/lib/python3/dist-packages/.wh.gone.dist-info", ""},
                       {"usr/lib/python3/dist-packages/moved.dist-info/METADATA ->", "nowhere"}};
  const auto summary = summarise({kDebian, packages, later}).value();
  CHECK(summary.distributions ==
        std::vector<InstalledDistribution>{
            {.name = "Torch",
             .version = "2.3.1+cpu",
             .directory = "/usr/local/lib/python3.11/site-packages"},
            {.name = "flat", .version = "2", .directory = "/usr/lib/python3/dist-packages"},
            {.name = "flat", .version = "2", .directory = "/usr/lib/python3/dist-packages"},
            {.name = "old", .version = "1", .directory = "/usr/lib/python3/dist-packages"}});
}

TEST_CASE("SummaryCollector: which C library") {
  const std::string banner = std::string(
      "\x7f"
      "ELF\0\0GNU C Library (GNU libc) stable release version 2.34.\nCopyright",
      70);
  const std::vector<std::pair<Layer, std::string>> table = {
      {{{"lib64/libc.so.6", banner}}, "glibc 2.34"},
      {{{"usr/lib/x86_64-linux-gnu/libc.so.6", banner}}, "glibc 2.34"},
      {{{"usr/lib64/libc.so.6", "stripped"}}, "glibc"},
      {{{"lib/x86_64-linux-gnu/libc-2.31.so", ""},
        {"lib/x86_64-linux-gnu/libc.so.6 ->", "libc-2.31.so"}},
       "glibc 2.31"},
      {{{"lib/ld-musl-x86_64.so.1", ""}}, "musl"},
      {{{"lib/ld-musl-x86_64.so.1", ""},
        {"lib/apk/db/installed", "C:x\nP:musl\nV:1.2.4-r2\n\nP:z\nV:1\n"}},
       "musl 1.2"},
      {{{"var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 1:2.31-13\n"},
        {"var/lib/dpkg/status.d/libc6.md5sums", "Package: libc6\nVersion: 9-1\n"}},
       "glibc 2.31"},
      {{{"opt/app/lib/libc.so.6", banner}}, ""}};
  for (const auto& [layer, libc] : table) {
    CAPTURE(layer.front().first);
    CHECK(summarise({layer}).value().libc == libc);
  }
}

TEST_CASE("SummaryCollector: keeps the files that packages are configured by, as they end up") {
  const Layer first = {{"etc/passwd", "root:x:0:0::/root:/bin/sh\n"},
                       {"etc/motd", "welcome"},
                       {"etc/ld.so.conf.d/x.conf", "/opt/lib\n"},
                       {"etc/ld.so.conf.d/deep/y.conf", "/opt/deep\n"},
                       {"etc/shadow", "root:*::\n"},
                       {"etc/gshadow =", "etc/shadow"},
                       {"etc/group", "root:x:0:\n"},
                       {"var/lib/dpkg/status", "Package: libc6\nVersion: 2.36-9\n"}};
  const Layer second = {{"etc/passwd", "root:x:0:0::/:/bin/sh\n"},
                        {"etc/.wh.group", ""},
                        {"etc/ld.so.conf.d/x.conf ->", "/dev/null"}};
  const auto summary = summarise({first, second}).value();
  CHECK(summary.files == std::map<std::string, std::string>{
                             {"etc/gshadow", "root:*::\n"},
                             {"etc/passwd", "root:x:0:0::/:/bin/sh\n"},
                             {"etc/shadow", "root:*::\n"},
                             {"var/lib/dpkg/status", "Package: libc6\nVersion: 2.36-9\n"}});
  CHECK(summary.libc == "glibc 2.36");
}

TEST_CASE("SummaryCollector: layers above a known base, as if all had been read at once") {
  const Layer above = {{"usr/lib/python3/dist-packages/numpy-1.24.2.egg-info/PKG-INFO",
                        "Name: numpy\nVersion: 1.24.2\n"},
                       {"usr/bin/python3.12", "ELF"},
                       {"var/lib/dpkg/status",
                        "Package: libc6\nVersion: 2.36-9+deb12u9\n\n"
                        "Package: python3.11-minimal\nVersion: 3.11.2-6+deb12u5\n"}};
  const auto below = summarise({kDebian}).value();
  const auto whole = summarise({kDebian, above}).value();
  CHECK(summarise({above}, {}, below).value() == whole);
  CHECK(whole.interpreter->version == "3.11.2");
  CHECK(whole.distributions.size() == 1);
}

TEST_CASE("SummaryCollector: a Python above that comes first on the PATH takes the place") {
  const auto below = summarise({kDebian}).value();
  const auto summary =
      summarise({{{"usr/local/bin/python3.12", "ELF"},
                  {"usr/local/bin/python3 ->", "python3.12"},
                  {"usr/local/include/python3.12/patchlevel.h", "#define PY_VERSION \"3.12.4\"\n"},
                  {"usr/local/lib/python3.12/os.py", ""}}},
                {}, below)
          .value();
  CHECK(summary.interpreter->path == "/usr/local/bin/python3.12");
  CHECK(summary.interpreter->version == "3.12.4");
  CHECK(summary.interpreter->site_directory == "/usr/local/lib/python3.12/site-packages");
}

TEST_CASE("SummaryCollector: entries that no runtime could unpack are errors") {
  CHECK(summarise({{{"f", ""}, {"f/x", ""}}}).error().message() ==
        "`f/x` cannot lie below `f`, which is no directory");
  CHECK(summarise({{{"a ->", "a"}, {"a/x", ""}}}).error().kind() == ErrorKind::conflict);
  CHECK(summarise({{{"h =", "absent"}}}).error().kind() == ErrorKind::integrity);
}

TEST_CASE("parse_summary: reads what to_text writes") {
  CHECK(parse_summary(to_text(TreeSummary{})).value() == TreeSummary{});
  TreeSummary summary = summarise({kDebian}).value();
  summary.os_release = "odd\tname\n";
  summary.distributions = {{.name = "a", .version = "1", .directory = "/x"},
                           {.name = "b", .version = "2", .directory = "/y\\z"}};
  const std::string text = to_text(summary);
  CHECK(text.starts_with("cogbuild-base-summary 2\ninterpreter\t/usr/bin/python3.11\t3.11.2\t"));
  CHECK(parse_summary(text).value() == summary);
  CHECK_FALSE(parse_summary(""));
  CHECK_FALSE(parse_summary("cogbuild-base-summary 1\ntree\n"));
  CHECK_FALSE(parse_summary(text.substr(0, 60)));
  CHECK_FALSE(parse_summary("cogbuild-base-summary 2\nunpacked\tx\ntree\n"));
  CHECK_FALSE(parse_summary("cogbuild-base-summary 2\nnew\tx\ntree\n"));
  CHECK_FALSE(parse_summary("cogbuild-base-summary 2\ndistribution\ta\tb\tc\td\ntree\n"));
}

TEST_CASE("check_usable: names both versions and says what to do") {
  BaseImage base{.name = "oci:base"};
  const auto none = check_usable(base, "3.11");
  REQUIRE_FALSE(none);
  CHECK(render(none.error()) ==
        "error: the base image `oci:base` has no Python\n"
        "hint: choose a base with Python 3.11 on its PATH, such as `python:3.11-slim`\n");
  base.summary.interpreter = Interpreter{.path = "/usr/bin/python3.9", .version = "3.9.2"};
  CHECK(check_usable(base, "3.9"));
  CHECK(check_usable(base, "3.9.18"));
  CHECK(check_usable(base, ""));
  const auto other = check_usable(base, "3.11");
  REQUIRE_FALSE(other);
  CHECK(render(other.error()) ==
        "error: the base image `oci:base` has Python 3.9.2, but `python_version` is 3.11\n"
        "hint: set `python_version: \"3.9\"`, or choose a base with Python 3.11, such as "
        "`python:3.11-slim`\n");
  CHECK_FALSE(check_usable(base, "3.90"));
}

}  // namespace
}  // namespace cogbuild::base
