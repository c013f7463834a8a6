#include "support/raw_deb.hpp"
#include "support/raw_tar.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/realise/realise.hpp>
#include <cogbuild/recipe/reader.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

using namespace cogbuild;
using test::directory;
using test::hardlink;
using test::RawEntry;

namespace {

using Rows = std::vector<std::string>;

class StoreOpener final : public recipe::SegmentOpener {
 public:
  explicit StoreOpener(const store::BlobStore& blobs) : blobs_(blobs) {}
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::BlobRange& range) override {
    return blobs_.open(range.blob, range.offset, range.size_bytes);
  }
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::RemoteBlob&, std::uint64_t) override {
    return fail(Error(ErrorKind::network, "no network"));
  }

 private:
  const store::BlobStore& blobs_;
};

// Packages that a mirror has, and layers of them realised into a store in memory.
struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
  http::ScriptedClient http{};
  io::DiskTree project{directory.path()};
  base::TreeSummary base{};
  plan::ImagePlan plan{};
  debian::UnpackRules rules{.merged = {"bin", "lib"}};
  plan::Compression compression = plan::Compression::gzip;
  std::map<std::string, std::string> mirror{};  // hex of a digest -> .deb
  Rows fetched{};
  bool use_cache = true;

  lock::LockedDeb deb(const std::string& name, std::vector<RawEntry> files,
                      std::vector<RawEntry> control = {}, const std::string& fields = {}) {
    control.push_back({.name = "./control",
                       .content = fmt::format("Package: {}\nVersion: 1.0\nArchitecture: amd64\n{}",
                                              name, fields)});
    const std::string bytes = test::raw_deb(test::raw_tar(control), test::raw_tar(files));
    const auto digest = digest::digest_of(bytes);
    mirror[digest.hex()] = bytes;
    return {.name = name,
            .version = "1.0",
            .architecture = "amd64",
            .size_bytes = bytes.size(),
            .digest = digest};
  }

  void add_layer(std::vector<lock::LockedDeb> packages) {
    plan::LayerPlan layer{.kind = plan::LayerKind::system,
                          .title = packages.front().name,
                          .compression = compression,
                          .mtime_seconds = 315532800};
    digest::Hasher key;
    key.update(to_text(rules) + std::to_string(static_cast<int>(compression)));
    for (const auto& package : packages) key.update(to_string(package.digest));
    layer.key = key.finish();
    layer.content = plan::DebLayer{.packages = std::move(packages), .rules = rules};
    plan.layers.push_back(std::move(layer));
  }

  Result<std::vector<realise::Layer>> realise(int threads = 2) {
    return realise::realise(
        plan, base,
        {.project = project,
         .blobs = blobs,
         .keys = keys,
         .fetch = {.http = http, .blobs = blobs, .clock = clock, .reporter = reporter},
         .wanted = {},
         .fetch_debs = [this](std::span<const lock::LockedDeb> wanted) -> Result<void> {
           for (const auto& package : wanted) {
             fetched.push_back(package.name);
             TRY(store::put(blobs, mirror.at(package.digest.hex())));
           }
           return {};
         },
         .wanted_python = {},
         .clock = clock,
         .reporter = reporter,
         .threads = threads,
         .use_cache = use_cache});
  }

  std::string message() {
    const auto layers = realise();
    return layers ? "no error" : layers.error().message();
  }

  // A layer as lines: type, mode, owner, path, and a link's target or a file's content.
  Rows rows(const realise::Layer& layer) {
    StoreOpener opener(blobs);
    auto source = recipe::open_verified(*layer.recipe, opener);
    REQUIRE(source);
    const auto bytes = io::read_all(**source, 1 << 24);
    REQUIRE(bytes);
    io::MemorySource tar(*bytes);
    auto reader = archive::TarReader::open(tar);
    REQUIRE(reader);
    Rows out;
    for (;;) {
      const auto entry = reader->next();
      REQUIRE_MESSAGE(entry, entry.error().message());
      if (!*entry) return out;
      CHECK((*entry)->mtime_seconds == 315532800);
      archive::EntrySource content(*reader);
      auto text = *io::read_all(content, 1 << 20);
      std::ranges::replace(text, '\n', '|');
      const auto type = (*entry)->type;
      const std::string rest = type == archive::EntryType::file ? text : (*entry)->link_target;
      out.push_back(fmt::format("{}{:o} {}:{} {} {}", "fdlh"[static_cast<std::size_t>(type)],
                                (*entry) -> mode, (*entry) -> uid, (*entry) -> gid,
                                (*entry) -> path, rest));
      for (const auto& [name, value] : (*entry)->xattrs)
        out.push_back(fmt::format("{} {} bytes", name, value.size()));
    }
  }

  Rows rows_of_one(std::vector<lock::LockedDeb> packages) {
    plan.layers.clear();
    add_layer(std::move(packages));
    const auto layers = realise();
    REQUIRE_MESSAGE(layers, layers.error().message());
    return rows(layers->front());
  }
};

}  // namespace

