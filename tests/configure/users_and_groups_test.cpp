#include "../../src/configure/users_and_groups.hpp"

#include "../../src/configure/account_commands.hpp"
#include "sample_root.hpp"

#include <doctest/doctest.h>

using namespace cogbuild::configure;

namespace {

SampleRoot root_with(const std::vector<std::string>& scripts) {
  SampleRoot root;
  char name = 'a';
  for (const auto& script : scripts)
    root.packages.push_back(package(std::string(1, name++), {},
                                    {{.name = "postinst", .content = "#!/bin/sh\n" + script}}));
  root.add_file("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nold:*:100:100::/:/bin/sh\n");
  root.add_file("etc/group", "root:x:0:\naudio:x:29:\nold:x:100:\nshadow:x:42:\n");
  return root;
}

}  // namespace

TEST_CASE("configure: numbers are asked for, fixed by name, or the first that is free") {
  auto root = root_with({"adduser --system --group zebra\n", "addgroup --system render\n",
                         "useradd -r -u 555 numbered\nadduser zebra audio\n",
                         "adduser --system aardvark --home /var/lib/aa\n"});
  const auto result = root.configured();
  CHECK(content_of(result, "etc/passwd") ==
        "root:x:0:0:root:/root:/bin/bash\nold:*:100:100::/:/bin/sh\n"
        "numbered:*:555:555::/home/numbered:/bin/sh\n"
        "aardvark:*:101:65534::/var/lib/aa:/usr/sbin/nologin\n"
        "zebra:*:102:102::/nonexistent:/usr/sbin/nologin\n");
  CHECK(content_of(result, "etc/group") ==
        "root:x:0:\naudio:x:29:zebra\nold:x:100:\nshadow:x:42:\nnumbered:x:555:\n"
        "render:x:210:\nzebra:x:102:\n");
  CHECK(content_of(result, "etc/shadow") == "(absent)");
  const auto* home = find_file(*result, "var/lib/aa");
  REQUIRE(home != nullptr);
  CHECK(home->uid == 101);
  CHECK(home->gid == 65534);
}

TEST_CASE("configure: who is there already stays as he is") {
  const auto result = root_with({"adduser --system --group old\naddgroup audio\n"}).configured();
  CHECK(content_of(result, "etc/passwd") == "(absent)");
  CHECK(content_of(result, "etc/group") == "(absent)");
}

TEST_CASE("configure: shadow files belong to group shadow and hold no date") {
  auto root = root_with({"adduser --system --group x\n"});
  root.add_file("etc/shadow", "root:*:19000:0:99999:7:::\n");
  root.add_file("etc/gshadow", "root:*::\n");
  const auto result = root.configured();
  CHECK(content_of(result, "etc/shadow") == "root:*:19000:0:99999:7:::\nx:!::0:99999:7:::\n");
  CHECK(content_of(result, "etc/gshadow") == "root:*::\nx:!::\n");
  const auto* shadow = find_file(*result, "etc/shadow");
  CHECK(shadow->mode == 0640);
  CHECK(shadow->gid == 42);
}

TEST_CASE("configure: a base whose passwd was not kept is an error") {
  auto root = root_with({"adduser --system x\n"});
  root.files.erase("etc/passwd");
  const auto result = root.configured();
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "etc/passwd of the base cannot be read");
}

TEST_CASE("read_sysusers: users, groups and memberships") {
  ScriptEffects effects;
  read_sysusers(
      "# comment\nu! _x 402 \"X: no\" - -\nu y -:audio \"The Y\" /var/lib/y /bin/sh\ng r 77\n"
      "m y render\nr - 100-200\nu ../z - -\n",
      effects);
  CHECK(effects.users == std::vector<WantedUser>{{.name = "y",
                                                  .group = "audio",
                                                  .comment = "The Y",
                                                  .home = "/var/lib/y",
                                                  .shell = "/bin/sh"}});
  CHECK(effects.groups == std::vector<WantedGroup>{{.name = "r", .gid = 77}});
  CHECK(effects.memberships == std::vector<WantedMembership>{{.user = "y", .group = "render"}});
}
