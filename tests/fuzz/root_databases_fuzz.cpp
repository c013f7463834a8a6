// room: configure debian filetree
#include <cogbuild/configure/configure.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

// Any bytes as the databases of a base: passwd, group, ld.so.conf, ld.so.cache, a group of
// alternatives, status.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  debian::DebContents package{.name = "a", .version = "1", .architecture = "amd64"};
  package.stanza = "Package: a\nVersion: 1\n";
  package.entries = {{.path = "usr/bin/a"}};
  package.control = {{.name = "postinst",
                      .content = "#!/bin/sh\nadduser --system --group b\nupdate-alternatives "
                                 "--install /usr/bin/b b /usr/bin/a 1\n"}};
  const filetree::FileTree tree;
  for (const auto* path :
       {"etc/passwd", "etc/group", "etc/shadow", "etc/ld.so.conf", "etc/ld.so.cache",
        "var/lib/dpkg/alternatives/b", "var/lib/dpkg/status", "etc/ca-certificates.conf"}) {
    const std::map<std::string, std::string> files{{path, bytes}};
    (void)configure::configure({&package, 1},
                               {.tree = tree, .files = files, .architecture = "amd64"}, {});
  }
  return 0;
}