TEST_CASE("deb layer: directories first, then files where merged directories put them") {
  Fixture fixture;
  const auto shell =
      fixture.deb("shell",
                  {directory("./"),
                   directory("./bin/"),
                   {.name = "./bin/su", .content = "su", .mode = 04755},
                   hardlink("./bin/sulogin", "./bin/su"),
                   test::symlink("./bin/sh", "su"),
                   directory("./etc/"),
                   {.name = "./etc/shells", .content = "/bin/sh\n", .gid = 42},
                   directory("./tmp/", 01777),
                   directory("./usr/"),
                   directory("./usr/bin/"),
                   directory("./usr/share/"),
                   directory("./usr/share/doc/"),
                   directory("./usr/share/doc/shell/"),
                   {.name = "./usr/share/doc/shell/NEWS.gz", .content = "news"},
                   {.name = "./usr/share/doc/shell/copyright", .content = "free"}},
                  {{.name = "./md5sums",
                    .content = "00000000000000000000000000000001  bin/su\n"
                               "00000000000000000000000000000002  usr/share/doc/shell/NEWS.gz\n"
                               "00000000000000000000000000000003  usr/share/doc/shell/copyright\n"},
                   {.name = "./conffiles", .content = "/etc/shells\n"},
                   {.name = "./postinst", .content = "#!/bin/sh\n"}},
                  "Multi-Arch: same\n");
  CHECK(fixture.rows_of_one({shell}) ==
        Rows{"d755 0:0 etc ",
             "d1777 0:0 tmp ",
             "d755 0:0 usr ",
             "d755 0:0 usr/bin ",
             "d755 0:0 usr/share ",
             "d755 0:0 usr/share/doc ",
             "d755 0:0 usr/share/doc/shell ",
             "d755 0:0 var ",
             "d755 0:0 var/lib ",
             "d755 0:0 var/lib/dpkg ",
             "d755 0:0 var/lib/dpkg/info ",
             "f4755 0:0 usr/bin/su su",
             "h644 0:0 usr/bin/sulogin usr/bin/su",
             "l777 0:0 usr/bin/sh su",
             "f644 0:42 etc/shells /bin/sh|",
             "f644 0:0 usr/share/doc/shell/copyright free",
             "f644 0:0 var/lib/dpkg/info/shell:amd64.list "
             "/.|/bin|/bin/su|/bin/sulogin|/bin/sh|/etc|/etc/shells|/tmp|/usr|/usr/bin|/usr/share|"
             "/usr/share/doc|/usr/share/doc/shell|/usr/share/doc/shell/copyright|",
             "f644 0:0 var/lib/dpkg/info/shell:amd64.conffiles /etc/shells|",
             "f644 0:0 var/lib/dpkg/info/shell:amd64.md5sums "
             "00000000000000000000000000000001  bin/su|"
             "00000000000000000000000000000003  usr/share/doc/shell/copyright|",
             "f755 0:0 var/lib/dpkg/info/shell:amd64.postinst #!/bin/sh|"});
}

TEST_CASE("deb layer: items are the packages, a capability becomes an attribute") {
  Fixture fixture;
  const auto ping = fixture.deb("iputils-ping", {{.name = "./bin/ping", .content = "p"}});
  fixture.add_layer({ping});
  const auto layers = fixture.realise();
  REQUIRE_MESSAGE(layers, layers.error().message());
  CHECK(layers->front().items ==
        std::vector<realise::ContentItem>{
            {.kind = "deb", .name = "iputils-ping", .version = "1.0", .unpacked_bytes = 1}});
  const auto rows = fixture.rows(layers->front());
  CHECK(std::ranges::count(rows, "security.capability 20 bytes") == 1);
}

