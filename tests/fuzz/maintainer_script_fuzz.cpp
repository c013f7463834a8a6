// room: configure debian filetree
#include <cogbuild/configure/configure.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

// Any bytes as the postinst of a package: what it leaves lies inside the root, sorted, no path
// twice.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  std::string script = "#!/bin/sh\n";
  script.append(reinterpret_cast<const char*>(data), size);
  debian::DebContents package{.name = "a", .version = "1", .architecture = "amd64"};
  package.stanza = "Package: a\nVersion: 1\n";
  package.control = {{.name = "postinst", .content = script}};
  const filetree::FileTree tree;
  const std::map<std::string, std::string> files;
  const configure::Root root{.tree = tree, .files = files, .architecture = "amd64"};
  const auto result =
      configure::configure({&package, 1}, root, {.skip_scripts = {"a"}, .new_root = true});
  if (!result) return 0;
  const configure::GeneratedFile* before = nullptr;
  for (const auto& file : result->files) {
    if (file.path.empty() || file.path.front() == '/' ||
        ("/" + file.path + "/").find("/../") != std::string::npos)
      std::abort();
    if (before != nullptr && before->path >= file.path) std::abort();
    before = &file;
  }
  return 0;
}
