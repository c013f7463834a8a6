#include "../../src/configure/script_run.hpp"

#include "sample_root.hpp"

#include <doctest/doctest.h>

using namespace cogbuild::configure;

namespace {

ScriptEffects follow(const std::string& text, std::string_view templates = {}) {
  const SampleRoot sample;
  const auto root = sample.root();
  const WorkingRoot working({}, root, sample.options);
  ScriptEffects effects;
  follow_script("#!/bin/sh\nset -e\n" + text,
                {.name = "postinst", .arguments = {"configure", ""}, .templates = templates},
                working, effects);
  return effects;
}

using Lines = std::vector<std::string>;

Lines alternatives(const ScriptEffects& effects) {
  Lines lines;
  for (const auto& one : effects.alternatives) {
    auto line = one.name + " " + one.link + " " + one.path + " " + std::to_string(one.priority);
    for (const auto& slave : one.slaves) line += " +" + slave.name + "=" + slave.path;
    lines.push_back(std::move(line));
  }
  return lines;
}

Lines paths(const ScriptEffects& effects) {
  Lines lines;
  for (const auto& one : effects.paths) lines.push_back(one.path);
  return lines;
}

}  // namespace

TEST_CASE("follow_script: alternatives are found, whatever shape the command has") {
  struct Row {
    const char* script;
    Lines found;
  };
  const std::vector<Row> rows{
      {"update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5\n",
       {"awk /usr/bin/awk /usr/bin/mawk 5"}},
      {"update-alternatives \\\n  --quiet --install /usr/bin/cc cc \\\n /usr/bin/gcc 20 \\\n"
       "  --slave /usr/share/man/man1/cc.1.gz cc.1.gz /usr/share/man/man1/gcc.1.gz || true\n",
       {"cc /usr/bin/cc /usr/bin/gcc 20 +cc.1.gz=/usr/share/man/man1/gcc.1.gz"}},
      {"prio=7\ndir=/usr/lib/tool\nfor t in one two; do\n  update-alternatives --install "
       "\"/usr/bin/$t\" $t \"${dir}/bin/$t\" $prio\ndone\n",
       {"one /usr/bin/one /usr/lib/tool/bin/one 7", "two /usr/bin/two /usr/lib/tool/bin/two 7"}},
      {"case \"$1\" in\n configure|triggered)\n  add() {\n   update-alternatives --install "
       "/usr/bin/$1 $1 $2 1\n  }\n  add x /opt/x\n ;;\n abort-upgrade) add y /opt/y ;;\nesac\n",
       {"x /usr/bin/x /opt/x 1"}},
      {"if [ \"$1\" = remove ]; then update-alternatives --install /a a /b 1; fi\n", {}},
      {"if [ -n \"$2\" ] && dpkg --compare-versions \"$2\" lt 3; then exit 0; fi\n"
       "update-alternatives --install /usr/bin/e e /opt/e -3\n",
       {"e /usr/bin/e /opt/e -3"}},
      {"exit 0\nupdate-alternatives --install /usr/bin/e e /opt/e 3\n", {}},
      {"# Automatically added by dh_installalternatives/13\nupdate-alternatives --install "
       "/usr/bin/awk awk /usr/bin/mawk 5\nstrange --command\n# End automatically added section\n",
       {"awk /usr/bin/awk /usr/bin/mawk 5"}},
      {"a=$(dpkg-architecture -qDEB_HOST_MULTIARCH)\nupdate-alternatives --install /usr/lib/$a/b "
       "b-$a /usr/lib/$a/blas/b 10\n",
       {"b-x86_64-linux-gnu /usr/lib/x86_64-linux-gnu/b /usr/lib/x86_64-linux-gnu/blas/b 10"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.script);
    const auto effects = follow(row.script);
    CHECK(alternatives(effects) == row.found);
    CHECK(effects.unknown == Lines{});
  }
}

TEST_CASE("follow_script: users and groups are found in their usual forms") {
  struct Row {
    const char* script;
    WantedUser user;
  };
  const std::vector<Row> rows{
      {"adduser --quiet --system --no-create-home --home /var/lib/x --group --gecos 'X daemon,,' "
       "x\n",
       {.name = "x", .own_group = true, .comment = "X daemon", .home = "/var/lib/x"}},
      {"if ! getent passwd y >/dev/null; then\n  adduser --system --ingroup daemon --shell "
       "/bin/false --home /srv/y y\nfi\n",
       {.name = "y",
        .group = "daemon",
        .home = "/srv/y",
        .shell = "/bin/false",
        .create_home = true}},
      {"useradd -r -M -d /run/z -s /sbin/nologin -u 321 -g nogroup z\n",
       {.name = "z", .uid = 321, .group = "nogroup", .home = "/run/z", .shell = "/sbin/nologin"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.script);
    const auto effects = follow(row.script);
    REQUIRE(effects.users.size() == 1);
    CHECK(effects.users[0] == row.user);
    CHECK(effects.unknown == Lines{});
  }
  const auto groups = follow("addgroup --system render\ngroupadd -r -g 77 kvm\nadduser a kvm\n");
  CHECK(groups.groups == std::vector<WantedGroup>{{.name = "render"}, {.name = "kvm", .gid = 77}});
  CHECK(groups.memberships == std::vector<WantedMembership>{{.user = "a", .group = "kvm"}});
}

TEST_CASE("follow_script: what is not known is named with its place") {
  struct Row {
    const char* script;
    Lines unknown;
  };
  const std::vector<Row> rows{
      {"frobnicate --all \"$1\"\n", {"postinst:3: frobnicate --all \"$1\""}},
      {"echo on > /etc/x.conf\n", {"postinst:3: echo on > /etc/x.conf"}},
      {"if [ -e /nowhere ]; then frobnicate; fi\n", {}},
      {"if grep -q x /etc/y; then\n  frobnicate\nfi\n", {"postinst:4: frobnicate"}},
      {"update-alternatives --install $(find_link) x /opt/x 1\n",
       {"postinst:3: update-alternatives --install $(find_link) x /opt/x 1"}},
      {"update-alternatives --install /usr/bin/x ../x /opt/x 1\n",
       {"postinst:3: update-alternatives --install /usr/bin/x ../x /opt/x 1"}},
      {"mkdir -p /var/../etc/x\n", {"postinst:3: mkdir -p /var/../etc/x"}},
      {"adduser --system --strange x\n", {"postinst:3: adduser --system --strange x"}},
      {"adduser --system 'a:b'\n", {"postinst:3: adduser --system 'a:b'"}},
      {"eval \"$x\"\n", {"postinst:3: eval \"$x\""}},
      {"echo 'open\n", {"postinst:3: a quote is never closed"}},
      {"if true; then echo; \n", {"postinst:4: `fi` is missing"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.script);
    CHECK(follow(row.script).unknown == row.unknown);
  }
}

TEST_CASE("follow_script: a program is not a shell script") {
  const SampleRoot sample;
  const auto root = sample.root();
  const WorkingRoot working({}, root, sample.options);
  ScriptEffects effects;
  follow_script("#!/usr/bin/perl\nprint 1;\n", {.name = "preinst"}, working, effects);
  CHECK(effects.unknown == Lines{"preinst:1: #!/usr/bin/perl"});
}

TEST_CASE("follow_script: questions are answered by their defaults") {
  const char* script =
      ". /usr/share/debconf/confmodule\ndb_get p/style\ncase \"$RET\" in\nslight) ln -s /a/slight "
      "/etc/p/style ;;\nfull) ln -s /a/full /etc/p/style ;;\nesac\n";
  const auto with = follow(script,
                           "Template: p/other\nDefault: full\n\nTemplate: p/style\nType: "
                           "select\nDefault: slight\n");
  REQUIRE(with.paths.size() == 1);
  CHECK(with.paths[0].source == "/a/slight");
  // Nobody knows: no link is a guess.
  CHECK(paths(follow(script)) == Lines{});
}

TEST_CASE("follow_script: a script cut anywhere is followed as far as it goes") {
  const std::string whole =
      "f() { echo \"$1\"; }\ncase $1 in a|b) ! f x && f y || exit 1 ;; *) for i in a b; do f $i; "
      "done ;; esac\nwhile read x; do if [ -e /x ]; then f; elif f; then g; else h; fi; done <<E\n"
      "text $(x)\nE\n( a | b ) > /dev/null 2>&1\n";
  for (std::size_t size = 0; size <= whole.size(); ++size)
    CHECK(follow(whole.substr(0, size)).alternatives.empty());
}

TEST_CASE("follow_script: hostile scripts come to an end") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "if ";
  CHECK(follow(deep).unknown.size() == 1);
  std::string chain = "true";
  for (int i = 0; i < 100'000; ++i) chain += " && true";
  CHECK(follow(chain + "\n").unknown.size() == 1);
  std::string quotes;
  for (int i = 0; i < 10'000; ++i) quotes += "\"$(";
  CHECK(follow(quotes).unknown.size() == 1);
  CHECK(follow("f() { f; f; }\nf\n").unknown ==
        Lines{"postinst: its functions call each other too deeply"});
  std::string doubling = "a=xxxxxxxxxxxxxxxx\n";
  for (int i = 0; i < 40; ++i) doubling += "a=$a$a\n";
  CHECK(follow(doubling).unknown == Lines{});
}

TEST_CASE("follow_script: what is too much to follow is told, not passed over") {
  std::string many;
  for (int i = 0; i < 6000; ++i) many += "true\n";
  CHECK(follow(many + "frob\n").unknown == Lines{"postinst: it has too much to do"});
  CHECK(follow("f() { f; }\nf\n").unknown ==
        Lines{"postinst: its functions call each other too deeply"});
}

TEST_CASE("follow_script: `command` runs what stands behind it, unless it only looks it up") {
  CHECK(alternatives(follow("command update-alternatives --install /usr/bin/a a /usr/bin/b 5\n")) ==
        Lines{"a /usr/bin/a /usr/bin/b 5"});
  CHECK(follow("command frob\n").unknown == Lines{"postinst:3: command frob"});
  CHECK(follow("command -v frob\n").unknown.empty());
}

TEST_CASE("follow_script: what no tar or database can hold is not taken") {
  for (const auto* line :
       {"update-alternatives --install '/usr/bin/a\tb' a /usr/bin/b 5",
        "update-alternatives --install /usr/bin/a 'a\tb' /usr/bin/b 5", "mkdir -p '/var/lib/a\x01'",
        "ln -s '' /usr/lib/a", "ln -s 'a\nb' /usr/lib/a",
        "adduser --system --home '/var/lib/a\tb' a", "adduser --system --gecos 'a\x7f' a"}) {
    const auto effects = follow(std::string(line) + "\n");
    CHECK_MESSAGE(effects.unknown.size() == 1, line);
    CHECK_MESSAGE(effects.alternatives.empty(), line);
    CHECK_MESSAGE(effects.paths.empty(), line);
    CHECK_MESSAGE(effects.users.empty(), line);
  }
}
