#include <cogbuild/debian/deb_contents.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;

TEST_CASE("is_dropped: documents, manuals and translations, never a copyright file") {
  struct Row {
    const char* path;
    bool dropped;
  };
  for (const Row& row : {
           Row{"usr/share/doc", false},
           {"usr/share/doc/bash", false},  // a directory, or a link to another package's
           {"usr/share/doc/bash/copyright", false},
           {"usr/share/doc/bash/changelog.Debian.gz", true},
           {"usr/share/doc/bash/examples", true},
           {"usr/share/doc/bash/examples/copyright", true},
           {"usr/share/docs/x/y", false},
           {"usr/share/man", false},
           {"usr/share/man/man1", false},
           {"usr/share/man/man1/ls.1.gz", true},
           {"usr/share/man/man0", true},
           {"usr/share/man/de", true},
           {"usr/share/man/de/man1/ls.1.gz", true},
           {"usr/share/locale", false},
           {"usr/share/locale/locale.alias", false},
           {"usr/share/locale/de/LC_MESSAGES/bash.mo", true},
           {"usr/share/info/bash.info.gz", true},
           {"usr/share/lintian/overrides/bash", true},
           {"usr/share/bug/apt/script", true},
           {"usr/share/gnome/help/x", true},
           {"usr/share/gnome/helper", false},
           {"usr/share/i18n/charmaps/UTF-8.gz", false},
           {"usr/share/common-licenses/GPL-3", false},
           {"usr/lib/python3.11/doc/x/y", false},
           {"etc/bash.bashrc", false},
           {"", false},
       }) {
    CAPTURE(row.path);
    CHECK(debian::is_dropped(row.path, {}) == row.dropped);
    CHECK_FALSE(debian::is_dropped(row.path, {.keep_docs = true}));
  }
}

TEST_CASE("canonical_path: what lies in a merged directory lies in usr") {
  const debian::UnpackRules rules{.merged = {"bin", "lib", "lib64", "sbin"}};
  struct Row {
    const char* path;
    const char* canonical;
  };
  for (const Row& row : {Row{"bin/sh", "usr/bin/sh"},
                         {"lib/x86_64-linux-gnu/libc.so.6", "usr/lib/x86_64-linux-gnu/libc.so.6"},
                         {"lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2"},
                         {"lib", "lib"},
                         {"lib32/x", "lib32/x"},
                         {"binary/x", "binary/x"},
                         {"usr/bin/sh", "usr/bin/sh"},
                         {"", ""}}) {
    CAPTURE(row.path);
    CHECK(debian::canonical_path(row.path, "demo", rules) == row.canonical);
    CHECK(debian::canonical_path(row.path, "demo", {}) == row.path);
  }
}

TEST_CASE("canonical_path: a diversion moves the files of all packages but its owner's") {
  const debian::UnpackRules rules{
      .merged = {"bin"},
      .diversions = {{.from = "bin/sh", .to = "bin/sh.distrib", .owner = "dash"},
                     {.from = "usr/bin/ls", .to = "usr/bin/ls.real", .owner = ""}}};
  CHECK(debian::canonical_path("bin/sh", "busybox", rules) == "usr/bin/sh.distrib");
  CHECK(debian::canonical_path("usr/bin/sh", "busybox", rules) == "usr/bin/sh.distrib");
  CHECK(debian::canonical_path("bin/sh", "dash", rules) == "usr/bin/sh");
  CHECK(debian::canonical_path("bin/ls", "coreutils", rules) == "usr/bin/ls.real");
}

TEST_CASE("parse_diversions: three lines each, `:` for a local one") {
  const auto parsed = debian::parse_diversions(
      "/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/ls\n/usr/bin/ls.real\n:\n", "diversions");
  REQUIRE(parsed);
  CHECK(*parsed == std::vector<debian::Diversion>{
                       {.from = "bin/sh", .to = "bin/sh.distrib", .owner = "dash"},
                       {.from = "usr/bin/ls", .to = "usr/bin/ls.real", .owner = ""}});
  CHECK(debian::parse_diversions("", "diversions")->empty());
}

TEST_CASE("parse_diversions: anything else is an error with its line") {
  const auto cut = debian::parse_diversions("/bin/sh\n/bin/sh.distrib\n", "diversions");
  REQUIRE_FALSE(cut);
  CHECK(render(cut.error()) ==
        "diversions:3: error: the diversions end within a diversion of three lines\n");
  const auto relative = debian::parse_diversions("bin/sh\n/bin/sh.distrib\ndash\n", "diversions");
  REQUIRE_FALSE(relative);
  CHECK(render(relative.error()) ==
        "diversions:3: error: the diversions hold something else than two absolute paths and an "
        "owner\n");
}

TEST_CASE("is_kept_content: what configuring a root reads") {
  for (const char* path :
       {"usr/share/base-passwd/passwd.master", "usr/share/base-files/profile",
        "usr/share/libc-bin/nsswitch.conf", "usr/share/ca-certificates/mozilla/X.crt",
        "etc/ca-certificates.conf", "etc/ld.so.conf", "etc/ld.so.conf.d/libc.conf",
        "usr/lib/sysusers.d/x.conf", "usr/lib/tmpfiles.d/x.conf", "usr/share/readline/inputrc",
        "usr/share/pam-configs/unix"}) {
    CAPTURE(path);
    CHECK(debian::is_kept_content(path));
  }
  for (const char* path : {"usr/share/ca-certificates/mozilla/README", "etc/ld.so.conf.d/x/y",
                           "usr/bin/bash", "etc/ld.so.confx", "usr/share/base-passwd"}) {
    CAPTURE(path);
    CHECK_FALSE(debian::is_kept_content(path));
  }
}

TEST_CASE("file_capability: of known packages alone, as the kernel stores it") {
  CHECK(
      debian::file_capability("iputils-ping", "usr/bin/ping") ==
      std::string(
          "\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20));
  CHECK(debian::file_capability("iputils-ping", "usr/bin/ping4").empty());
  CHECK(debian::file_capability("other", "usr/bin/ping").empty());
}

TEST_CASE("unpack rules: every rule is in the text that joins keys") {
  CHECK(debian::to_text(debian::UnpackRules{}) == "unpack 2 0 0 0 ");
  CHECK(debian::to_text(debian::UnpackRules{
            .keep_docs = true,
            .merged = {"bin", "lib"},
            .diversions = {{.from = "bin/sh", .to = "bin/sh.distrib", .owner = "dash"}},
            .left_out = {"usr/x"}}) ==
        "unpack 2 1 2 3:bin3:lib1 6:bin/sh14:bin/sh.distrib4:dash5:usr/x");
  CHECK(debian::is_dropped("usr/x", {.keep_docs = true, .left_out = {"usr/x"}}));
}