TEST_CASE("deb layer: a layer with one more package unpacks only that one") {
  Fixture fixture;
  const auto a = fixture.deb("a", {{.name = "./usr/a", .content = std::string(100'000, 'a')}});
  const auto b = fixture.deb("b", {{.name = "./usr/b", .content = "b"}});
  const auto c = fixture.deb("c", {{.name = "./usr/c", .content = "c"}});
  for (const auto compression :
       {plan::Compression::none, plan::Compression::gzip, plan::Compression::zstd}) {
    CAPTURE(static_cast<int>(compression));
    fixture.compression = compression;
    fixture.fetched.clear();
    const auto before = fixture.rows_of_one({a, c});
    for (const auto& package : {a, b, c}) REQUIRE(fixture.blobs.remove(package.digest));
    fixture.fetched.clear();
    auto after = fixture.rows_of_one({a, b, c});
    CHECK(fixture.fetched == Rows{"b"});
    CHECK(std::erase_if(after, [](const std::string& row) {
            return row.find(" usr/b ") != std::string::npos ||
                   row.find("/b.list ") != std::string::npos;
          }) == 2);
    CHECK(after == before);
  }
}

TEST_CASE("deb layer: made once, then found; equal bytes with any number of threads") {
  const auto build = [](int threads) {
    Fixture fixture;
    std::vector<lock::LockedDeb> packages;
    for (int i = 10; i < 30; ++i)
      packages.push_back(fixture.deb(fmt::format("p{}", i),
                                     {{.name = fmt::format("./usr/{}", i), .content = "x"}}));
    fixture.add_layer(packages);
    const auto layers = fixture.realise(threads);
    REQUIRE(layers);
    CHECK(fixture.fetched.size() == 20);
    const auto again = fixture.realise(threads);
    REQUIRE(again);
    CHECK_FALSE(again->front().recipe.has_value());
    CHECK(fixture.fetched.size() == 20);
    return layers->front().digest;
  };
  CHECK(build(1) == build(4));
}

TEST_CASE("deb layer: two packages with one path conflict unless the content is equal") {
  const auto message = [](const std::string& left, const std::string& right, const std::string& sum,
                          const std::string& fields = {}) {
    Fixture fixture;
    const auto control = [](const std::string& md5) {
      return std::vector<RawEntry>{{.name = "./md5sums", .content = md5 + "  usr/x\n"}};
    };
    const auto a = fixture.deb("a", {{.name = "./usr/x", .content = left}},
                               control("00000000000000000000000000000001"));
    const auto b = fixture.deb("b", {{.name = "./usr/x", .content = right}}, control(sum), fields);
    fixture.add_layer({a, b});
    return fixture.message();
  };
  const std::string same = "00000000000000000000000000000001";
  const std::string other = "00000000000000000000000000000002";
  CHECK(message("x", "x", same) == "no error");
  CHECK(message("x", "y", other) == "a 1.0 and b 1.0 both own `/usr/x`");
  CHECK(message("x", "y", other, "Replaces: a (<< 1.1)\n") == "no error");
  CHECK(message("x", "y", other, "Replaces: a (<< 0.9)\n") == "a 1.0 and b 1.0 both own `/usr/x`");
}

TEST_CASE("deb layer: the package that replaces another's file is written later") {
  Fixture fixture;
  const auto a = fixture.deb("a", {{.name = "./usr/x", .content = "new"}}, {}, "Replaces: b\n");
  const auto b = fixture.deb("b", {{.name = "./usr/x", .content = "old"}});
  const auto rows = fixture.rows_of_one({a, b});
  const auto old_one = std::ranges::find(rows, "f644 0:0 usr/x old");
  const auto new_one = std::ranges::find(rows, "f644 0:0 usr/x new");
  REQUIRE(old_one != rows.end());
  REQUIRE(new_one != rows.end());
  CHECK(old_one < new_one);
  // A lower layer cannot replace what lies above it.
  fixture.plan.layers.clear();
  fixture.add_layer({a});
  fixture.add_layer({b});
  CHECK(fixture.message() == "a 1.0 and b 1.0 both own `/usr/x`");
}

TEST_CASE("deb layer: a file cannot be where another package has a directory") {
  Fixture fixture;
  const auto a = fixture.deb("a", {{.name = "./usr/x", .content = "x"}});
  const auto b = fixture.deb("b", {{.name = "./usr/x/y", .content = "y"}});
  fixture.add_layer({a, b});
  CHECK(fixture.message() == "a 1.0 has a file `/usr/x`, of which b 1.0 needs a directory");
}

TEST_CASE("deb layer: paths follow the base's links, directories keep the base's attributes") {
  Fixture fixture;
  fixture.plan.base_diff_ids = {digest::digest_of("base")};
  using filetree::NodeType;
  auto& tree = fixture.base.tree;
  tree.set("run", {.type = NodeType::directory, .mode = 0700, .gid = 7});
  tree.set("var", {.type = NodeType::directory, .mode = 0755});
  tree.set("var/run", {.type = NodeType::symlink, .link_target = "/run"});
  tree.set("usr/share/doc/demo", {.type = NodeType::directory, .mode = 0755});
  const auto demo = fixture.deb("demo", {directory("./var/"),
                                         directory("./var/run/"),
                                         directory("./var/run/demo/", 0750),
                                         {.name = "./var/run/demo/socket", .content = "s"},
                                         hardlink("./var/run/demo/other", "./var/run/demo/socket"),
                                         test::symlink("./usr/share/doc/demo", "other")});
  const auto rows = fixture.rows_of_one({demo});
  CHECK(std::ranges::count(rows, "d700 0:7 run ") == 1);
  CHECK(std::ranges::count(rows, "d750 0:0 run/demo ") == 1);
  CHECK(std::ranges::count(rows, "f644 0:0 run/demo/socket s") == 1);
  CHECK(std::ranges::count(rows, "h644 0:0 run/demo/other run/demo/socket") == 1);
  for (const auto& row : rows) {
    CAPTURE(row);
    CHECK(row.find(" var/run") == std::string::npos);
    CHECK_FALSE(row.starts_with("l"));
  }
  CHECK(fixture.fetched == Rows{"demo"});
  // The same packages on another base are another layer.
  fixture.plan.base_diff_ids = {};
  fixture.base.tree = {};
  const auto alone = fixture.rows_of_one({demo});
  CHECK(std::ranges::count(alone, "f644 0:0 var/run/demo/socket s") == 1);
}

TEST_CASE("deb layer: a package cannot hide a directory of the base or run through a file of it") {
  Fixture fixture;
  fixture.base.tree.set("usr/taken", {.type = filetree::NodeType::directory, .mode = 0755});
  fixture.base.tree.set("usr/file", {.type = filetree::NodeType::file});
  fixture.add_layer({fixture.deb("a", {{.name = "./usr/taken", .content = "x"}})});
  CHECK(fixture.message() == "a 1.0 has a file `/usr/taken` where the base has a directory");
  fixture.plan.layers.clear();
  fixture.add_layer({fixture.deb("b", {directory("./usr/file/")})});
  CHECK(fixture.message() ==
        "b 1.0 needs a directory `/usr/file` where the base has something else");
}

TEST_CASE("deb layer: a package cannot turn the link of a merged directory elsewhere") {
  Fixture fixture;
  const RawEntry link{.name = "./bin", .type = '2', .link = "/tmp"};
  fixture.base.tree.set("usr/bin", {.type = filetree::NodeType::directory, .mode = 0755});
  fixture.base.tree.set("bin", {.type = filetree::NodeType::symlink, .link_target = "usr/bin"});
  fixture.add_layer({fixture.deb("a", {link})});
  CHECK(fixture.message() == "a 1.0 has a file `/bin` where the base has a link to a directory");
}

TEST_CASE("deb layer: the list of files is ours alone, and no version breaks a line") {
  Fixture fixture;
  const auto rows = fixture.rows_of_one(
      {fixture.deb("a", {{.name = "./usr/x"}}, {{.name = "./list", .content = "/etc/passwd\n"}})});
  CHECK(std::ranges::count_if(rows, [](const auto& row) {
          return row.find("info/a.list") != std::string::npos;
        }) == 1);
  fixture.plan.layers.clear();
  fixture.add_layer({fixture.deb("b", {}, {}, "Version: 2\n more\n")});
  CHECK(fixture.message() != "no error");
}

TEST_CASE("deb layer: a package that is not what the lock says, or damaged, is refused") {
  struct Row {
    std::vector<RawEntry> files;
    const char* message;
  };
  for (const Row& row : {
           Row{{{.name = "./dev/null", .type = '3'}}, "`dev/null` is a device, pipe or socket"},
           {{hardlink("./usr/a", "./usr/b")},
            "`usr/a` is another name of `usr/b`, which is not there"},
           {{{.name = "./bin/x"}, {.name = "./usr/bin/x"}},
            "two of its files come to lie at `/usr/bin/x`"},
           {{{.name = "../x"}}, "the entry name `../x` climbs out with `..`"},
           {{{.name = "./etc/.wh.passwd"}}, "`etc/.wh.passwd` would remove a file in a layer"},
           {{directory("./etc/.wh.x/")}, "`etc/.wh.x` would remove a file in a layer"},
           {{{.name = "./var/lib/dpkg/info/a.list"}},
            "`var/lib/dpkg/info/a.list` belongs to the database of packages"},
       }) {
    Fixture fixture;
    fixture.add_layer({fixture.deb("a", row.files)});
    CHECK(fixture.message() == row.message);
  }
  Fixture fixture;
  auto package = fixture.deb("a", {});
  package.version = "2.0";
  fixture.add_layer({package});
  const auto layers = fixture.realise();
  REQUIRE_FALSE(layers);
  CHECK(layers.error().kind() == ErrorKind::integrity);
  CHECK(layers.error().message() == "it is the package a 1.0 amd64");
  CHECK(layers.error().steps() == Rows{"unpacking a 2.0"});
}

TEST_CASE("deb layer: documents stay with keep_docs, a hard link to a dropped one is refused") {
  Fixture fixture;
  const auto docs = fixture.deb("docs", {{.name = "./usr/share/doc/docs/NEWS", .content = "n"}});
  const auto dropped = fixture.rows_of_one({docs});
  CHECK(std::ranges::count(dropped, "f644 0:0 usr/share/doc/docs/NEWS n") == 0);
  fixture.rules.keep_docs = true;
  const auto kept = fixture.rows_of_one({docs});
  CHECK(std::ranges::count(kept, "f644 0:0 usr/share/doc/docs/NEWS n") == 1);
  fixture.rules.keep_docs = false;
  fixture.plan.layers.clear();
  fixture.add_layer({fixture.deb("linked", {{.name = "./usr/share/doc/linked/x", .content = "n"},
                                            hardlink("./usr/x", "./usr/share/doc/linked/x")})});
  CHECK(fixture.message() ==
        "`usr/x` is another name of `usr/share/doc/linked/x`, which is not there");
}

TEST_CASE("configuration layer: what configuring says, `extra` before it, in kept directories") {
  Fixture fixture;
  fixture.base.tree.set("etc", {.type = filetree::NodeType::directory, .mode = 0711, .gid = 3});
  const auto demo = fixture.deb("demo", {directory("./opt/demo/", 0750),
                                         {.name = "./usr/share/doc/demo/NEWS", .content = "n"}});
  fixture.add_layer({demo});
  using configure::FileType;
  plan::LayerPlan layer{.kind = plan::LayerKind::system,
                        .title = "configuration",
                        .compression = plan::Compression::zstd,
                        .mtime_seconds = 315532800,
                        .key = digest::digest_of("configuration")};
  layer.content = plan::ConfigurationLayer{
      .packages = {demo},
      .rules = fixture.rules,
      .architecture = "amd64",
      .extra = {{.path = "etc/ld.so.cache", .gid = 5, .content = "mine"},
                {.path = "opt/demo/link", .type = FileType::symlink, .content = "target"},
                {.path = "opt/own", .type = FileType::directory, .mode = 0700, .uid = 9}}};
  fixture.plan.layers.push_back(layer);
  const auto layers = fixture.realise();
  REQUIRE_MESSAGE(layers, layers.error().message());
  CHECK(fixture.fetched == Rows{"demo"});
  const auto rows = fixture.rows((*layers)[1]);
  for (const char* row :
       {"d711 0:3 etc ", "f644 0:5 etc/ld.so.cache mine", "d750 0:0 opt/demo ",
        "l777 0:0 opt/demo/link target", "d700 9:0 opt/own ", "d755 0:0 var/lib/dpkg "}) {
    CAPTURE(row);
    CHECK(std::ranges::count(rows, row) == 1);
  }
  const auto status = std::ranges::find_if(rows, [](const std::string& row) {
    return row.starts_with("f644 0:0 var/lib/dpkg/status ");
  });
  REQUIRE(status != rows.end());
  CHECK(status->find("Package: demo|Status: install ok installed|") != std::string::npos);
  // Its packages alone: nothing is fetched when their contents are known.
  REQUIRE(fixture.blobs.remove(demo.digest));
  fixture.plan.layers[1].key = digest::digest_of("another");
  REQUIRE(fixture.realise());
  CHECK(fixture.fetched == Rows{"demo"});
}
